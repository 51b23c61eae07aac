/** Reads the examples of rules: `«…»` marks spans, lines `-- path --` begin further files. */

export interface MarkedFile {
  readonly file: string;
  readonly text: string;
  readonly marks: readonly { readonly start: number; readonly end: number }[];
}

const usualFile: Readonly<Record<string, string>> = {
  dockerfile: "Dockerfile",
  dockerignore: ".dockerignore",
  compose: "compose.yaml",
  kubernetes: "app.yaml",
  helm: "values.yaml",
  kustomize: "kustomization.yaml",
};

/** The files of an example, indentation of the template literal taken away; the first is the rule's own. */
export function readExample(source: string, kind: string, file = usualFile[kind] ?? "file"): MarkedFile[] {
  const parts = dedent(source).split(/^-- (.+) --\n/m);
  const [first = "", ...others] = parts;
  const files = [readMarks(file, first)];
  for (let i = 0; i < others.length; i += 2) files.push(readMarks(others[i] ?? "", others[i + 1] ?? ""));
  return files;
}

/** Drops the first line where it is empty, the common indentation, and the last line's indentation. */
export function dedent(source: string): string {
  if (!source.includes("\n")) return source;
  const lines = source
    .replace(/^\n/, "")
    .replace(/\n[ \t]*$/, "\n")
    .split("\n");
  const indents = lines.filter((l) => l.trim() !== "").map((l) => /^ */.exec(l)?.[0].length ?? 0);
  const indent = Math.min(...indents);
  return lines.map((l) => l.slice(Math.min(indent, /^ */.exec(l)?.[0].length ?? 0))).join("\n");
}

function readMarks(file: string, source: string): MarkedFile {
  const marks: { start: number; end: number }[] = [];
  const open: number[] = [];
  let text = "";
  for (const c of source) {
    if (c === "«") open.push(text.length);
    else if (c === "»") marks.push({ start: open.pop() ?? 0, end: text.length });
    else text += c;
  }
  marks.sort((a, b) => a.start - b.start || a.end - b.end);
  return { file, text, marks };
}

/** Puts the marks back, for a readable comparison. */
export function withMarks(text: string, spans: readonly { readonly start: number; readonly end: number }[]): string {
  const points = spans.flatMap((s, i) => [
    { at: s.start, sign: "«", order: i },
    { at: s.end, sign: "»", order: -i },
  ]);
  points.sort((a, b) => b.at - a.at || (a.sign === b.sign ? b.order - a.order : a.sign === "«" ? -1 : 1));
  let marked = text;
  for (const { at, sign } of points) marked = marked.slice(0, at) + sign + marked.slice(at);
  return marked;
}
