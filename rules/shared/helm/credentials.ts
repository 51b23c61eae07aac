/** Credentials that somebody wrote into the values of a chart. */
import { type Context, type Field, type Fix, fixIn, type Span, type ValueSetting, choice } from "../../../engine/index";
import { isObjectName } from "../kubernetes/command-words";
import {
  type Beside,
  type Classification,
  classify,
  classifyText,
  credentialName,
  looksGenerated,
  nameWords,
} from "../secrets";
import { companionOf, credentialsInLines, isTrustStore } from "../written-credentials";

export interface ValueCredential {
  readonly found: Classification;
  /** What it is given for. */
  readonly name: string;
  /** The credential alone. */
  readonly at: Span;
  /** The scalar that it stands in. */
  readonly field: Field;
  readonly setting: ValueSetting;
}

/** The credentials in one entry of the values: its own text, or the texts of its list. */
export const credentialsOf = (setting: ValueSetting, context: Context): readonly ValueCredential[] =>
  context.once(`value credentials ${setting.field.start}`, () => findCredentials(setting));

function findCredentials(setting: ValueSetting): readonly ValueCredential[] {
  const { field } = setting;
  if (field.kind === "scalar") return inScalar(setting, field);
  return field.items
    .filter((item) => item.kind === "scalar" && !item.isShared)
    .flatMap((item) => inScalar(setting, item));
}

function inScalar(setting: ValueSetting, field: Field): readonly ValueCredential[] {
  const text = field.string;
  if (text === undefined || text === "") return [];
  const found = (f: Classification, name: string): ValueCredential => ({
    found: f,
    name,
    at: field.part(f.span.start, f.span.end),
    field,
    setting,
  });
  if (/\n./.test(text)) {
    // A whole file: templates of it are filled in later.
    return credentialsInLines(text)
      .filter(({ found: f, name }) => name === undefined || !isNameOfSecret(name, text.slice(f.span.start, f.span.end)))
      .map(({ found: f, name }) => found(f, name ?? setting.title));
  }
  const name = nameOf(setting);
  if (name === undefined) return classifyText(text).map((f) => found(f, setting.title));
  const classified = classify({ name, value: text, beside: besideOf(setting) });
  return classified === undefined ? [] : [found(classified, setting.title)];
}

/** Words that say no more than that something is given. */
const bare = /^(?:key|keys|value|values|data|plain|plaintext|string|text|content|default)$/i;

/** The name that a value is judged by; undefined where it cannot be a credential's by its name. */
function nameOf(setting: ValueSetting): string | undefined {
  const { name, above, around, field } = setting;
  // An item of `env`, or of what is shaped like it.
  const given = name === "value" ? around.get("name")?.string : undefined;
  const parent = above.at(-1) ?? "";
  // `secret: { name: …, key: … }` says where one is.
  if (bare.test(name) && /secret(?:key)?(?:ref)?$/i.test(parent) && around.has("name")) return undefined;
  const own = given ?? (bare.test(name) ? `${parent}_${name}` : name);
  if (credentialName(own) === undefined || isTrustStore(own)) return undefined;
  return isNameOfSecret(own, field.string ?? "") || isTakenElsewhere(setting) ? undefined : own;
}

/** Names of Secrets, of their keys and of files in them, which charts ask for beside the secrets themselves. */
function isNameOfSecret(name: string, value: string): boolean {
  if (looksGenerated(value)) return false;
  const words = nameWords(name);
  if (/(?:existing|pull|ref|name|kubernetes|k8s)/i.test(words.slice(0, -1).join(" "))) return true;
  if (isObjectName(name, value)) return true;
  const isLowerCase = /^[a-z][a-z0-9]*(?:[-_.][a-z0-9]+)*$/.test(value);
  // `auth.adminSecret: grafana-admin`, `passwordKey: redis-password`.
  if (isLowerCase && /secrets?$/i.test(words.at(-1) ?? "") && /[-.]/.test(value)) return true;
  return (
    isLowerCase &&
    /[-_.](?:passwords?|passwd|pass|keys?|tokens?|secrets?|creds?|credentials?|certs?|tls|auth)$/.test(value)
  );
}

/** The map names a Secret, or a key of one: what stands in it beside that is a name as well, or not used. */
function isTakenElsewhere({ name: own, around }: ValueSetting): boolean {
  const stem = /^(.*)SecretKey$/.exec(own)?.[1];
  // `tokenSecretKey` beside `tokenSecretName`.
  if (stem !== undefined && ["SecretName", "Secret"].some((end) => around.has(stem + end))) return true;
  return around.entries.some(
    ([name, value]) =>
      /^(?:existing\w*Secret\w*|secretName|secretRef|secretKeyRef|fromSecret)$/i.test(name) &&
      value.kind === "scalar" &&
      (value.string ?? "") !== "",
  );
}

function besideOf({ name, around, above }: ValueSetting): Beside {
  const beside: { user?: string; database?: string; service?: string } = {};
  for (const [other, value] of around.entries) {
    const role = companionOf(name, other) ?? (/^(?:user|username|login)$/i.test(other) ? "user" : undefined);
    if (role !== undefined && value.string !== undefined) beside[role] ??= value.string;
  }
  const service = above.find((step) => !/^(?:auth|global|config|server|secrets?|credentials)$/i.test(step));
  return service === undefined ? beside : { ...beside, service };
}

const emptied = (field: Field): ReturnType<Field["replace"]> =>
  field.kind === "scalar" && !(field.string ?? "").includes("\n") ? field.replace("") : undefined;

/** Takes the credential out of the values; the best first. */
export function emptyValue({ field, setting, found }: ValueCredential, context: Context): readonly Fix[] {
  const isItem = field !== setting.field || setting.name === "value";
  const empty = isItem ? undefined : emptied(field);
  if (empty === undefined) return [];
  // A Secret holds the password alone, not the URL around it.
  const isWhole = found.span.start === 0 && found.span.end === field.string?.length;
  const existing = setting.around.entries.find(
    ([name, value]) => isWhole && /^existing\w*Secret(?:Name)?$/i.test(name) && (value.string ?? "") === "",
  );
  const named = existing?.[1].replace(choice(1, "name-of-a-secret"), { snippet: true });
  return [
    ...(existing === undefined
      ? []
      : [
          fixIn(context.file, `Name a Secret in ${existing[0]} instead`, "guided", [
            { edits: empty },
            named && { edits: named },
          ]),
        ]),
    fixIn(context.file, `Leave ${setting.title} to whoever installs the chart`, "guided", [{ edits: empty }]),
  ].filter((fix) => fix !== undefined);
}
