import type { Dockerignore } from "./model";

/** What an ignore file tells other files: its patterns, cleaned, in order. */
export interface DockerignoreSummary {
  readonly patterns: readonly { readonly glob: string; readonly negated: boolean }[];
}

export const summariseDockerignore = (file: Dockerignore): DockerignoreSummary => ({
  patterns: file.patterns.map(({ glob, negated }) => ({ glob, negated })),
});
