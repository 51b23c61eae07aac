/** Credentials that somebody wrote into manifests. */
import type { Container, Context, Field, Manifest, Pod, Span } from "../../../engine/index";
import { serviceImage } from "../images/services";
import {
  type Beside,
  type Classification,
  classify,
  classifyText,
  credentialName,
  looksGenerated,
  nameWords,
} from "../secrets";
import { fromBase64 } from "../secrets/bytes";
import {
  companionOf,
  credentialsInLines,
  credentialsInOptions,
  isTrustStore,
  secretOfImage,
} from "../written-credentials";
import { credentialsInWords, isObjectName, type WordCredential } from "./command-words";

interface Found {
  readonly found: Classification;
  /** The name that it is given for; undefined where it stands by itself. */
  readonly name: string | undefined;
  /** The credential alone, where it stands in clear. */
  readonly at: Span;
  /** The whole scalar. */
  readonly field: Field;
}

/** In the literal value of a variable. */
export interface VariableCredential extends Found {
  readonly variable: string;
  /** The item of `env`. */
  readonly item: Field;
}

/** In an entry of a ConfigMap or of a Secret. */
export interface EntryCredential extends Found {
  readonly key: string;
  /** The text behind the base64, where it is written so. */
  readonly text: string;
  /** The credential makes up the whole entry. */
  readonly isWhole: boolean;
}

/** In a command, an argument, a probe or a hook. */
export interface CommandCredential extends WordCredential {
  /** Kubernetes puts variables in place of `$(NAME)` there. */
  readonly expands: boolean;
}

const once = <T>(context: Context, what: string, manifest: Manifest, field: Field, compute: () => T): T =>
  context.once(`${what} ${manifest.index} ${field.start}`, compute);

export const variableCredentials = (container: Container, context: Context): readonly VariableCredential[] =>
  once(context, "variable credentials", container.pod.manifest, container.field, () => ofVariables(container));

function ofVariables(container: Container): readonly VariableCredential[] {
  return container.env.flatMap(({ name, field: item, value }): VariableCredential[] => {
    const text = value?.string;
    if (value === undefined || text === undefined || text === "" || isTrustStore(name) || isNoValue(name, text))
      return [];
    const given = { name, value: text, beside: besideVariable(name, container) };
    const image = container.reference && serviceImage(container.reference);
    const found = classify(given) ?? secretOfImage(image, given);
    const at = (f: Classification): Span => value.part(f.span.start, f.span.end);
    if (found !== undefined) return [{ found, name, variable: name, at: at(found), field: value, item }];
    if (!/(?:ARGS|OPTS|OPTIONS|FLAGS)$/.test(name)) return [];
    return credentialsInOptions(text).map((o) => ({ ...o, variable: name, at: at(o.found), field: value, item }));
  });
}

/** A name in the place of a value: that of an object, or the variable's own as a mark of what comes there. */
const isNoValue = (name: string, value: string): boolean =>
  isObjectName(name, value) || (name.length > 5 && /^[A-Z][A-Z0-9_]*$/.test(value) && value.includes(name));

function besideVariable(name: string, container: Container): Beside {
  const beside: Record<string, string> = { service: container.name };
  if (container.reference !== undefined) beside["image"] = container.reference.repository;
  for (const other of container.env) {
    const role = companionOf(name, other.name);
    const text = other.value?.string;
    if (role !== undefined && text !== undefined) beside[role] ??= text;
  }
  return beside;
}

export const commandCredentials = (container: Container, context: Context): readonly CommandCredential[] =>
  once(context, "command credentials", container.pod.manifest, container.field, () => ofCommands(container));

function ofCommands(container: Container): readonly CommandCredential[] {
  const { field } = container;
  const hooks = ["postStart", "preStop"].flatMap((hook) => field.at("lifecycle", hook) ?? []);
  const others = [...container.probes, ...hooks];
  const commands = others.flatMap((probe) => probe.at("exec", "command") ?? []);
  const headers = others.flatMap((probe) => probe.at("httpGet", "httpHeaders")?.items ?? []);
  return [
    ...credentialsInWords(container.words).map((c) => ({ ...c, expands: true })),
    ...commands.flatMap((c) => credentialsInWords(c.items).map((w) => ({ ...w, expands: false }))),
    ...headers.flatMap(inHeader),
  ];
}

function inHeader(header: Field): readonly CommandCredential[] {
  const name = header.get("name")?.string ?? "";
  const value = header.get("value");
  const found = value?.string === undefined ? undefined : classify({ name, value: value.string });
  if (found === undefined || value === undefined) return [];
  const at = value.part(found.span.start, found.span.end);
  return [{ found, name, at, field: value, isScript: false, expands: false }];
}

/** What a secrets operator, or an encryption of the file, puts in place. */
const isSealed = ({ root }: Manifest): boolean => root.has("sops");

const text = (field: Field): string | undefined => (field.kind === "scalar" ? field.string : undefined);

