/** Edits of security contexts, of pods and of containers. */
import { choice, conflict, type Edit, type Field, literal, type YamlData } from "../../../engine/index";

/** A key, or keys from the outer to the inner, and its value. */
export type ContextEntry = readonly [path: readonly string[], data: YamlData];

/**
 * Gives the entries to the security context of a pod's spec or of a container, which is made where there is none.
 * Undefined where one of the edits cannot be had.
 */
export function secure(owner: Field, entries: readonly ContextEntry[]): readonly Edit[] | undefined {
  if (entries.length === 0) return [];
  const own = owner.get("securityContext");
  if (own !== undefined && own.entries.length > 0) return joined(entries.map(([path, data]) => own.set(path, data)));
  const data = entries.reduce<YamlData>((map, [path, value]) => withEntry(map, path, value), {});
  return owner.set(["securityContext"], data, placeIn(owner)) ?? owner.set(["securityContext"], data);
}

function withEntry(map: YamlData, [key, ...rest]: readonly string[], value: YamlData): YamlData {
  if (key === undefined) return value;
  const known = map as { readonly [key: string]: YamlData };
  return { ...known, [key]: withEntry(known[key] ?? {}, rest, value) };
}

/** Before the containers of a pod, behind the image of a container. */
function placeIn(owner: Field): { readonly before?: string; readonly after?: string } {
  const names = owner.entries.map(([name]) => name);
  const before = names.find((name) => name === "containers" || name === "initContainers");
  if (before !== undefined) return { before };
  const after = ["image", "name"].find((name) => names.includes(name));
  return after === undefined ? {} : { after };
}

/**
 * All of them as one; what is inserted at one place comes in the order given. Undefined where one cannot be had, or two
 * are in each other's way.
 */
export function joined(parts: readonly (readonly Edit[] | undefined)[]): readonly Edit[] | undefined {
  const all: Edit[] = [];
  for (const part of parts) {
    if (part === undefined) return undefined;
    for (const edit of part) {
      const { start, end } = edit.span;
      const same = all.findIndex((e) => start === end && e.span.start === start && e.span.end === end);
      const first = all[same];
      if (first === undefined) all.push(edit);
      else all[same] = { span: first.span, text: first.text + edit.text };
    }
  }
  return conflict(all) ? undefined : all;
}

/** Puts another entry in the place of one, in the same map. */
export function replaceEntry(
  field: Field,
  name: string,
  data: YamlData,
  options: { readonly snippet?: boolean } = {},
): readonly Edit[] | undefined {
  const { key, entry } = field;
  const length = entry !== undefined && "key" in entry ? entry.name.length : undefined;
  if (key === undefined || length === undefined) return undefined;
  const quotes = (key.end - key.start - length) / 2;
  const named = { span: { start: key.start + quotes, end: key.end - quotes }, text: name };
  return joined([[named], field.replace(data, options)]);
}

/** The number of a user that images without one of their own can be run as. */
export const someUser = 10001;

/** The same edits with the number of the user left to choose. */
export const withUserChoice = (edits: readonly Edit[] | undefined): readonly Edit[] | undefined =>
  edits?.map(({ span, text }) => ({
    span,
    text: literal(text).replace(new RegExp(`\\b${someUser}\\b`), () => choice(1, String(someUser))),
  }));
