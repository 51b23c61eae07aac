/** Credentials in the words that a container is started or probed with. */
import type { Field, Span } from "../../../engine/index";
import { type Classification, classify, classifyText, credentialName, looksGenerated } from "../secrets";
import { credentialsInOptions, isTrustStore } from "../written-credentials";

export interface WordCredential {
  readonly found: Classification;
  readonly name: string | undefined;
  readonly at: Span;
  /** The item of the list in which it stands. */
  readonly field: Field;
  /** The item is the text of a shell. */
  readonly isScript: boolean;
}

/** A word of a command, with the place of its characters in the item. */
interface Word {
  readonly text: string;
  readonly from: number;
  readonly field: Field;
}

const shells = /^(?:\/(?:usr\/)?(?:local\/)?bin\/)?(?:sh|bash|ash|dash|zsh|ksh)$/;

/** The credentials in the items of a command, its program first where it is known. */
export function credentialsInWords(items: readonly Field[]): readonly WordCredential[] {
  const texts = items.flatMap((field) => (field.string === undefined ? [] : [{ text: field.string, field }]));
  const hasShell = texts.some(({ text }) => shells.test(text));
  const plain: Word[] = [];
  const found: WordCredential[] = [];
  for (const { text, field } of texts) {
    const isScript = text.length <= longestScript && /\s/.test(text) && (hasShell || texts.length === 1);
    if (isScript) found.push(...inScript(text, field));
    else plain.push({ text, from: 0, field });
  }
  const [first = ""] = texts.map(({ text }) => text);
  return [...found, ...inCommand(first, plain, false)].filter(unlike);
}

/** Longer texts are programs in the clothes of an argument. */
const longestScript = 20_000;

/** What an earlier find covers is left out. */
function unlike(next: WordCredential, at: number, all: readonly WordCredential[]): boolean {
  return !all
    .slice(0, at)
    .some((e) => e.field.start === next.field.start && e.at.start < next.at.end && next.at.start < e.at.end);
}

function inScript(text: string, field: Field): readonly WordCredential[] {
  const found: WordCredential[] = ofText(text, 0, field, true);
  for (const { found: f, name } of credentialsInOptions(text)) found.push(...keep(f, name, 0, field, true));
  for (const command of commandsOf(text, field)) {
    const at = command.findIndex((word) => !/^\w+=/.test(word.text) && !/^(?:exec|sudo|time|export)$/.test(word.text));
    for (const { text: word, from } of at < 0 ? command : command.slice(0, at))
      found.push(...assigned(word, from, field));
    if (at >= 0) found.push(...inCommand(command[at]?.text ?? "", command.slice(at + 1), true));
  }
  return found;
}

