/** Credentials that stand in a Dockerfile: in its variables and labels, and in the words of the commands that it runs. */
import {
  Arg,
  Env,
  readOptions,
  Run,
  type Assignment,
  type Command,
  type Pair,
  type RunningInstruction,
  type ShellWord,
  type Span,
  type Stage,
} from "../../engine/index";
import { writtenTexts, type WrittenText } from "./file-texts";
import { credentialOf, serviceImage, type ServiceImage } from "./images/services";
import {
  classify,
  classifyText,
  credentialName,
  looksGenerated,
  nameWords,
  type Beside,
  type Classification,
  type NamedValue,
} from "./secrets";

export interface WrittenCredential {
  readonly found: Classification;
  readonly at: Span;
  /** The name that it is given for; undefined where it stands by itself. */
  readonly name: string | undefined;
}

/** A trust store holds what is public: its password protects nothing. */
export const isTrustStore = (name: string): boolean => /trust_?store|cacerts/i.test(name);

/** Compiled into what browsers load: the value is public in any case. */
export const isClientSide = (name: string): boolean =>
  /^(?:VITE|REACT_APP|NEXT_PUBLIC|NUXT_PUBLIC|EXPO_PUBLIC|GATSBY|VUE_APP|NG_APP|STORYBOOK)_/.test(name);

/** Whether a build argument of that name is a secret. */
export function isBuildSecret(name: string): boolean {
  const kind = credentialName(name);
  if (kind === undefined || kind === "connection") return false;
  return !(isClientSide(name) && /^(?:key|key-id|token)$/.test(kind));
}

/** The credential that a pair of ENV, ARG or LABEL gives; of a reference, what it comes to where its own name is plain. */
export function credentialOfPair(pair: Pair): WrittenCredential | undefined {
  const { value } = pair;
  const name = pair.name.text;
  if (value === undefined || value.text === "" || isTrustStore(name)) return undefined;
  const beside = new PairBeside(pair);
  const found =
    classify({ name, value: value.text, beside }) ?? ofService(serviceOf(pair.instruction.stage), pair, beside);
  if (found !== undefined) return { found, at: partOf(pair, found), name };
  if (!value.text.includes("$")) return undefined;
  const { names } = pair.instruction.expand(value);
  const { resolved } = pair;
  if (!resolved.known || names.some((n) => credentialName(n) !== undefined)) return undefined;
  const behind = classify({ name, value: resolved.value, beside });
  return behind === undefined ? undefined : { found: behind, at: value, name };
}

/** Names that only the image itself makes a credential, such as `PASS` of Infinispan. */
function ofService(service: ServiceImage | undefined, pair: Pair, beside: Beside): Classification | undefined {
  return secretOfImage(service, { name: pair.name.text, value: pair.value?.text ?? "", beside });
}

/** The value of a variable that is a secret to that image alone; undefined for names that tell it by themselves. */
export function secretOfImage(
  service: ServiceImage | undefined,
  { name, value, beside }: NamedValue,
): Classification | undefined {
  if (service === undefined || service.credentials.length === 0) return undefined;
  if (credentialName(name) !== undefined || /(?:ARGS|OPTS|OPTIONS|CONFIG)$/.test(name)) return undefined;
  if (credentialOf(service, name)?.role !== "secret") return undefined;
  return classify({ name: "password", value, beside: beside ?? {} });
}

/** The service that a stage's base image is. */
export function serviceOf(stage: Stage | undefined): ReturnType<typeof serviceImage> {
  const image = stage?.rootImage;
  return image === undefined ? undefined : serviceImage(image);
}

function partOf(pair: Pair, { span }: Classification): Span {
  const { value } = pair;
  if (value === undefined) return pair;
  const quoted = value.raw === `"${value.text}"` || value.raw === `'${value.text}'` ? 1 : 0;
  const exact = value.raw.length === value.to - value.from && (quoted === 1 || value.raw === value.text);
  return exact ? value.part(span.start + quoted, span.end + quoted) : value;
}

const userWords = /^(?:user|username|login)$/;
const databaseWords = /^(?:db|database|dbname)$/;

