import type { ImageReference } from "../../oci/reference";
import { Copy, Expose, Run, type Dockerfile } from "./model";

/** What a Dockerfile tells other files. */
export interface DockerfileSummary {
  /** Sources of COPY and ADD from the build context, as written, variables expanded where known. */
  readonly copies: readonly { readonly source: string; readonly shipped: boolean }[];
  /** Something in the build reads git's own files (`.git` copied, `git describe` run). */
  readonly usesGit: boolean;
  readonly stages: readonly { readonly name: string; readonly shipped: boolean }[];
  /** The shipped stage's last USER, variables expanded; undefined where there is none. */
  readonly user: string | undefined;
  readonly exposes: readonly number[];
  /** The image at the end of the shipped stage's chain, with its tag. */
  readonly base: string | undefined;
  readonly hasHealthcheck: boolean;
}

const nameOf = ({ familiar, tag }: ImageReference): string => (tag === undefined ? familiar : `${familiar}:${tag}`);

export function summariseDockerfile(file: Dockerfile): DockerfileSummary {
  const shipped = file.shippedStages[file.shippedStages.length - 1];
  const copies: { source: string; shipped: boolean }[] = [];
  let usesGit = false;
  for (const instruction of file.effective) {
    if (instruction instanceof Copy && instruction.fromFlag === undefined && instruction.onbuild === undefined) {
      for (const source of instruction.sources) {
        const { value } = instruction.expand(source);
        if (!value.known || /^[a-z+]+:\/\//i.test(value.value)) continue;
        copies.push({ source: value.value, shipped: instruction.stage?.shipped === true });
        if (/(?:^|\/)\.git(?:\/|$)/.test(value.value)) usesGit = true;
      }
    }
    if (
      instruction instanceof Run &&
      /\bgit\s+(?:describe|rev-parse|log|show)\b|KEEP_GIT_DIR/.test(instruction.node.text)
    )
      usesGit = true;
  }
  const user = shipped?.userAt();
  const name = user?.user === undefined ? undefined : user.expand(user.user).value;
  const exposes = (shipped?.history ?? []).flatMap((i) =>
    i instanceof Expose ? i.ports.flatMap((p) => (p.range === undefined ? [] : [p.range.first])) : [],
  );
  return {
    copies,
    usesGit,
    stages: file.stages.map((s) => ({ name: s.name?.text ?? String(s.index), shipped: s.shipped })),
    user: name?.known === true ? name.value : undefined,
    exposes,
    base: shipped?.rootImage && nameOf(shipped.rootImage),
    hasHealthcheck: shipped?.history.some((i) => i.keyword === "HEALTHCHECK") === true,
  };
}
