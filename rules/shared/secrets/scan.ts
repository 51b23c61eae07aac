/** Every credential of a text file, found once for all rules about secrets. */
import {
  basename,
  type Context,
  overlaps,
  type Project,
  type Severity,
  type Span,
  type TextFile,
  type TextValue,
} from "../../../engine/index";
import { isGitIgnored } from "../git-ignored";
import { isTrustStore } from "../written-credentials";
import { entropy } from "./bytes";
import { classify, classifyText } from "./classify";
import { isWeakWord } from "./defaults";
import { curlLogins, type FileLogin, isCredentialsFile, loginsIn } from "./logins";
import { credentialName, mayNameCredential, nameWords } from "./names";
import { mayHoldNamed } from "./yaml-lines";
import { findTokens } from "./tokens";
import { type Beside, type Classification, rank, type SecretKind } from "./types";
import { looksGenerated } from "./values";

/** The rules that speak of credentials in texts, without their domain. */
export type SecretRule =
  | "provider-token"
  | "private-key"
  | "jwt"
  | "authorization-header"
  | "connection-string-password"
  | "default-password"
  | "hardcoded-password"
  | "generic-secret"
  | "credentials-file";

/** A credential in a text file, with what is said of it. */
export interface Credential {
  readonly rule: SecretRule;
  readonly found: Classification;
  readonly at: Span;
  /** What it is given for; undefined where it stands by itself. */
  readonly name: string | undefined;
  /** Undefined where the text was found by itself. */
  readonly value: TextValue | undefined;
  readonly severity: Severity;
  /** Only a wider preset shows it. */
  readonly isGuess: boolean;
}

const ruleOf: Readonly<Record<SecretKind, SecretRule>> = {
  "provider-token": "provider-token",
  "private-key": "private-key",
  jwt: "jwt",
  "authorization-header": "authorization-header",
  "default-password": "default-password",
  "url-credentials": "connection-string-password",
  "connection-string": "connection-string-password",
  password: "hardcoded-password",
  generic: "generic-secret",
};

const severityOfRule: Readonly<Record<SecretRule, Severity>> = {
  "provider-token": "error",
  "private-key": "error",
  jwt: "warning",
  "authorization-header": "error",
  "connection-string-password": "error",
  "default-password": "error",
  "hardcoded-password": "warning",
  "generic-secret": "warning",
  "credentials-file": "error",
};

const softer: Readonly<Record<Severity, Severity>> = { error: "warning", warning: "info", info: "hint", hint: "hint" };

/** As many finds of one rule as a person reads in one file. */
const most = 50;
/** A file with more places to look at holds data that somebody made. */
const mostLooked = 2000;
/** Longer lines, and larger texts, hold data: only what shows by itself what it is counts there. */
const longestLine = 2000;
const largest = 1_000_000;

/** The credentials that one of the rules speaks of. */
export function credentialsOf(rule: SecretRule, text: TextFile, context: Context): readonly Credential[] {
  const all = context.once("credentials", () => scan(text, context));
  return all.filter((c) => c.rule === rule).slice(0, most);
}

/** What a scan asks of the files around: which of them git leaves out. */
export interface ScanContext {
  readonly project: Pick<Project, "text">;
  /** `YYYY-MM-DD`. */
  readonly today: string;
}

/** Every credential of the file, in the order of the text, without overlaps. */
export function scan(text: TextFile, context: ScanContext): readonly Credential[] {
  const shown = [...inText(text), ...loginsIn(text).map(ofFile), ...inCommands(text)];
  const found = [...shown, ...(mayHoldNames(text) ? inValues(text) : []).filter((c) => isNews(c, shown))];
  if (found.length === 0) return found;
  const all = withoutOverlaps(found).flatMap((c) => judged(c, text, context.today) ?? []);
  if (all.length === 0 || !isGitIgnored(text.file, context.project)) return all;
  // What git leaves out stays with its owner; a password that everybody knows protects nothing there either.
  return all.flatMap((c) => (c.rule === "default-password" ? { ...c, severity: "info" as const } : []));
}

