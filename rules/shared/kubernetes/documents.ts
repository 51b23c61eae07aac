/** Objects that fixes write behind those of a file of manifests. */
import { type Edit, expandChoices, type ManifestFile } from "../../../engine/index";
import { joined } from "./security-context";

/** What such an object says. Its texts are snippets in a guided fix: what is not a choice must be escaped there. */
export type NewData = string | number | boolean | readonly NewData[] | { readonly [key: string]: NewData };
export type NewObject = { readonly [key: string]: NewData };

/**
 * Writes them at the end of the file, each as a document of its own; in JSON into the list that the file is. Undefined
 * for JSON that is no list: one text holds one object.
 */
export function appended(
  file: ManifestFile,
  objects: readonly NewObject[],
  options: { readonly snippet?: boolean } = {},
): readonly Edit[] | undefined {
  if (objects.length === 0) return undefined;
  if (/\.json$/i.test(file.file) || /^\uFEFF?\s*\{(?!\{)/.test(file.text)) {
    const items = file.manifests[0]?.root.parent;
    return items?.kind === "list" ? joined(objects.map((object) => items.append([], object, options))) : undefined;
  }
  const newline = file.text.includes("\r\n") ? "\r\n" : "\n";
  const ending = file.text === "" || file.text.endsWith("\n") ? "" : newline;
  const hasMark = /(?:^|\n)---[ \t]*\r?\n?$/.test(file.text);
  const documents = objects.map((object) => linesOf(object).join(newline) + newline);
  const at = file.text.length;
  const text = `${ending}${hasMark ? "" : `---${newline}`}${documents.join(`---${newline}`)}`;
  return [{ span: { start: at, end: at }, text }];
}

/** Whether every parser reads the words as this text, without quotes. */
const plain = /^[A-Za-z][\w./-]*$/;
const taken = /^(?:y|yes|n|no|on|off|true|false|null)$/i;

function scalar(data: string | number | boolean): string {
  if (typeof data !== "string") return String(data);
  const shown = expandChoices(data);
  return plain.test(shown) && !taken.test(shown) ? data : JSON.stringify(data);
}

const isScalar = (data: NewData): data is string | number | boolean => typeof data !== "object";
const isList = (data: NewData): data is readonly NewData[] => Array.isArray(data);

/** In block style, but for lists of plain values. */
function linesOf(object: NewObject): readonly string[] {
  return Object.entries(object).flatMap(([name, data]) => {
    const key = scalar(name);
    if (isScalar(data)) return [`${key}: ${scalar(data)}`];
    if (isList(data)) {
      if (data.every(isScalar)) return [`${key}: [${data.map(scalar).join(", ")}]`];
      return [`${key}:`, ...data.flatMap(itemLines)];
    }
    const below = linesOf(data);
    return below.length === 0 ? [`${key}: {}`] : [`${key}:`, ...below.map((line) => `  ${line}`)];
  });
}

const itemLines = (item: NewData): readonly string[] =>
  (isScalar(item) || isList(item) ? [JSON.stringify(item)] : linesOf(item)).map(
    (line, i) => `  ${i === 0 ? "- " : "  "}${line}`,
  );
