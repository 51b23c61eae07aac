/** Turning one stage into two: one that builds, one that ships. */
import {
  choice,
  Cmd,
  Entrypoint,
  Expose,
  Healthcheck,
  Label,
  literal,
  User,
  Volume,
  Workdir,
  type Fix,
  type Stage,
} from "../../engine/index";

/** Ends the build before what describes the running container, and ships that part on the runtime image. */
export function split(stage: Stage, runtime: string): Fix | undefined {
  const { from, instructions } = stage;
  const source = from.source;
  if (stage.chain.length > 1 || source === undefined || stage.index !== stage.file.stages.length - 1) return undefined;
  const describes = [Cmd, Entrypoint, Expose, Healthcheck, Label, User, Volume];
  let first = instructions.length;
  while (first > 0 && describes.some((kind) => instructions[first - 1] instanceof kind)) first--;
  const place = instructions[first];
  if (place === undefined || first === 0) return undefined;
  const workdir = stage.last(Workdir)?.path?.text ?? "/app";
  const name = from.alias?.text ?? "build";
  const lines = `\nFROM ${literal(runtime)}\nWORKDIR ${literal(workdir)}\nCOPY --from=${name} ${choice(1, workdir)} ${choice(2, workdir)}`;
  const named = from.alias === undefined ? [{ span: { start: source.end, end: source.end }, text: ` AS ${name}` }] : [];
  return {
    title: `Ship the result on ${runtime}`,
    applicability: "guided",
    edits: [...named, place.insertBefore(lines)],
  };
}