const ofFile = ({ found, user }: FileLogin): Credential => ({
  ...credential(user === undefined ? found : { ...found, user }, found.span, undefined, undefined),
  rule: "credentials-file",
  severity: "error",
});

/** Where escapes hide the place within a value, what the text shows by itself is more exact. */
const isNews = ({ value, at }: Credential, shown: readonly Credential[]): boolean =>
  value?.isVerbatim !== false || !shown.some((s) => overlaps(s.at, at));

/** What commands give; dockerfiles, compose files and manifests read theirs with their own parsers. */
function inCommands(file: TextFile): readonly Credential[] {
  if (file.kind !== undefined && !isCode(file)) return [];
  return curlLogins(file.text).map(({ found, user = "" }) => {
    const text = file.text.slice(found.span.start, found.span.end);
    const kind = isWeakWord(text, { user }) ? "default-password" : "authorization-header";
    return credential({ ...found, kind, user }, found.span, undefined, undefined);
  });
}

/** A piece of every name of a credential. */
const mayName =
  /pass|secret|token|key|auth|cred|pwd|pw|psw|salt|conn|dsn|hook|senha|kennwort|contrase|cookie|jaas|login/i;

const mayHoldNames = ({ text, format }: TextFile): boolean =>
  mayName.test(text) && (format !== "yaml" || mayHoldNamed(text, mayName));

/** Kinds of finds that hold in prose, in generated files and in files that other rules look at. */
const tellsByItself = (kind: SecretKind): boolean => rank(kind) <= rank("authorization-header");

/** What the text shows by itself. */
function inText(file: TextFile): readonly Credential[] {
  const { text, kind, isForeign } = file;
  const all = isForeign || text.length > largest ? findTokens(text) : classifyText(text);
  return all.slice(0, mostLooked).flatMap((found) => {
    const { span } = found;
    if (!tellsByItself(found.kind)) {
      if (isInLongLine(text, span)) return [];
      // The rules of the kind speak of passwords that everybody knows.
      if (found.kind === "default-password" && kind !== undefined && !isCode(file)) return [];
    }
    return credential(found, span, undefined, undefined);
  });
}

/** Looks no further than a long line is: a file may have a great many finds on one. */
function isInLongLine(text: string, { start, end }: Span): boolean {
  const before = text.slice(Math.max(0, start - longestLine), start);
  const from = before.lastIndexOf("\n");
  if (from < 0 && start > longestLine) return true;
  const after = text.slice(end, end + longestLine);
  const to = after.indexOf("\n");
  if (to < 0 && text.length - end > longestLine) return true;
  return before.length - from + (to < 0 ? after.length : to) + (end - start) > longestLine;
}

export const isCode = (file: TextFile): boolean => file.format === "code" || file.format === "notebook";

const credential = (
  found: Classification,
  at: Span,
  name: string | undefined,
  value: TextValue | undefined,
): Credential => {
  const rule = ruleOf[found.kind];
  return { rule, found, at, name, value, severity: severityOfRule[rule], isGuess: false };
};

/** What the names of values promise. */
function inValues(file: TextFile): readonly Credential[] {
  const all: Credential[] = [];
  let looked = 0;
  for (const value of file.values) {
    const name = nameOf(value, file);
    if (name === undefined) continue;
    if (looked++ > mostLooked) break;
    const next = ofValue(value, name, file);
    if (next !== undefined) all.push(next);
  }
  return all;
}

/** Parts of a path below which values are labels, or descriptions of a form. */
const labels =
  /^(?:i18n|l10n|translations?|messages?|labels?|errors?|strings|locales?|placeholders?|titles?|descriptions?|examples?|schemas?|patterns?|columns?|fields?|enums?|validations?|selectors?)$/i;

/** Of a password that is not kept in clear. */
const hashes = /^(?:sha\d{0,3}|md5|hash|hashed|bcrypt|argon2|digest|htpasswd|encrypted|enc)$/;

