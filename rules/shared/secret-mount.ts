/** Turns what the build is told in the open into a secret that only the steps that need it see. */
import {
  choice,
  conflict,
  literal,
  Run,
  type Dockerfile,
  type Edit,
  type Fix,
  type Instruction,
  type Pair,
  type Pairs,
} from "../../engine/index";

/** Takes the pair away; undefined where a comment would go with it. */
export function removePair(pair: Pair): Edit | undefined {
  const edit = pair.remove();
  return holdsComment(pair.instruction.file.text.slice(edit.span.start, edit.span.end)) ? undefined : edit;
}

const holdsComment = (text: string): boolean => /\n[ \t]*#/.test(text);

/** Whether the instruction's text expands the variable. */
export const mentions = (instruction: Instruction, name: string): boolean =>
  new RegExp(`\\$\\{?${name.replace(/\W/g, "")}(?!\\w)`).test(instruction.node.text);

/** The RUN instructions that see what the pair declares. */
function runsBehind(pair: Pair): readonly Run[] {
  const { file, stage } = pair.instruction;
  if (stage === undefined) return [];
  return file.effective.filter(
    (i): i is Run => i instanceof Run && i.start > pair.start && i.stage?.chain.includes(stage) === true,
  );
}

/** The pairs of one name go, and each RUN that uses it mounts a secret under that name. */
export function asSecretMount(name: string, pairs: readonly Pair[]): Fix | undefined {
  const runs = [...new Set(pairs.flatMap(runsBehind))];
  const using = runs.filter((run) => mentions(run, name));
  // Nothing spells it: a tool reads it, most likely in the first step behind it.
  const mounting = (using.length > 0 ? using : runs.slice(0, 1)).filter((run) =>
    run.mounts.every((m) => m.env !== name),
  );
  const mount = `--mount=type=secret,id=${choice(1, secretId(name))},env=${literal(name)}`;
  const removals = pairs.map(removePair);
  const edits = [...removals, ...mounting.map((run) => run.addFlag(mount))].filter((e) => e !== undefined);
  if (removals.includes(undefined) || conflict(edits)) return undefined;
  const title = mounting.length === 0 ? `Remove ${name}` : `Mount ${name} as a secret in the steps that use it`;
  return { title, applicability: "guided", edits };
}

/** `NPM_TOKEN` gives `npm_token`. */
export const secretId = (name: string): string => name.toLowerCase().replace(/[^a-z0-9._-]+/g, "-");

/** The pair of an ENV goes; a comment says where the value must come from. */
export function setAtRunTime(pair: Pair): Fix | undefined {
  const { pairs, onbuild } = pair.instruction as Pairs;
  const whole = onbuild ?? pair.instruction;
  const name = pair.name.text;
  const comment = `# ${name} is set at run time, ${choice(1, "from a secret")}`;
  const removed = removePair(pair);
  if (removed === undefined) return undefined;
  const edits = pairs.length === 1 ? [whole.replace(comment)] : [pair.instruction.insertBefore(comment), removed];
  return conflict(edits) ? undefined : { title: `Leave ${name} to the run time`, applicability: "guided", edits };
}

/** Every pair of ARG or ENV that declares the name. */
export const declarations = (file: Dockerfile, keyword: "ARG" | "ENV", name: string): readonly Pair[] =>
  file.effective.flatMap((i) => (i.keyword === keyword ? (i as Pairs).pairs.filter((p) => p.name.text === name) : []));
