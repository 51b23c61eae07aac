/** Compose files that a project takes from elsewhere: `include` and `extends.file` with a URL. */
import type { ComposeProject, Span } from "../../../engine/index";

export interface RemoteFile extends Span {
  readonly how: "include" | "extends";
  /** As written; variables are not expanded. */
  readonly text: string;
  readonly file: string;
  /** The place of the characters `[from, to)` of the text. */
  part(from: number, to: number): Span;
}

/** A value of a YAML document, aliases followed. */
interface Value {
  readonly kind: "map" | "list" | "scalar" | "unknown";
  readonly text: string | undefined;
  readonly items: readonly Value[];
  readonly entries: readonly { readonly value: Value }[];
  readonly node: Span & { part?(from: number, to: number): Span };
  get(key: string): Value | undefined;
}

interface Home {
  readonly file: string;
  readonly document: { readonly resolved: Value };
}

/** The project's model leaves out what it could not read, so the documents behind its parts are looked through. */
export function remoteFiles(project: ComposeProject): readonly RemoteFile[] {
  const all = [...homesOf(project)].flatMap(({ file, document: { resolved } }) => [
    ...(resolved.get("include")?.items ?? []).flatMap((item) => filesIn(pathOf(item), "include", file)),
    ...(resolved.get("services")?.entries ?? []).flatMap(({ value }) =>
      filesIn(value.get("extends")?.get("file"), "extends", file),
    ),
  ]);
  return all.filter(({ text }) => /^[a-z][a-z+.-]*:\/\/|^git@[\w.-]+:|^github\.com\//i.test(text));
}

const pathOf = (item: Value): Value | undefined => (item.kind === "map" ? item.get("path") : item);

function filesIn(value: Value | undefined, how: RemoteFile["how"], file: string): readonly RemoteFile[] {
  if (value?.kind === "list") return value.items.flatMap((item) => filesIn(item, how, file));
  const node = value?.node;
  if (value?.kind !== "scalar" || value.text === undefined || node?.part === undefined) return [];
  const { text } = value;
  const whole = node.part(0, text.length);
  const part = (from: number, to: number): Span => node.part?.(from, to) ?? whole;
  return [{ how, text, file, start: whole.start, end: whole.end, part }];
}

/** Every document that a part of the project is written in. */
function homesOf({ loaded, services, networks, volumes, secrets, configs }: ComposeProject): ReadonlySet<Home> {
  const parts = [...services, ...networks, ...volumes, ...secrets, ...configs].map(({ mapping }) => mapping);
  const homes: Home[] = [];
  for (const { sources } of [loaded.model, ...parts])
    for (const source of sources) if ("home" in source) homes.push(source.home as Home);
  const byDocument = new Map(homes.map((home) => [home.document, home]));
  return new Set(byDocument.values());
}
