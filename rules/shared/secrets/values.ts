import { entropy } from "./bytes";
import type { Span } from "./types";

/** Values longer than this are documents, not credentials; only known formats are looked for in them. */
export const longestValue = 4096;

const lookups =
  /^(?:process\.env\b|os\.(?:environ|getenv)\b|System\.getenv\b|Environment\.|getenv\(|env\(|config\(|ENV\[|import\.meta\.env\b|(?:env|vars?|local|data|secrets|config|settings|module|self|this)\.[A-Za-z_])/;
const stores =
  /^(?:vault:|op:\/\/|arn:aws|ref\+|secretref:|secretKeyRef|valueFrom|ENC\[|ENC\(|\{cipher\}|!vault|!ref\b|\$ANSIBLE_VAULT|@Microsoft\.KeyVault\(|projects\/[\w-]+\/secrets\/|azurekeyvault:|awssm:|gcpsm:|env:|file:|Ag[AB][A-Za-z0-9+/]{100})/i;

/**
 * Whether the text is decided elsewhere: a variable of a shell, a template or a build, a call, an entry of a secret store.
 * A text that is only partly a reference counts as one, for nobody can know the whole.
 */
export function isReference(value: string): boolean {
  const text = value.trim();
  if (/\$[A-Za-z_{(]|^\$\d$|`|\{\{|\{%|<%|#\{/.test(text)) return true;
  if (/^%[A-Za-z_]\w*%$|%\([A-Za-z_]\w*\)[sd]|^%[sdvq]$|^@{1,2}[A-Za-z_][\w.-]*@{1,2}$/.test(text)) return true;
  if (/\{[A-Za-z_0-9.]{0,60}\}/.test(text)) return true;
  return lookups.test(text) || stores.test(text);
}

/**
 * The literal that a reference falls back to, as in `${NAME:-text}`, `${NAME-text}`, `${NAME:=text}` and Spring's
 * `${NAME:text}`, and where it stands; undefined where the value is not wholly such a reference.
 */
export function fallback(value: string): { readonly text: string; readonly span: Span } | undefined {
  if (value.length > longestValue) return undefined;
  const opening = /^\s{0,20}\$\{[A-Za-z_][\w.-]{0,120}?(:-|:=|-|=|:)(?![?+])/.exec(value.slice(0, 160));
  if (opening === null) return undefined;
  const end = value.trimEnd().length - 1;
  const start = opening[0].length;
  if (value[end] !== "}" || start >= end) return undefined;
  const text = value.slice(start, end);
  if (opening[1] === ":" && /^[\s\d-]/.test(text)) return undefined;
  const nested = fallback(text);
  if (nested !== undefined) {
    return { text: nested.text, span: { start: start + nested.span.start, end: start + nested.span.end } };
  }
  if (text.includes("}")) return undefined;
  const quoted = /^(["']).*\1$/.test(text) && text.length > 2 ? 1 : 0;
  return {
    text: text.slice(quoted, text.length - quoted),
    span: { start: start + quoted, end: end - quoted },
  };
}

const placeholderWords: ReadonlySet<string> = new Set(
  `todo tbd fixme none null nil undefined n/a na unset empty string text dummy fake sample example placeholder redacted
   hidden masked censored removed omitted secret-here foo bar baz foobar`.split(/\s+/),
);
const placeholderParts =
  /example|placeholder|redacted|dummy|replace[-_ ]?(?:me|this|with|it)|^replace[-_ ]|change[-_ ]?(?:me|this|it)\b|^your|[-_ ]your[-_ ]|<[A-Za-z][\w .-]{0,60}>|^(?:insert|put|enter|add|paste|provide|set|fill)[-_ ](?:your|the|a|in|here|me)|[-_ ](?:goes[-_ ])?here$|\.\.\.|…|not[-_ ]?a[-_ ]?(?:real|secret)|to[-_ ]be[-_ ](?:set|replaced|changed|defined|provided)|^my[-_ ]?(?:secret|token|api[-_ ]?key|key|access[-_ ]?key)$|^(?:some|any|test|fake)[-_ ](?:secret|token|key|api[-_ ]?key|password|value)$/i;

/** Whether the text only holds the place for a value that somebody is to write. */
export function isPlaceholder(value: string): boolean {
  const text = value.trim();
  if (text === "") return true;
  if (placeholderWords.has(text.toLowerCase()) || placeholderParts.test(text)) return true;
  if (/^(?:<[^<>]*>|\[[^[\]]*\]|__\w+__|\*+|x+|-+|\?+)$/i.test(text)) return true;
  if (text.length >= 3 && /^(.)\1*$/.test(text)) return true;
  const filler = text.replace(/[^x*.#_-]/gi, "").length;
  if (text.length >= 4 && filler / text.length >= 0.6) return true;
  return text.length >= 8 && isSequence(text);
}

/** Whether the text is made of runs such as `abcdefgh` and `01234567`, each of four or more characters. */
export function isSequence(text: string): boolean {
  let run = 1;
  for (let i = 1; i <= text.length; i++) {
    const step = i < text.length ? text.charCodeAt(i) - text.charCodeAt(i - 1) : Number.NaN;
    if (step === 1 || (text[i] === "0" && text[i - 1] === "9")) run++;
    else if (run < 4) return false;
    else run = 1;
  }
  return true;
}

/** Whether the text is a switch, a small number, a size or a time: a setting about a credential. */
export function isSetting(value: string): boolean {
  return /^(?:true|false|yes|no|on|off|y|n|enabled?|disabled?|required|optional|always|never|auto|\d{1,5}|\d{1,9}(?:ms|s|m|h|d|w|mb|kb|mi|ki)|\d{1,9}\.\d{1,9})$/i.test(
    value.trim(),
  );
}

const fileName =
  /^[\w.@-]{1,120}\.(?:json|ya?ml|pem|key|pub|crt|cer|der|p12|pfx|jks|keystore|txt|env|toml|ini|conf|cfg|properties|xml|csv|enc|gpg|asc|age|sh|py|js|ts|go|java|cs)$/i;

/** Whether the text names a file or a directory. A generated base64 text that begins with `/` does not. */
export function isPath(value: string): boolean {
  const text = value.trim();
  if (/^(?:file:\/\/|~\/|\.{1,2}\/|[A-Za-z]:\\)/.test(text)) return true;
  if (fileName.test(text)) return true;
  if (!/^[/\w.@%+:=-]+$/.test(text)) return false;
  const segments = text.split("/").filter((segment) => segment !== "");
  if (segments.some(looksGenerated)) return false;
  if (text.startsWith("/")) return segments.length >= 2 || /^\/[a-z][a-z0-9._-]*$/.test(text);
  return (
    segments.length >= 2 &&
    (fileName.test(segments.at(-1) ?? "") || /^(?:etc|run|var|opt|usr|home|secrets?)\//.test(text))
  );
}

/** Whether the text is made to be public, or useless to a thief: checksums, public keys, certificates, password hashes. */
export function isPublic(value: string): boolean {
  const text = value.trim();
  return (
    /^(?:sha(?:1|224|256|384|512)|md5)[:-]/i.test(text) ||
    /^(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-[\w-]{1,40}|sk-ssh-[\w@.-]{1,40}) AAAA/.test(text) ||
    /^-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}(?:PUBLIC KEY|CERTIFICATE)/.test(text) ||
    /^(?:LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS|LS0tLS1CRUdJTiBQVUJMSUMg)/.test(text) ||
    /^(?:\$2[abxy]\$|\$argon2|\$[156y]\$|\$apr1\$|\$pbkdf2|\$scrypt\$|\{S?SHA\d{0,3}\}|pbkdf2_sha\d{1,3}\$|scrypt:)/.test(
      text,
    ) ||
    /^(?:pk_(?:test|live)_|data:[a-z]+\/)/.test(text) ||
    /^[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}$/.test(text)
  );
}

/** Words that choose a mechanism where a token or a key is expected. */
const mechanisms: ReadonlySet<string> = new Set(
  `bearer basic digest jwt oauth oauth2 oidc saml ldap cookie header query body env file vault kubernetes consul aws gcp
   azure local memory database db manual raw json hs256 hs512 rs256 es256 opaque uuid anonymous token secret key apikey
   api_key api-key password`.split(/\s+/),
);
export const isMechanism = (value: string): boolean => mechanisms.has(value.trim().toLowerCase());

/**
 * Whether the text looks drawn at random rather than thought up: long, without blanks, mixed, of high entropy. For places
 * where the name alone is weak evidence.
 */
export function looksGenerated(value: string): boolean {
  if (value.length < 16 || value.length > longestValue || /\s/.test(value)) return false;
  const bits = entropy(value);
  if (/^[0-9a-f]+$/i.test(value)) return value.length >= 20 && /\d/.test(value) && /[a-f]/i.test(value) && bits >= 3;
  if (/^[A-Za-z]+(?:[-_./][A-Za-z]+)*\d{0,4}$/.test(value))
    return value.length >= 24 && switches(value) >= 6 && bits >= 3.5;
  return /\d/.test(value) && /[A-Za-z]/.test(value) && bits >= 3 && switches(value) >= 4;
}

/** How often the class of the characters changes: upper case, lower case, digit. Words change seldom. */
function switches(text: string): number {
  let count = 0;
  let last = "";
  for (const character of text) {
    const kind = /[a-z]/.test(character) ? "a" : /[A-Z]/.test(character) ? "A" : /\d/.test(character) ? "0" : last;
    if (last !== "" && kind !== last) count++;
    last = kind;
  }
  return count;
}
