/** Texts in the syntax of snippets (LSP 3.17, without transforms) as plain texts. */

/**
 * The text as it is when nobody types anything: stops show their default or their first choice, others of the same
 * number the same, variables their default. What is no stop stays as it is.
 */
export function expanded(snippet: string): string {
  const defaults = new Map<string, string>();
  // A stop may be repeated before the place that says what it holds.
  read(snippet, 0, false, defaults);
  return read(snippet, 0, false, defaults).text;
}

interface Read {
  readonly text: string;
  readonly end: number;
}

function read(snippet: string, from: number, isNested: boolean, defaults: Map<string, string>): Read {
  let text = "";
  let at = from;
  while (at < snippet.length) {
    const c = snippet[at];
    if (c === "}" && isNested) break;
    if (c === "\\" && /[\\$}]/.test(snippet[at + 1] ?? "")) {
      text += snippet[at + 1];
      at += 2;
      continue;
    }
    const stop = c === "$" ? readStop(snippet, at, defaults) : undefined;
    text += stop?.text ?? c;
    at = stop?.end ?? at + 1;
  }
  return { text, end: at };
}

const name = /\d+|[A-Za-z_]\w*/y;

function readStop(snippet: string, at: number, defaults: Map<string, string>): Read | undefined {
  const isBraced = snippet[at + 1] === "{";
  name.lastIndex = at + (isBraced ? 2 : 1);
  const [stop] = name.exec(snippet) ?? [];
  if (stop === undefined) return undefined;
  const behind = name.lastIndex;
  if (!isBraced) return { text: defaults.get(stop) ?? "", end: behind };
  const mark = snippet[behind];
  if (mark === "}") return { text: defaults.get(stop) ?? "", end: behind + 1 };
  if (mark === "|") return readChoice(snippet, behind + 1, stop, defaults);
  if (mark !== ":") return undefined;
  const content = read(snippet, behind + 1, true, defaults);
  defaults.set(stop, content.text);
  return { text: content.text, end: content.end + 1 };
}

function readChoice(snippet: string, from: number, stop: string, defaults: Map<string, string>): Read | undefined {
  const end = snippet.indexOf("|}", from);
  if (end < 0) return undefined;
  const first = /^(?:\\[\s\S]|[^\\,])*/.exec(snippet.slice(from, end))?.[0] ?? "";
  const text = first.replace(/\\([\\,|$}])/g, "$1");
  defaults.set(stop, text);
  return { text, end: end + 2 };
}

/** The text with all its lines but the first indented further; empty lines stay empty. */
export const hanging = (text: string, columns: number): string =>
  columns <= 0 ? text : text.replace(/\n(?!\n|$)/g, `\n${" ".repeat(columns)}`);