/** The simple commands of a script, cut up roughly: what stands in quotes is one word. */
function commandsOf(text: string, field: Field): readonly (readonly Word[])[] {
  const commands: Word[][] = [[]];
  for (const part of text.matchAll(
    /[;&|\n()]+|(?:\$\([^()\n]{0,200}\)|[^\s;&|()"']|"[^"\n]{0,400}"|'[^'\n]{0,400}')+/g,
  )) {
    if (/^[;&|\n()]/.test(part[0])) commands.push([]);
    else commands.at(-1)?.push({ text: part[0], from: part.index, field });
  }
  return commands.filter((c) => c.length > 0);
}

function assigned(word: string, from: number, field: Field): WordCredential[] {
  const parts = /^([A-Za-z_]\w{0,80})=(.+)$/.exec(word);
  return parts === null
    ? []
    : given(parts[1] ?? "", parts[2] ?? "", from + word.length - (parts[2] ?? "").length, field, true);
}

const clientsOfMysql = /^(?:mysql|mysqldump|mysqladmin|mysqlimport|mysqlsh|mariadb|mariadb-dump|mariadb-admin)$/;
const clientsOfMongo = /^(?:mongo|mongosh|mongodump|mongorestore|mongoimport|mongoexport|sshpass)$/;
const clientsOfRedis = /^(?:redis-cli|valkey-cli)$/;
const clientsOfWeb = /^(?:curl|http|https)$/;
/** Passwords by the manuals of Redis and its kin, whose names do not say so. */
const passwordOptions = /^(?:requirepass|masterauth|auth-?pass)$/i;

function inCommand(program: string, words: readonly Word[], isScript: boolean): WordCredential[] {
  const name = program.slice(program.lastIndexOf("/") + 1);
  return words.flatMap((word, i) => {
    const before = words[i - 1]?.text ?? "";
    const all = isScript ? [] : ofText(word.text, word.from, word.field, false);
    return [...all, ...named(word, before, isScript), ...short(name, word, before, isScript)];
  });
}

function named({ text, from, field }: Word, before: string, isScript: boolean): WordCredential[] {
  const equals = /^(?:-[DP]|-{0,2})([\w./:@-]{2,120}?)=(.+)$/s.exec(text);
  if (equals !== null) {
    const value = equals[2] ?? "";
    const at = from + text.length - value.length;
    const found = isLabel(equals[1] ?? "", value) ? [] : given(optionName(equals[1] ?? ""), value, at, field, isScript);
    // `--set=auth.password=…`, `--from-literal=password=…`
    return found.length > 0 || value.startsWith("-") ? found : named({ text: value, from: at, field }, "", isScript);
  }
  const option = /^--[a-z][\w-]+$/i.test(before) ? optionName(before) : undefined;
  return option === undefined || text.startsWith("-") ? [] : given(option, text, from, field, isScript);
}

/** Options of cluster programs, such as `--webhook-secret=validating-webhook`, name the Secret; it is in no file. */
const isLabel = (option: string, value: string): boolean =>
  credentialName(option) === "secret" && /^[a-z]+(?:-[a-z]+)+$/.test(value);

function optionName(text: string): string {
  const name = text.replace(/^-+/, "");
  return passwordOptions.test(name) ? "password" : name;
}

/** Short options that take a password, after each program's manual. */
function short(program: string, { text, from, field }: Word, before: string, isScript: boolean): WordCredential[] {
  const password = (value: string): WordCredential[] =>
    given("password", value, from + text.length - value.length, field, isScript);
  if (clientsOfMysql.test(program)) return /^-p./.test(text) ? password(text.slice(2)) : [];
  if (clientsOfMongo.test(program)) return before === "-p" ? password(text) : [];
  if (clientsOfRedis.test(program)) return before === "-a" ? password(text) : [];
  if (!clientsOfWeb.test(program) || !/^(?:-[a-zA-Z]*u|--(?:proxy-)?user)$/.test(before)) return [];
  const login = /^["']?[^:\s]{0,100}:(.+)$/.exec(text);
  return login === null ? [] : password(login[1] ?? "");
}

function given(name: string, written: string, from: number, field: Field, isScript: boolean): WordCredential[] {
  const value = written.replace(/^(["'])(.*)\1$/, "$2").replace(/["']$/, "");
  const found = isTrustStore(name) || isObjectName(name, value) ? undefined : classify({ name, value });
  const shift = value === written || written.startsWith(value) ? 0 : 1;
  return found === undefined ? [] : keep(found, name, from + shift, field, isScript);
}

function ofText(text: string, from: number, field: Field, isScript: boolean): WordCredential[] {
  return classifyText(text).flatMap((found) => keep(found, undefined, from, field, isScript));
}

const keep = (
  found: Classification,
  name: string | undefined,
  from: number,
  field: Field,
  isScript: boolean,
): WordCredential[] => [
  { found, name, at: field.part(from + found.span.start, from + found.span.end), field, isScript },
];

/**
 * Whether a value names an object that holds the secret, as `--default-ssl-secret=ingress/shop-tls` does. Passwords are
 * never names.
 */
export function isObjectName(name: string, value: string): boolean {
  const kind = credentialName(name);
  if (kind === undefined || kind === "password" || kind === "login" || looksGenerated(value)) return false;
  if (/^[a-z0-9][a-z0-9-]*\/[a-z0-9][a-z0-9.-]*$/.test(value)) return true;
  return /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*-(?:secrets?|tls|certs?|ca|creds|credentials?|tokens?|keys)$/.test(value);
}