/** Settings, by the endings of files that hold some; a name without an ending is a variable or a setting. */
const settingsEnding = /\.(?:env|properties|ini|conf|cnf|cfg|ya?ml|json|toml|xml|tfvars|config|settings)$/i;
const isSettings = (key: string): boolean =>
  settingsEnding.test(key) || !/.\.[A-Za-z]\w*$/.test(key) || /^[A-Z0-9_.]+$/.test(key);

/** The credentials in a text of settings; of a program's text only what shows itself. */
function inDocument(key: string, document: string): readonly { found: Classification; name: string | undefined }[] {
  if (!isSettings(key)) return classifyText(document).map((found) => ({ found, name: undefined }));
  const lines = credentialsInLines(document).filter(({ found, name }) => {
    const value = document.slice(found.span.start, found.span.end);
    return name === undefined || (!isObjectName(name, value) && !isSchemaWord(value));
  });
  return /^\s*[[{]/.test(document)
    ? [
        ...lines,
        ...inJson(
          document,
          lines.map((l) => l.found),
        ),
      ]
    : lines;
}

/** Types, where a schema or a program's text gives them. */
const isSchemaWord = (value: string): boolean =>
  /^(?:str|string|int|integer|number|bool|boolean|object|array|any|bytes|text|varchar|required|optional)\b/i.test(
    value,
  );

function inJson(
  document: string,
  known: readonly Classification[],
): readonly { found: Classification; name: string | undefined }[] {
  const pairs = document.matchAll(/"([\w./:@-]{2,120})"[ \t]{0,4}:[ \t]{0,4}"((?:[^"\\\n]|\\.){1,400})"/g);
  return [...pairs].flatMap(([whole, name = "", value = ""], i, all) => {
    const found = isTrustStore(name) || isSchemaWord(value) ? undefined : classify({ name, value });
    if (found === undefined || isObjectName(name, value)) return [];
    const shift = (all[i]?.index ?? 0) + whole.length - 1 - value.length;
    const span = { start: found.span.start + shift, end: found.span.end + shift };
    const isKnown = known.some((k) => k.span.start < span.end && span.start < k.span.end);
    return isKnown ? [] : [{ found: { ...found, span }, name }];
  });
}

