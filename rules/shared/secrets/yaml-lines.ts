/** A quick look at YAML, line by line: reading it whole takes ten times as long as the rest of a scan. */
import { classify } from "./classify";
import { mayNameCredential } from "./names";

/** What ends a key. */
const colon = /:(?:[ \t]|$)/;
/** A plain key, without what may begin its line: marks of items, a quote. */
const plainKey = /^[\w.$/@][\w.$/@ -]{0,120}$/;
/** Values that may hold entries of their own. */
const opens = /^[&*![{?]/;
/** Values that go on in the next lines, if only as entries that say nothing but `value`. */
const goesOn = /^(?:$|[|>#]|"[^"]*$|'[^']*$)/;
/** Keys whose value may name what stands beside it, and words that take their meaning from the key above. */
const namesAnother =
  /^(?:name|key|variable|env|parameter|property|id|value|default|text|data|content|plain|plaintext|current)$/i;

/**
 * Whether a value of the YAML text may be a credential because of its name. Lines that cannot be read for themselves count
 * as such, as far as they hold a piece of a credential's name.
 */
export function mayHoldNamed(text: string, piece: RegExp): boolean {
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf("\n", start);
    const end = newline < 0 ? text.length : newline;
    const line = text.slice(start, end).trimEnd();
    start = end + 1;
    if (piece.test(line) && mayBe(line)) return true;
  }
  return false;
}

function mayBe(line: string): boolean {
  if (/^[ \t]*#/.test(line)) return false;
  const at = line.search(colon);
  const key = line
    .slice(0, Math.max(at, 0))
    .replace(/^[ \t"'-]+/, "")
    .replace(/["']$/, "");
  const written = line.slice(at + 1).trim();
  // A part of a longer text, unless it opens a map or says `NAME=value` itself.
  if (at < 0) return /\{|^[ \t-]*\?|^[ \t"'-]*[\w.-]{1,100}=/.test(line);
  if (!plainKey.test(key) || opens.test(written)) return true;
  if (goesOn.test(written)) return mayNameCredential(key);
  const value = written.replace(/[ \t]#.*$/, "").replace(/^(["'])(.*)\1$/, "$2");
  if (namesAnother.test(key) && mayNameCredential(value)) return true;
  if (!mayNameCredential(key)) return false;
  // Beside a user of the same name more passwords are bad ones.
  return classify({ name: key, value, beside: { user: value, database: value } }) !== undefined;
}