function ofValue(value: TextValue, name: string, file: TextFile): Credential | undefined {
  const { path, value: text } = value;
  if (text === "" || text.length > 4096) return undefined;
  const isLabelled = path
    .slice(0, -1)
    .some((part) => labels.test(part) || (file.format === "json" && part === "properties"));
  if (isLabelled) return undefined;
  if (isTrustStore(path.slice(-2).join(".")) || nameWords(name).some((word) => hashes.test(word))) return undefined;
  const found = classify({ name, value: text, beside: besideOf(value) });
  if (found === undefined) return undefined;
  const fit = fitting(found, name, value, file);
  if (fit === undefined) return undefined;
  return credential(fit, placeOf(fit, value), name, value);
}

/** Last words that only say what the word before them names: `password: { value: … }`, `variable "db_password" { default = … }`. */
const plainWord =
  /^(?:value|default|key|text|data|content|plain|plaintext|current|admin|root|prod|production|staging)$/i;

/** The name under which the value counts as a credential; undefined where it has none. */
function nameOf({ name, path, use }: TextValue, file: TextFile): string | undefined {
  if (mayNameCredential(name)) return name;
  const before = path.at(-2);
  if (before === undefined || use !== "value" || isCode(file)) return undefined;
  const joint = `${before}_${name}`;
  return plainWord.test(name) && mayNameCredential(joint) ? joint : undefined;
}

const userName = /(?:^|[_.-])(?:user|username|user[_-]?name|login|uid|usr|userid|account)$/i;
const databaseName = /(?:^|[_.-])(?:db|database|dbname|db[_-]?name)$/i;

/** The user and the database among the values that stand beside it. */
function besideOf({ beside, name }: TextValue): Beside {
  if (beside.size < 2) return {};
  const own = nameWords(name).slice(0, -1);
  let user: string | undefined;
  let database: string | undefined;
  for (const [other, value] of beside) {
    if (other === name || value.length > 64) continue;
    const isUser = userName.test(other.replace(/([a-z])([A-Z])/g, "$1_$2"));
    if (!isUser && !databaseName.test(other.replace(/([a-z])([A-Z])/g, "$1_$2"))) continue;
    // `ADMIN_USER` says nothing of `DB_PASSWORD`.
    const words = nameWords(other);
    if (own.length > 0 && words.length > 1 && !own.some((word) => words.includes(word))) continue;
    if (isUser) user = value;
    else database = value;
  }
  return { user, database };
}

const placeOf = ({ span }: Classification, value: TextValue): Span =>
  value.isVerbatim ? { start: value.span.start + span.start, end: value.span.start + span.end } : value.span;

/** Formats in which whoever writes `password: password` means a password. */
const isSettings = (file: TextFile): boolean =>
  !isCode(file) && file.format !== "json" && file.format !== "markdown" && file.format !== "http";

/** The find as it counts in this place; undefined where the value only looks like a credential there. */
function fitting(found: Classification, name: string, value: TextValue, file: TextFile): Classification | undefined {
  const text = value.isVerbatim ? file.text.slice(...bounds(placeOf(found, value))) : value.value;
  if (tellsByItself(found.kind) && found.kind !== "default-password") return found;
  if (found.kind === "url-credentials" || found.kind === "connection-string") return found;
  if (isLabel(text, name, file)) return undefined;
  if (value.use === "comparison" && !(text.length >= 6 && /\d/.test(text) && /[A-Za-z]/.test(text))) return undefined;
  const credentialKind = credentialName(name);
  if (found.kind === "default-password") {
    if (isWeak(text, value)) return found;
    if (credentialKind !== "password" || text.length < 4) return undefined;
    return fitting({ ...found, kind: "password" }, name, value, file);
  }
  if (found.kind === "password") return text.length >= 4 && !isWord(text, file) ? found : undefined;
  return isKeyLike(text) ? found : undefined;
}

const bounds = ({ start, end }: Span): [number, number] => [start, end];

const isWeak = (text: string, value: TextValue): boolean => isWeakWord(text, besideOf(value));

/** The word for a password, as forms show it. */
const passwordWord =
  /^(?:passwor[dt]|passwd|mot de passe|contraseña|senha|wachtwoord|lösenord|hasło|пароль|密码|密碼|パスワード|비밀번호|parola|adgangskode|passord|salasana|heslo|jelszó|kata sandi|şifre)\s?[:*?]?$/iu;

