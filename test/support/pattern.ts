/** Texts that match a pattern, drawn so that the same seed gives the same text. */

/** The next of a row of numbers without order to the eye: at least 0, less than `below`. */
export type Draw = (below: number) => number;

export function drawing(seed: number): Draw {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor(state / 65_536) % below;
  };
}

const word = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const classes: Readonly<Record<string, string>> = { w: word, d: "0123456789", s: " ", S: word };

/** A text for a pattern of literals, classes, groups, `|`, `?`, `+`, `*` and `{m,n}`; assertions are left out. */
export function textFor(pattern: RegExp, draw: Draw): string {
  const { source } = pattern;
  let at = 0;
  const alternatives = (): string => {
    const all: string[] = [""];
    while (at < source.length && source[at] !== ")") {
      if (source[at] === "|") {
        at++;
        all.push("");
      } else all[all.length - 1] += repeated();
    }
    return all[draw(all.length)] ?? "";
  };
  /** One unit with its quantifier; each repetition is drawn anew. */
  const repeated = (): string => {
    const from = at;
    let text = unit();
    const to = at;
    const [least, most, length] = quantifier(source.slice(at));
    const count = least + draw(most - least + 1);
    if (count === 0) text = "";
    for (let i = 1; i < count; i++) {
      at = from;
      text += unit();
    }
    at = to + length;
    return text;
  };
  const unit = (): string => {
    const c = source[at++] ?? "";
    if (c === "^" || c === "$") return "";
    if (c === "\\") return escaped(source[at++] ?? "");
    if (c === "[") return oneOf(readClass());
    if (c !== "(") return c;
    if (source.startsWith("?!", at) || source.startsWith("?=", at)) {
      at += 2;
      alternatives();
      at++;
      return "";
    }
    if (source.startsWith("?:", at)) at += 2;
    // What stands before a token: nothing does.
    const opens = source.startsWith("^|", at);
    const text = alternatives();
    at++;
    return opens ? "" : text;
  };
  const escaped = (c: string): string => (classes[c] === undefined ? c : oneOf(classes[c]));
  const oneOf = (characters: string): string => characters.charAt(draw(characters.length));
  const readClass = (): string => {
    let characters = "";
    if (source[at] === "^") at++;
    while (source[at] !== "]") {
      const c = source[at++] ?? "";
      if (c === "\\") {
        const next = source[at++] ?? "";
        characters += classes[next] ?? next;
      } else if (source[at] === "-" && source[at + 1] !== "]") {
        const last = source.charCodeAt(at + 1);
        for (let code = c.charCodeAt(0); code <= last; code++) characters += String.fromCharCode(code);
        at += 2;
      } else characters += c;
    }
    at++;
    return characters;
  };
  return alternatives();
}

/** The least and the most repetitions, and how many characters say it. */
function quantifier(rest: string): [least: number, most: number, length: number] {
  if (rest.startsWith("?")) return [0, 1, 1];
  if (rest.startsWith("+")) return [1, 4, 1];
  if (rest.startsWith("*")) return [0, 3, 1];
  const match = /^\{(\d+)(?:,(\d+))?\}/.exec(rest);
  if (match === null) return [1, 1, 0];
  const least = Number(match[1]);
  return [least, Number(match[2] ?? least), match[0].length];
}
