/** A project after an edit within one service: the other services are those from before. */
import type { YamlNode } from "../../languages/yaml/node";
import type { YamlStream } from "../../languages/yaml/document";
import { isSame, Mapping } from "./datum";
import type { Call } from "./discover";
import { type ComposeFiles, type Loaded, loadProject } from "./load";

/** What a project was loaded from, node by node: nodes stay the same as long as their texts do. */
export interface Grounds {
  readonly documents: readonly DocumentGrounds[];
}

interface DocumentGrounds {
  readonly services: ReadonlyMap<string, YamlNode>;
  /** What the document is read from, everything else at the top, and what aliases may repeat. */
  readonly rest: readonly unknown[];
}

/** Undefined where services depend on each other: one extends another, files are included, tags take things away. */
export function groundsOf(loaded: Loaded, streamOf: (file: string) => YamlStream | undefined): Grounds | undefined {
  if ([...loaded.files.values()].some((a) => a.how === "include" || a.how === "extends")) return undefined;
  if (loaded.removed.length > 0) return undefined;
  const documents: DocumentGrounds[] = [];
  for (const file of loaded.files.keys()) {
    const stream = streamOf(file);
    if (stream === undefined) return undefined;
    for (const { root, anchored, origin } of stream.documents) {
      if (root.kind !== "map") return undefined;
      const section = root.entry("services")?.value;
      const services = section?.kind === "map" ? section.entries : [];
      const isPlain = services.every(
        (s) => !s.merges && s.value.kind === "map" && s.value.entry("extends") === undefined,
      );
      if (!isPlain) return undefined;
      const others = root.entries.filter((e) => e.name !== "services");
      documents.push({
        services: new Map(services.map((s) => [s.name, s.value])),
        rest: [file, origin, ...others.map((e) => e.value), ...anchored],
      });
    }
  }
  return { documents };
}

/** The names of the services that differ; undefined where anything else does. */
function changedIn(before: Grounds, now: Grounds): ReadonlySet<string> | undefined {
  const changed = new Set<string>();
  if (before.documents.length !== now.documents.length) return undefined;
  for (const [i, document] of now.documents.entries()) {
    const old = before.documents[i];
    if (old === undefined || !isSameList(old.rest, document.rest)) return undefined;
    if (!isSameList([...old.services.keys()], [...document.services.keys()])) return undefined;
    for (const [name, node] of document.services) if (old.services.get(name) !== node) changed.add(name);
  }
  return changed;
}

const isSameList = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((x, i) => x === b[i]);

/** More services than this are not edited at once. */
const mostChanged = 3;

/** Undefined where the whole has to be loaded. */
export function reload(
  files: ComposeFiles,
  call: Call,
  before: { readonly loaded: Loaded; readonly grounds: Grounds },
  now: Grounds,
): Loaded | undefined {
  const changed = changedIn(before.grounds, now);
  if (changed === undefined || changed.size > mostChanged) return undefined;
  if (changed.size === 0) return before.loaded;
  const part = loadProject(files, call, changed);
  const services = part?.model.get("services");
  const old = before.loaded.model.get("services");
  if (part === undefined || services?.kind !== "mapping" || old?.kind !== "mapping") return undefined;
  if (part.removed.length > 0 || part.files.size !== before.loaded.files.size) return undefined;
  const all = new Map(old.entries);
  for (const name of changed) {
    const [was, is] = [old.get(name), services.get(name)];
    // Who is on which network decides about the project's networks.
    if (was?.kind !== "mapping" || is?.kind !== "mapping") return undefined;
    const [from, to] = [was.get("networks"), is.get("networks")];
    if (from === undefined || to === undefined ? from !== to : !isSame(from, to)) return undefined;
    all.set(name, is);
  }
  const { model: whole } = before.loaded;
  const merged = new Mapping(all, services.sources, old.open || services.open, old.replaced);
  const entries = new Map(whole.entries).set("services", merged);
  const model = new Mapping(entries, part.model.sources, whole.open, whole.replaced);
  return { ...before.loaded, model, refusals: part.refusals };
}