/** What a variable beside a credential names, where both have the same prefix: `POSTGRES_USER` beside `POSTGRES_PASSWORD`. */
export function companionOf(credential: string, name: string): "user" | "database" | undefined {
  const words = nameWords(name);
  const last = words.at(-1) ?? "";
  const role = userWords.test(last) ? "user" : databaseWords.test(last) ? "database" : undefined;
  if (role === undefined) return undefined;
  const own = nameWords(credential).slice(0, -1);
  return words.slice(0, -1).every((word, i) => own[i] === word) ? role : undefined;
}

/** The values beside a credential. Few values are judged by them, and looking for them reads the whole stage. */
class PairBeside implements Beside {
  constructor(private readonly pair: Pair) {}

  get user(): string | undefined {
    return besideValue(this.pair, "user");
  }

  get database(): string | undefined {
    return besideValue(this.pair, "database");
  }

  get image(): string | undefined {
    return this.pair.instruction.stage?.rootImage?.repository;
  }
}

function besideValue(pair: Pair, role: "user" | "database"): string | undefined {
  for (const instruction of pair.instruction.stage?.history ?? []) {
    if (!(instruction instanceof Env || instruction instanceof Arg)) continue;
    const same = instruction.pairs.find(({ name }) => companionOf(pair.name.text, name.text) === role);
    if (same !== undefined) return same.resolved.known ? same.resolved.value : undefined;
  }
  return undefined;
}

/**
 * Every credential in the words of a command, in the files it writes and in the variables it is given. `instruction`: the
 * one of a Dockerfile that runs it.
 */
export function credentialsOfCommand(command: Command, instruction?: RunningInstruction): readonly WrittenCredential[] {
  const kept: WrittenCredential[] = [];
  const keep = (next: WrittenCredential): void => {
    if (!kept.some((k) => k.at.start < next.at.end && next.at.start < k.at.end)) kept.push(next);
  };
  for (const word of command.written) {
    // Tokens, keys, headers and URLs: known by themselves.
    for (const found of classifyText(word.source)) {
      keep({ found, at: placeIn(word, word.source, found), name: undefined });
    }
  }
  for (const { name, value, word, user } of named(command)) given(name, value, word, user).forEach(keep);
  for (const assignment of command.assignments) ofAssignment(assignment, instruction).forEach(keep);
  for (const written of writtenTexts(command)) credentialsWritten(written).forEach(keep);
  return kept;
}

/** The place of what was found in `text`, which stands at the end of the word, or makes it up. */
function placeIn(word: ShellWord, text: string, { span }: Pick<Classification, "span">): Span {
  const at = word.raw.lastIndexOf(text);
  if (at < 0) return word.find(text.slice(span.start, span.end)) ?? word;
  return word.part(at + span.start, at + span.end);
}

