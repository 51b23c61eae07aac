import type { HelmFile } from "./model";

/** What a chart tells other files about itself. */
export interface HelmSummary {
  /** Of `Chart.yaml`; undefined where it has none, or for other files. */
  readonly name?: string;
  /** Names of the charts that it brings along, as values are given to them. */
  readonly dependencies: readonly string[];
}

export function summariseChart({ part, root }: HelmFile): HelmSummary {
  if (part !== "chart" && part !== "requirements") return { dependencies: [] };
  const name = part === "chart" ? root?.get("name")?.string : undefined;
  const dependencies = (root?.get("dependencies")?.items ?? []).flatMap(
    (d) => d.get("alias")?.string ?? d.get("name")?.string ?? [],
  );
  return { ...(name === undefined ? {} : { name }), dependencies };
}