const isDocument = (value: string): boolean => /\n./.test(value.trim()) || /^\s*[[{]/.test(value);

export const configCredentials = (manifest: Manifest, context: Context): readonly EntryCredential[] =>
  once(context, "config credentials", manifest, manifest.root, () => ofConfig(manifest));

function ofConfig(manifest: Manifest): readonly EntryCredential[] {
  if (!manifest.is("ConfigMap", "") || isSealed(manifest)) return [];
  const data = manifest.root.get("data");
  const plain = (data?.entries ?? []).flatMap(([key, field]) => inEntry(key, field, text(field), data));
  const binary = (manifest.root.get("binaryData")?.entries ?? []).flatMap(([key, field]): EntryCredential[] => {
    const decoded = decodedText(field);
    const found = decoded === undefined ? undefined : classifyText(decoded).find((f) => f.kind === "private-key");
    return found === undefined ? [] : [{ found, name: key, at: field, field, key, text: decoded ?? "", isWhole: true }];
  });
  return [...plain, ...binary];
}

/** Of an entry that stands in clear. */
function inEntry(key: string, field: Field, value: string | undefined, siblings: Field | undefined): EntryCredential[] {
  if (value === undefined || value.trim() === "") return [];
  const at = (f: Classification): Span => field.part(f.span.start, f.span.end);
  if (isDocument(value))
    return inDocument(key, value).map((d) => ({ ...d, at: at(d.found), field, key, text: value, isWhole: false }));
  if (isTrustStore(key) || isNoValue(key, value)) return [];
  const found = classify({ name: key, value, beside: besideEntry(key, siblings) });
  if (found !== undefined) {
    const isWhole = found.span.end - found.span.start === value.trim().length;
    return [{ found, name: key, at: at(found), field, key, text: value, isWhole }];
  }
  if (!/(?:ARGS|OPTS|OPTIONS|FLAGS)$/.test(key)) return [];
  return credentialsInOptions(value).map((o) => ({ ...o, at: at(o.found), field, key, text: value, isWhole: false }));
}

function besideEntry(key: string, siblings: Field | undefined, decode = text): Beside {
  const beside: Record<string, string> = {};
  for (const [other, field] of siblings?.entries ?? []) {
    const role = companionOf(key, other);
    const value = role === undefined ? undefined : decode(field);
    if (role !== undefined && value !== undefined) beside[role] ??= value;
  }
  return beside;
}

/** The text behind base64; undefined where it is none, or binary. */
function decodedText(field: Field): string | undefined {
  const written = text(field)?.replace(/\s+/g, "");
  const decoded = written === undefined || written.length > longestSecret ? undefined : fromBase64(written);
  return decoded === undefined || /[\u0000-\u0008\u000e-\u001f]/.test(decoded) ? undefined : decoded;
}

const longestSecret = 64_000;

/** What a Secret holds that opens something. */
export const secretCredentials = (manifest: Manifest, context: Context): readonly EntryCredential[] =>
  once(context, "secret credentials", manifest, manifest.root, () => ofSecret(manifest));

function ofSecret(manifest: Manifest): readonly EntryCredential[] {
  const { root } = manifest;
  if (!manifest.is("Secret", "") || isSealed(manifest)) return [];
  // The state of a release: a chart, not a secret that somebody wrote.
  if (root.get("type")?.string?.startsWith("helm.sh/") === true) return [];
  const inClear = root.get("stringData");
  const encoded = root.get("data");
  return [
    ...(inClear?.entries ?? []).flatMap(([key, field]) =>
      ofSecretEntry(key, field, text(field), besideEntry(key, inClear)),
    ),
    ...(encoded?.entries ?? []).flatMap(([key, field]) =>
      ofSecretEntry(key, field, decodedText(field), besideEntry(key, encoded, decodedText)).map((c) => ({
        ...c,
        at: field,
      })),
    ),
  ];
}

/** What a client of registries keeps: `user:password` in base64, or the password in clear. */
function inRegistryLogins(json: string): readonly Classification[] {
  const logins = json.matchAll(/"(auth|password|identitytoken)"\s{0,9}:\s{0,9}"([^"\\\s]{1,4096})"/g);
  return [...logins].flatMap((login) => {
    const [whole, name, value = ""] = login;
    const decoded = name === "auth" ? (fromBase64(value) ?? "") : `:${value}`;
    const found = classify({ name: "password", value: decoded.slice(decoded.indexOf(":") + 1) });
    const start = login.index + whole.length - 1 - value.length;
    return found === undefined ? [] : [{ ...found, span: { start, end: start + value.length } }];
  });
}

/** The kind of object says that the values are secret; so keys count that say nothing elsewhere. */
const secretKeys = /^(?:key|auth|pin|value|secret|token-secret|license-key|ssh-privatekey|passphrase|pass|pw)$/i;

function ofSecretEntry(key: string, field: Field, value: string | undefined, beside: Beside): EntryCredential[] {
  const trimmed = value?.trim() ?? "";
  if (value === undefined || trimmed === "" || isTrustStore(key)) return [];
  const at = (f: Classification): Span => field.part(f.span.start, f.span.end);
  const keep = (found: Classification, name: string | undefined, isWhole: boolean): EntryCredential[] => [
    { found, name, at: at(found), field, key, text: value, isWhole },
  ];
  if (/^\.dockerc(?:onfigjson|fg)$/.test(key))
    return inRegistryLogins(value).flatMap((found) => keep(found, "the login of a registry", false));
  if (isDocument(value)) return inDocument(key, value).flatMap(({ found, name }) => keep(found, name, false));
  const name = secretKeys.test(key) ? "client_secret" : key;
  const found = classify({ name, value, beside });
  if (found !== undefined) return keep(found, key, true);
  const isPlain = nameWords(key).some((word) => harmless.has(word)) || credentialName(key) !== undefined;
  const unnamed = isPlain || !looksGenerated(trimmed) ? undefined : classify({ name: "client_secret", value });
  return unnamed === undefined ? [] : keep(unnamed, key, true);
}

/** What stands beside a secret and opens nothing. */
const harmless: ReadonlySet<string> = new Set(
  [
    "user",
    "username",
    "login",
    "host",
    "hostname",
    "port",
    "database",
    "db",
    "endpoint",
    "server",
    "url",
    "uri",
    "id",
  ].concat(
    [
      "region",
      "bucket",
      "email",
      "name",
      "namespace",
      "type",
      "crt",
      "cert",
      "certificate",
      "ca",
      "pub",
      "public",
      "hosts",
    ],
    ["fingerprint", "hash", "sum", "checksum", "sha", "digest", "version", "project", "account", "tenant", "address"],
  ),
);

export const ownerOf = (pod: Pod): string => pod.manifest.name ?? pod.manifest.kind.toLowerCase();

/** A credential in the state of a Secret that kubectl noted down in an annotation. */
export function appliedCredentials(manifest: Manifest): { readonly at: Field; readonly key: string } | undefined {
  if (!manifest.is("Secret", "") || isSealed(manifest)) return undefined;
  const at = manifest.annotation("kubectl.kubernetes.io/last-applied-configuration");
  const entries = at?.string === undefined ? [] : appliedEntries(at.string);
  const key = entries.find(([name, value]) => {
    const found = classify({ name, value });
    return found !== undefined && found.kind !== "default-password";
  })?.[0];
  return at === undefined || key === undefined ? undefined : { at, key };
}

function appliedEntries(json: string): readonly (readonly [string, string])[] {
  try {
    const { data, stringData } = JSON.parse(json) as Record<string, unknown>;
    const textsOf = (map: unknown): readonly (readonly [string, string])[] =>
      Object.entries(typeof map === "object" && map !== null ? map : {}).filter(([, v]) => typeof v === "string");
    return [...textsOf(stringData), ...textsOf(data).map(([name, v]) => [name, fromBase64(v) ?? ""] as const)];
  } catch {
    return [];
  }
}
