/** Regular expressions by which patches choose objects, as far as they can be judged in time that does not explode. */
import type { Answer, Told } from "../kubernetes/selector";

/** Literal text, `.`, `.*`, `.+`, and alternatives of these; everything else is not judged. */
const plain = /^(?:[\w\-/]|\\?\.|\.[*+]|\|)*$/;
const longest = 500;

/** Whether the whole text matches; an expression that is left out matches everything. */
export function matchesWhole(pattern: Told | undefined, text: Told | undefined): Answer {
  if (pattern === undefined || pattern === "") return "yes";
  if (pattern === null || text === null || pattern.length > longest) return "unknown";
  if (pattern === text) return "yes";
  const bare = pattern.replace(/^\^/, "").replace(/\$$/, "");
  if (!plain.test(bare)) return "unknown";
  return bare.split("|").some((part) => matches(tokensOf(part), text ?? "")) ? "yes" : "no";
}

type Token = { readonly character: string | undefined; readonly repeats: boolean };

function tokensOf(part: string): readonly Token[] {
  return [...part.matchAll(/\\\.|\.[*+]?|./g)].flatMap(([token]): Token[] => {
    if (token === ".*") return [{ character: undefined, repeats: true }];
    if (token === ".+")
      return [
        { character: undefined, repeats: false },
        { character: undefined, repeats: true },
      ];
    if (token === ".") return [{ character: undefined, repeats: false }];
    return [{ character: token === "\\." ? "." : token, repeats: false }];
  });
}

/** A repeated token stands for any characters; the last one that was met takes what the others leave. */
function matches(tokens: readonly Token[], text: string): boolean {
  let token = 0;
  let at = 0;
  let star = -1;
  let from = 0;
  while (at < text.length) {
    const next = tokens[token];
    if (next?.repeats) {
      star = token++;
      from = at;
    } else if (next !== undefined && (next.character === undefined || next.character === text[at])) {
      token++;
      at++;
    } else if (star >= 0) {
      token = star + 1;
      at = ++from;
    } else return false;
  }
  return tokens.slice(token).every((t) => t.repeats);
}
