/** What the actions of Helm's templates say. */
import type { Field, ManifestFile, TemplateAction } from "../../../engine/index";
import { credentialName, nameWords } from "../secrets";

/** Strings taken away: names of functions in them call nothing. */
const code = (body: string): string => body.replace(/"(?:[^"\\]|\\.)*"|`[^`]*`/g, '""');

/** Whether an expression calls one of the functions. */
export const calls = (body: string, functions: RegExp): boolean =>
  [...code(body).matchAll(/(?<![\w.$])[a-zA-Z]\w*/g)].some(([word]) => functions.test(word));

/** What makes something else of a value, or only looks at it. */
const hides =
  /^(?:sha1sum|sha256sum|sha512sum|adler32sum|bcrypt|htpasswd|derivePassword|encryptAES|len|empty|eq|ne|lt|gt|le|ge|and|or|not|ternary|kindIs|typeIs|hasKey|contains|hasPrefix|hasSuffix|regexMatch|lookup|include|template|fail|if|with|range|isSecret|genSignedCert)$/;

/** A value that is a credential by its name. */
export interface PrintedValue {
  /** As in `.Values.auth.password`. */
  readonly path: string;
  /** Its last part. */
  readonly name: string;
}

/** The credential among the values that an action prints as it is; undefined where it prints none. */
export function printedCredential({ body, kind }: TemplateAction): PrintedValue | undefined {
  if (kind !== "value" || calls(body, hides)) return undefined;
  for (const [path, names = ""] of code(body).matchAll(/\.Values((?:\.\w+)+)/g)) {
    const name = names.slice(names.lastIndexOf(".") + 1);
    if (isCredential(name)) return { path, name };
  }
  return undefined;
}

/** Names of Secrets and of keys in them are no credentials, nor are names of people. */
function isCredential(name: string): boolean {
  const kind = credentialName(name);
  if (kind !== "password" && kind !== "token" && kind !== "key" && kind !== "secret") return false;
  const words = nameWords(name);
  if (kind === "secret" && /^secrets?$|^credentials?$|^creds$/.test(words.at(-1) ?? ""))
    return /client|app|shared|jwt|webhook|session|cookie/.test(words.join(" "));
  return !/existing|ref|name|mount/.test(words.join(" "));
}

/** The actions that stand in the field. */
export const actionsIn = (file: ManifestFile, { start, end }: Field): readonly TemplateAction[] =>
  (file.template?.actions ?? []).filter((a) => a.start >= start && a.end <= end);
