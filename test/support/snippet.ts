/**
 * Snippets as an editor expands them: the syntax of VS Code's own documentation and of LSP 3.17, without transforms,
 * which few editors know.
 */

type Part =
  | { readonly kind: "text"; readonly text: string }
  | {
      readonly kind: "stop";
      readonly number: number;
      /** Undefined for `$1` and `${1}`. */
      readonly content: readonly Part[] | undefined;
      readonly choices: readonly string[];
    }
  | { readonly kind: "variable"; readonly name: string; readonly content: readonly Part[] };

/** A tab stop as it stands in the text; 0 is where the cursor ends. */
export interface TabStop {
  readonly number: number;
  /** What it may be, the first being what it is; empty where anything may be typed. */
  readonly choices: readonly string[];
  /** Whether it says itself what stands there, as mirrors do not. */
  readonly isDefined: boolean;
}

/** The names that editors know. */
const variable =
  /^(?:TM_(?:SELECTED_TEXT|CURRENT_LINE|CURRENT_WORD|LINE_INDEX|LINE_NUMBER|FILENAME|FILENAME_BASE|DIRECTORY|FILEPATH)|CURRENT_(?:YEAR|MONTH|DATE)|WORKSPACE_NAME|UUID)$/;

/** Throws where the text is no snippet, or one that editors read each in their own way. */
export function tabStops(body: readonly string[]): readonly TabStop[] {
  const found: TabStop[] = [];
  const visit = (parts: readonly Part[]): void => {
    for (const part of parts) {
      if (part.kind === "text") continue;
      if (part.kind === "stop") {
        const { number, choices, content } = part;
        found.push({ number, choices, isDefined: content !== undefined });
      }
      visit(part.content ?? []);
    }
  };
  visit(parse(body.join("\n")));
  return found;
}

/**
 * The text after nobody typed anything: stops show their default, mirrors what they mirror, choices the first of them.
 * `typed` holds what stands at some stops instead. Variables show their default.
 */
export function expand(body: readonly string[], typed: ReadonlyMap<number, string> = new Map()): string {
  const parts = parse(body.join("\n"));
  const defaults = new Map<number, readonly Part[]>();
  const learn = (list: readonly Part[]): void => {
    for (const part of list) {
      if (part.kind === "text") continue;
      if (part.kind === "stop" && part.content !== undefined && !defaults.has(part.number)) {
        defaults.set(part.number, part.content);
      }
      learn(part.content ?? []);
    }
  };
  learn(parts);
  const show = (list: readonly Part[]): string =>
    list
      .map((part) => {
        if (part.kind === "text") return part.text;
        if (part.kind === "variable") return show(part.content);
        return typed.get(part.number) ?? show(defaults.get(part.number) ?? []);
      })
      .join("");
  return show(parts);
}

function parse(text: string): readonly Part[] {
  let at = 0;
  const fail = (what: string): never => {
    throw new Error(`${what} at: ${text.slice(at, at + 40).split("\n", 1)[0]}`);
  };
  const take = (pattern: RegExp): string | undefined => {
    const found = pattern.exec(text.slice(at))?.[0];
    if (found !== undefined) at += found.length;
    return found;
  };
  const parts = (isNested: boolean): Part[] => {
    const list: Part[] = [];
    for (;;) {
      if (at >= text.length || (isNested && text[at] === "}")) return list;
      list.push(text[at] === "$" ? stopOrVariable() : { kind: "text", text: plain(isNested) });
    }
  };
  const plain = (isNested: boolean): string => {
    const written = take(isNested ? /^(?:\\[\s\S]|[^\\$}])+/ : /^(?:\\[\s\S]|[^\\$])+/) ?? fail("a lone backslash");
    return written.replace(/\\([\\$}])/g, "$1");
  };
  const stopOrVariable = (): Part => {
    at++;
    const bare = take(/^\d+/);
    if (bare !== undefined) return { kind: "stop", number: Number(bare), content: undefined, choices: [] };
    const name = take(/^[A-Za-z_]\w*/);
    if (name !== undefined) return known(name, []);
    if (take(/^\{/) === undefined) return { kind: "text", text: "$" };
    const number = take(/^\d+/);
    const inner = number ?? take(/^[A-Za-z_]\w*/) ?? fail("neither a stop nor a variable");
    if (number !== undefined && take(/^\|/) !== undefined) return choice(Number(number));
    const content = take(/^:/) === undefined ? undefined : parts(true);
    if (take(/^\}/) === undefined) fail("no closing brace, or a transform,");
    return number === undefined
      ? known(inner, content ?? [])
      : { kind: "stop", number: Number(number), content, choices: [] };
  };
  const choice = (number: number): Part => {
    const written = take(/^(?:\\[\s\S]|[^\\|])+/) ?? fail("an empty choice");
    if (take(/^\|\}/) === undefined) fail("an open choice");
    const choices = written.split(/(?<!\\),/).map((c) => c.replace(/\\([\\,|$}])/g, "$1"));
    return { kind: "stop", number, content: [{ kind: "text", text: choices[0] ?? "" }], choices };
  };
  const known = (name: string, content: readonly Part[]): Part => {
    if (!variable.test(name)) throw new Error(`$${name} is no variable of editors; a dollar sign is written as \\$`);
    return { kind: "variable", name, content };
  };
  return parts(false);
}
