/** Go's `filepath.Match` with `**`, as the builders use it for ignore files; linear in pattern × path. */

/** Whether the glob matches the path or one of the folders above it. Both are relative, with `/`. */
export function matches(glob: string, path: string): boolean {
  if (glob === "") return false;
  const pattern = glob.split("/");
  const parts = path.split("/");
  for (let length = 1; length <= parts.length; length++) if (matchParts(pattern, parts.slice(0, length))) return true;
  return false;
}

function matchParts(pattern: readonly string[], parts: readonly string[]): boolean {
  // reachable[j]: the patterns so far match the first j parts.
  let reachable = [true, ...parts.map(() => false)];
  for (const piece of pattern) {
    const next = reachable.map(() => false);
    for (let j = 0; j < reachable.length; j++) {
      if (reachable[j] !== true) continue;
      if (piece === "**") for (let k = j; k < reachable.length; k++) next[k] = true;
      else if (j < parts.length && matchPart(piece, parts[j] ?? "")) next[j + 1] = true;
    }
    reachable = next;
  }
  return reachable[parts.length] === true;
}

/** One path component: `*`, `?`, `[a-z]`, `[^a]`, `\x`. */
export function matchPart(pattern: string, text: string): boolean {
  let p = 0;
  let t = 0;
  let star = -1;
  let mark = 0;
  while (t < text.length) {
    const one = matchOne(pattern, p, text[t] ?? "");
    if (pattern[p] === "*") {
      star = p++;
      mark = t;
    } else if (one !== undefined) {
      p = one;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++mark;
    } else return false;
  }
  while (pattern[p] === "*") p++;
  return p >= pattern.length;
}

/** Where the pattern goes on after it took the character; undefined where it does not take it. */
function matchOne(pattern: string, p: number, character: string): number | undefined {
  const c = pattern[p];
  if (c === undefined || c === "*") return undefined;
  if (c === "?") return p + 1;
  if (c === "\\" && p + 1 < pattern.length) return pattern[p + 1] === character ? p + 2 : undefined;
  if (c !== "[") return c === character ? p + 1 : undefined;
  const close = pattern.indexOf("]", p + 2);
  if (close < 0) return c === character ? p + 1 : undefined;
  const inside = pattern.slice(p + 1, close);
  const negated = inside.startsWith("^");
  const set = negated ? inside.slice(1) : inside;
  let found = false;
  for (let i = 0; i < set.length; i++) {
    const low = set[i] ?? "";
    if (set[i + 1] === "-" && i + 2 < set.length) {
      if (low <= character && character <= (set[i + 2] ?? "")) found = true;
      i += 2;
    } else if (low === character) found = true;
  }
  return found !== negated ? close + 1 : undefined;
}