/** What names or describes the credential instead of being it. */
function isLabel(text: string, name: string, file: TextFile): boolean {
  if (isSettings(file)) return false;
  if (passwordWord.test(text) && (isCode(file) || /^[A-Z]/.test(text) || !/^pass/i.test(text))) return true;
  if (!isCode(file)) return false;
  const own = nameWords(name).join("");
  const words = nameWords(text).join("");
  return words.length > 0 && (own.endsWith(words) || words.endsWith(own) || words === "secret");
}

/** A word of a program or of its users: `userPassword`, `auth.password`, `:password`, `X-Api-Key`. */
function isWord(text: string, file: TextFile): boolean {
  if (/^[:@?$&#.<>=!]/.test(text) && /^[:@?$&#.<>=!]+(?:[\w-][\w.:-]*)?$/.test(text) && !/\d/.test(text)) return true;
  if (/^[A-Za-z]+(?:[._:/-][A-Za-z]+)+$/.test(text))
    return isCode(file) || /[./]/.test(text) || credentialName(text) !== undefined;
  if (/^[a-z]+(?:[A-Z][a-z]+)+$/.test(text)) return isCode(file) || credentialName(text) !== undefined;
  if (/^[A-Z]+(?:_[A-Z]+)+$/.test(text)) return true;
  if (/^(?:required|nullable|sometimes|string|confirmed|min|max)(?:[|:,]|$)/.test(text)) return true;
  if (!isCode(file)) return false;
  return /\s/.test(text) || /^[A-Za-z_]*(?:pass|pwd|secret|token|login|user|auth|field|input)[A-Za-z_]*$/i.test(text);
}

/** Long and mixed enough to be drawn at random, not thought up. */
function isKeyLike(written: string): boolean {
  const text = written.replace(/^["']|["'][;,]?$/g, "");
  if (text.length < 10 || /\s/.test(text) || isAddress(text)) return false;
  if (/^[0-9a-f]+$/i.test(text))
    return text.length >= 20 && entropy(text) >= 3 && /\d/.test(text) && /[a-f]/i.test(text);
  if (/^[0-9a-f]{8}-[0-9a-f]{4}-/i.test(text)) return true;
  if (entropy(text) < 3 || /^[\d.:+-]+$/.test(text)) return false;
  if (/^[A-Za-z]+(?:[-_./:][A-Za-z]+)*\d{0,4}$/.test(text) && !looksGenerated(text)) return false;
  // Words with a number or two between them are names: `order-service-2-token`, `X509v3-key`.
  if (
    /^[a-z]+\d{0,3}(?:[-_.:][a-z]+\d{0,3})+$/i.test(text) &&
    text.length < 40 &&
    !/[A-Z].*[A-Z]/.test(text.slice(1))
  ) {
    return text.split(/[-_.:]/).some((part) => /\d[a-z]+\d/i.test(part));
  }
  return /\d/.test(text) || (text.length >= 20 && /[a-z]/.test(text) && /[A-Z]/.test(text));
}

/** `api/v2/user/login`: words between slashes. */
const isAddress = (text: string): boolean =>
  /^\/?[\w.{}:-]+(?:\/[\w.{}:-]+)+\/?$/.test(text) &&
  !text.split("/").some((part) => looksGenerated(part)) &&
  /^[a-z/{}:._\d-]+$/.test(text);

/** Keeps, of finds that overlap, the most specific. */
function withoutOverlaps(all: readonly Credential[]): readonly Credential[] {
  if (all.length < 2) return all;
  const ordered = all.toSorted(
    (a, b) =>
      a.at.start - b.at.start ||
      rank(a.found.kind) - rank(b.found.kind) ||
      Number(b.name !== undefined) - Number(a.name !== undefined),
  );
  const kept: Credential[] = [];
  for (const next of ordered) {
    const last = kept.at(-1);
    if (last === undefined || last.at.end <= next.at.start) kept.push(next);
    else if (rank(next.found.kind) < rank(last.found.kind)) kept[kept.length - 1] = next;
    else if (last.name === undefined && next.name !== undefined && overlaps(last.at, next.at)) {
      // The same find, once by itself and once under its name.
      kept[kept.length - 1] = { ...last, name: next.name, value: next.value };
    }
  }
  return kept;
}

/** What the place makes of a find: softer, a guess, or nothing. */
function judged(c: Credential, file: TextFile, today: string): Credential | undefined {
  const { found } = c;
  const own = inCredentialsFile(c, file);
  if (file.isForeign && !isStrong(own)) return undefined;
  if (isInComment(file, c.at)) {
    // Comments show how a call is written.
    if (!tellsByItself(found.kind) || (isCode(file) && found.kind === "authorization-header")) return undefined;
  }
  let { severity } = own;
  if (found.grade !== "live") severity = found.kind === "jwt" ? "info" : softer[severity];
  if (found.kind === "jwt") {
    if (found.provider === "supabase" && found.grade === "live") severity = "error";
    if (found.expires !== undefined && isPast(found.expires, today)) severity = "info";
  }
  if (found.fallback === true && c.rule === "default-password") severity = softer[severity];
  if (c.value?.use === "fallback" && c.rule === "default-password") severity = softer[severity];
  if (file.isTest) {
    if (!isStrong(own)) return undefined;
    severity = softer[severity];
  } else if (file.isDevelopment) severity = softer[severity];
  if (file.isExample && !isStrong(own)) {
    if (own.rule === "default-password" || !isFilledIn(file.text.slice(c.at.start, c.at.end))) return undefined;
    severity = softer[severity];
  }
  let isGuess = false;
  if (file.isDocumentation && !isStrong(own)) {
    const text = file.text.slice(c.at.start, c.at.end);
    if (own.rule === "default-password" || !looksGenerated(text) || isBasic(found)) return undefined;
    severity = "info";
    isGuess = own.rule === "generic-secret" || own.rule === "hardcoded-password";
  }
  return { ...own, severity, isGuess };
}

/** A login in base64, which looks drawn at random whatever it holds. */
const isBasic = ({ kind, user }: Classification): boolean => kind === "authorization-header" && user !== undefined;

/** More than a word that stands for the value to come. */
const isFilledIn = (text: string): boolean =>
  looksGenerated(text) || (text.length >= 8 && /\d/.test(text) && /[A-Za-z]/.test(text));

/** Tokens and keys count wherever they stand. */
const isStrong = ({ rule }: Credential): boolean => rule === "provider-token" || rule === "private-key";

/** Seconds since 1970 of the first moment of a day, written as `YYYY-MM-DD`. */
const isPast = (seconds: number, today: string): boolean => seconds * 1000 < Date.parse(`${today}T00:00:00Z`);

/** Whether the line up to the place is a comment, as most formats write them. */
export function isInComment({ text, format, kind }: TextFile, { start }: Span): boolean {
  if (format === "json" || format === "markdown" || format === "notebook") return false;
  if (format === "plain" && kind === undefined) return false;
  const before = text.slice(Math.max(0, start - longestLine), start);
  const line = before.slice(before.lastIndexOf("\n") + 1);
  if (format === "xml") return line.lastIndexOf("<!--") > line.lastIndexOf("-->");
  if (format === "code") return /^\s*(?:#(?!\{)|\/\/|\/?\*|<!--|--\s|;|rem\s)|\s(?:\/\/|#)\s/i.test(line);
  return /^\s*(?:#|;|!|rem\s)|\s#\s/i.test(line) || (format === "hcl" && /^\s*(?:\/\/|\/?\*)/.test(line));
}

/** In such a file a login is what the file is there for, unless the credential tells more by itself. */
function inCredentialsFile(c: Credential, file: TextFile): Credential {
  if (c.rule === "credentials-file" || !isCredentialsFile(file.file)) return c;
  if (c.rule === "private-key" || c.rule === "jwt" || (c.rule === "provider-token" && c.found.byName !== true))
    return c;
  if (/wp-config\.php$/i.test(basename(file.file)) && c.rule === "default-password") return c;
  return { ...c, rule: "credentials-file", severity: "error" };
}
