/** A quick look at YAML, line by line: reading it whole takes ten times as long as the rest of a scan. */
import { classify } from "./classify";
import { credentialName } from "./names";

/** What ends a key. */
const colon = /:(?:[ \t]|$)/;
/** A plain key, without what may begin its line: marks of items, a quote. */
const plainKey = /^[\w.$/@][\w.$/@ -]{0,120}$/;
/** Values that go on elsewhere, or hold entries of their own. */
const goesOn = /^(?:$|[|>&*![{#?])/;
/** Keys whose value may name what stands beside it, and words that take their meaning from the key above. */
const namesAnother =
  /^(?:name|key|variable|env|parameter|property|id|value|default|text|data|content|plain|plaintext|current)$/i;

/**
 * Whether a value of the YAML text may be a credential because of its name. Lines that are no plain `key: value` count as
 * such, as far as they hold a piece of a credential's name.
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
  if (!plainKey.test(key) || goesOn.test(written)) return true;
  const value = written.replace(/[ \t]#.*$/, "").replace(/^(["'])(.*)\1$/, "$2");
  if (namesAnother.test(key) && isCredential(value)) return true;
  if (!isCredential(key)) return /[{[]/.test(written);
  // Beside a user of the same name more passwords are bad ones.
  return classify({ name: key, value, beside: { user: value, database: value } }) !== undefined;
}

const isCredential = (name: string): boolean => credentialName(name) !== undefined || /(?:key|token)$/i.test(name);
