import type { ResolvedNode } from "../../languages/yaml/resolve";
import { join } from "../../text/path";
import { Environment } from "./environment";
import { hole } from "./datum";
import { interpolate } from "./interpolate";
import type { ComposeFile } from "./file";

/** What a compose file tells other files, by itself and with names relative to its own folder. */
export interface ComposeSummary {
  readonly services: readonly ServiceSummary[];
  /** Files that it includes, or whose services it extends. */
  readonly uses: readonly string[];
  /** It has no service that could run without another file. */
  readonly isFragment: boolean;
}

export interface ServiceSummary {
  readonly name: string;
  /** It says itself what it runs: an image, a build, a provider. */
  readonly isRunnable: boolean;
}

const nobody = new Environment("open", new Map());

/** Read from the tree alone: it is asked at every keystroke. */
export function summariseCompose(file: ComposeFile): ComposeSummary {
  const services = new Map<string, ServiceSummary>();
  const uses = new Set<string>();
  const use = (path: ResolvedNode | undefined): void => {
    if (path === undefined || path.kind !== "scalar") return;
    const { text } = interpolate(path.text ?? "", undefined, nobody);
    if (text !== "" && !text.includes(hole) && !/^(?:[a-z]+:|\/)/i.test(text)) uses.add(join("", text));
  };
  for (const { resolved } of file.stream.documents) {
    for (const service of resolved.get("services")?.entries ?? []) {
      const { value } = service;
      const isRunnable = ["image", "build", "provider"].some((key) => value.get(key) !== undefined);
      services.set(service.name, {
        name: service.name,
        isRunnable: isRunnable || services.get(service.name)?.isRunnable === true,
      });
      use(value.get("extends")?.get("file"));
    }
    for (const item of resolved.get("include")?.items ?? []) {
      const path = item.kind === "map" ? item.get("path") : item;
      for (const each of path?.kind === "list" ? path.items : [path]) use(each);
    }
  }
  const all = [...services.values()];
  return { services: all, uses: [...uses], isFragment: !all.some((s) => s.isRunnable) };
}