function given(name: string, written: string, word: ShellWord, user: string | undefined): WrittenCredential[] {
  const value = written.replace(/^(["'])(.*)\1$/, "$2");
  const found = isTrustStore(name) ? undefined : classify({ name, value, beside: { user } });
  return found === undefined ? [] : [{ found, at: placeIn(word, value, found), name }];
}

/**
 * A variable of the shell. One that a build step alone is given (`SECRET_KEY=for-the-build python manage.py …`) counts
 * only where it looks real.
 */
export function ofAssignment({ name, value }: Assignment, instruction?: RunningInstruction): WrittenCredential[] {
  if (value === undefined || isTrustStore(name)) return [];
  const found = classify({ name, value: value.source });
  if (found === undefined) return [];
  if (instruction instanceof Run && !looksReal(found, value.source)) return [];
  return [{ found, at: placeIn(value, value.source, found), name }];
}

function looksReal({ kind }: Classification, text: string): boolean {
  if (kind === "generic") return looksGenerated(text);
  return kind !== "password" || (/\d/.test(text) && /[A-Za-z]/.test(text));
}

/** Where the words of a command give a value for a credential's name, whatever the value is. */
export const credentialPlaces = (command: Command): readonly { readonly name: string; readonly at: Span }[] =>
  named(command).flatMap(({ name, value, word }) =>
    credentialName(name) === undefined
      ? []
      : [{ name, at: placeIn(word, value, { span: { start: 0, end: value.length } }) }],
  );

interface Named {
  readonly name: string;
  readonly value: string;
  /** The word in which the value stands. */
  readonly word: ShellWord;
  readonly user?: string | undefined;
}

/** What the command's words give under a name: options, `name=value`, headers, settings, SQL. */
function named(command: Command): readonly Named[] {
  const pairs: Named[] = [];
  const { args } = command;
  args.forEach((word, i) => {
    const { source } = word;
    const next = args[i + 1];
    const equals = source.includes("=") ? /^(?:-[DP]|-{0,2})([\w./:@-]{2,120}?)=(.+)$/s.exec(source) : null;
    if (equals !== null) pairs.push({ name: optionName(equals[1] ?? ""), value: equals[2] ?? "", word });
    else if (
      next !== undefined &&
      /^--[a-z][\w-]+$/i.test(source) &&
      !next.source.startsWith("-") &&
      credentialName(optionName(source)) !== undefined
    ) {
      pairs.push({ name: optionName(source), value: next.source, word: next });
    }
    const before = args[i - 1]?.source;
    const header = before === "-H" || before === "--header" ? /^([A-Za-z][\w-]{2,60}): *(\S+)$/.exec(source) : null;
    if (header !== null) pairs.push({ name: header[1] ?? "", value: header[2] ?? "", word });
    if (!source.includes("'")) return;
    for (const sql of source.matchAll(
      /\b(?:IDENTIFIED(?: WITH \w+)? BY|(?:WITH )?(?:ENCRYPTED )?PASSWORD) {0,3}'([^']{1,200})'/gi,
    )) {
      pairs.push({ name: "password", value: sql[1] ?? "", word });
    }
  });
  pairs.push(...shortOptions(command), ...settingsOf(command));
  return pairs;
}

/** Passwords by the manuals of Redis and its kin, whose names do not say so. */
const passwordOptions = /^(?:requirepass|masterauth|auth-?pass)$/i;

function optionName(text: string): string {
  const name = text.replace(/^-+/, "");
  return passwordOptions.test(name) ? "password" : name;
}

const logsIn = set("docker podman nerdctl buildah skopeo oras crane helm oc az cf kubelogin");
const clientsOfMysql = set("mysql mysqldump mysqladmin mysqlimport mysqlsh mariadb mariadb-dump mariadb-admin");
const clientsOfMongo = set("mongo mongosh mongodump mongorestore mongoimport mongoexport");
const clientsOfLdap = set("ldapsearch ldapadd ldapmodify ldapdelete ldapwhoami ldappasswd");

function set(words: string): ReadonlySet<string> {
  return new Set(words.split(" "));
}

/** Short options that take a password, after each program's manual; `login` where `user:password` stands in one word. */
function shortOptions(command: Command): Named[] {
  const { name, args } = command;
  if (clientsOfMysql.has(name)) return attached(command, "-p");
  if (name === "7z" || name === "7za") return attached(command, "-p");
  if (clientsOfMongo.has(name) || name === "sshpass" || (logsIn.has(name) && args.some((a) => a.source === "login")))
    return short(command, "p", "pu");
  if (clientsOfLdap.has(name)) return short(command, "w", "wDHbs");
  if (name === "redis-cli" || name === "valkey-cli") return short(command, "a", "ahpnu");
  if (name === "doctl") return short(command, "t", "tcuo");
  if (name === "sqlcmd" || name === "bcp") return short(command, "P", "PSUdQqio");
  if (name === "zip" || name === "unzip") return short(command, "P", "Pdx");
  if (name === "curl" || name === "http" || name === "https") return logins(command);
  if (name === "keytool") return words(command, /^-(?:src|dest)?(?:store|key)pass$/);
  if (name === "openssl") {
    const passwords = words(command, /^-pass(?:in|out)?$/).filter((n) => n.value.startsWith("pass:"));
    return passwords.map((n) => ({ ...n, value: n.value.slice(5) }));
  }
  return [];
}

const password = (word: ShellWord, value: string, user?: string): Named => ({ name: "password", value, word, user });

const attached = ({ args }: Command, option: string): Named[] =>
  args.flatMap((a) => (a.source.startsWith(option) && a.source.length > 2 ? [password(a, a.source.slice(2))] : []));

function short(command: Command, letter: string, valued: string): Named[] {
  const found = readOptions(command, { short: valued }).all(`-${letter}`);
  return found.flatMap((o) =>
    o.value === undefined || o.valueWord === undefined || o.value === "" ? [] : [password(o.valueWord, o.value)],
  );
}

/** `-option value` of programs with long options of one dash. */
const words = ({ args }: Command, option: RegExp): Named[] =>
  args.flatMap((a, i) => {
    const next = args[i + 1];
    return option.test(a.source) && next !== undefined ? [password(next, next.source)] : [];
  });

function logins({ args }: Command): Named[] {
  return args.flatMap((a, i) => {
    const isLogin = /^(?:-[a-zA-Z]*[uUa]|--(?:proxy-)?user|--auth)$/.test(args[i - 1]?.source ?? "");
    const login = isLogin ? /^([^:\s]{0,100}):(.+)$/.exec(a.source) : null;
    return login === null ? [] : [password(a, login[2] ?? "", login[1])];
  });
}

const configured = set("npm yarn pnpm aws git pip pip3 poetry bundle composer gcloud");

/** `aws configure set NAME VALUE`, `npm config set NAME VALUE`, `poetry config http-basic.x user password`. */
function settingsOf({ name, args }: Command): Named[] {
  if (name === "rabbitmqctl") {
    const at = args.findIndex((a) => /^(?:add_user|change_password)$/.test(a.source));
    const value = at < 0 ? undefined : args[at + 2];
    return value === undefined ? [] : [password(value, value.source, args[at + 1]?.source)];
  }
  if (!configured.has(name) || !args.some((a) => /^conf(?:ig|igure)$/.test(a.source))) return [];
  return args.flatMap((a, i) => {
    const next = args[i + 1];
    const last = args[i + 2];
    if (/^http-basic\./.test(a.source) && next !== undefined && last !== undefined)
      return [password(last, last.source, next.source)];
    const isName = credentialName(a.source) !== undefined || /^pypi-token\./.test(a.source);
    if (!isName || next === undefined || next.source.startsWith("-")) return [];
    return [{ name: credentialName(a.source) === undefined ? "token" : a.source, value: next.source, word: next }];
  });
}

/** What a text of options gives, such as `JAVA_OPTS` and `REDIS_ARGS` hold; offsets in the text. */
export function credentialsInOptions(text: string): readonly { found: Classification; name: string }[] {
  if (text.length > 4096) return [];
  const options = text.matchAll(/(?:^|\s)(-{1,2}[A-Za-z][\w.-]{1,80})(?:=|[ \t]{1,4})([^\s-]\S{0,200})/g);
  return [...options].flatMap(([all, option = "", written = ""], i, whole) => {
    const name = optionName(option.replace(/^-D/, ""));
    const value = written.replace(/^(["'])(.*)\1$/, "$2");
    const found = credentialName(name) === undefined || isTrustStore(name) ? undefined : classify({ name, value });
    if (found === undefined) return [];
    const start = (whole[i]?.index ?? 0) + all.length - written.length + (value === written ? 0 : 1) + found.span.start;
    return [{ found: { ...found, span: { start, end: start + found.span.end - found.span.start } }, name }];
  });
}

/** Lines `NAME=value` and `name: value` that echo, printf or a here-document put into a file. */
const credentialsWritten = (written: WrittenText): WrittenCredential[] =>
  credentialsInLines(written.text).map(({ found, name }) => ({
    found,
    name,
    at: written.span(found.span.start, found.span.end),
  }));

/** What a text of settings gives; offsets in the text. */
export function credentialsInLines(text: string): readonly { found: Classification; name: string | undefined }[] {
  const all = classifyText(text).map((found): { found: Classification; name: string | undefined } => ({
    found,
    name: undefined,
  }));
  for (const line of text.matchAll(
    /^[ \t]{0,40}(?:export[ \t]+)?["']?([\w./:@-]{2,120}?)["']?[ \t]{0,4}[=:][ \t]{0,4}(\S[^\n]{0,400})$/gm,
  )) {
    const name = line[1] ?? "";
    const written = (line[2] ?? "").trimEnd().replace(/[,;]$/, "");
    const value = written.replace(/^(["'])(.*)\1$/, "$2");
    const found = isTrustStore(name) ? undefined : classify({ name, value });
    if (found === undefined) continue;
    const start = line.index + line[0].lastIndexOf(written) + (value === written ? 0 : 1) + found.span.start;
    const span = { start, end: start + found.span.end - found.span.start };
    if (!all.some((a) => a.found.span.start < span.end && span.start < a.found.span.end))
      all.push({ found: { ...found, span }, name });
  }
  return all;
}
