/** Files of well-known formats that hold logins, and what stands in them without a name of its own. */
import { basename, type TextFile } from "../../../engine/index";
import { fromBase64 } from "./bytes";
import { mask } from "./mask";
import type { Classification } from "./types";
import { isPlaceholder, isReference } from "./values";

const credentialsFile =
  /(?:^|\/)(?:\.npmrc|\.pypirc|\.yarnrc\.yml|\.netrc|_netrc|\.git-credentials|\.pgpass|\.?my\.cnf|\.dockercfg|kubeconfig|[\w.-]+\.kubeconfig|\.kube\/config|\.docker\/config\.json|settings(?:-security)?\.xml|nuget\.config|gradle\.properties|auth\.json|wp-config\.php|\.s3cfg|\.boto|\.aws\/credentials|pip\.conf)$|\.tfstate(?:\.backup)?$/i;

/** Whether a file of that name is there for its logins. */
export const isCredentialsFile = (file: string): boolean => credentialsFile.test(file);

export interface FileLogin {
  readonly found: Classification;
  readonly user: string | undefined;
}

/** The logins of `.netrc`, `.pgpass`, docker's `config.json` and `.htpasswd`; others have names, and are found by them. */
export function loginsIn({ file, text }: TextFile): readonly FileLogin[] {
  const name = basename(file).toLowerCase();
  if (name === ".netrc" || name === "_netrc") return matches(text, netrc);
  if (name === ".pgpass" || name === "pgpass.conf") return matches(text, pgpass);
  if (/^(?:config\.json|\.dockerconfigjson|\.dockercfg)$/.test(name) && text.includes('"auth'))
    return dockerLogins(text);
  if (name === ".htpasswd") return matches(text, htpasswd);
  return [];
}

const netrc = /\blogin\s{1,20}(\S{1,200})\s{1,20}(?:account\s{1,20}\S{1,200}\s{1,20})?password\s{1,20}(\S{1,400})/g;
/** `host:port:database:user:password`; a `\` keeps a `:` in a part. */
const pgpass = /^(?!#)(?:[^:\n]{1,200}:){3}([^:\n]{1,100}):([^\n\r]{1,200})$/gm;
/** Passwords that are not hashed, or by a hash that is guessed in seconds (apache's htpasswd: crypt, `{SHA}`). */
const htpasswd = /^([^:\s#]{1,100}):(\{SHA\}[A-Za-z0-9+/=]{28}|[./0-9A-Za-z]{13})$/gm;

/** `curl -u user:password`, wherever a command is written. */
const curl = /\s(?:-u|--user)[ \t=]{1,4}["']?([\w.@+-]{1,64}):([^\s"'`<>\\]{3,100})/g;
/** How far before the option the program's name may stand. */
const commandReach = 400;

export function curlLogins(text: string): readonly FileLogin[] {
  if (!text.includes("curl")) return [];
  return matches(text, curl).filter(({ found: { span } }) => {
    const before = text.slice(Math.max(0, span.start - commandReach), span.start);
    return /\bcurl\b(?:[^\n|;&]|\\\r?\n)*$/.test(before.slice(Math.max(0, before.lastIndexOf("curl"))));
  });
}

/** As many logins as a person writes into one file. */
const most = 500;

function matches(text: string, pattern: RegExp): readonly FileLogin[] {
  const found: FileLogin[] = [];
  for (const match of text.matchAll(pattern)) {
    const [all, user, password = ""] = match;
    if (isReference(password) || isPlaceholder(password)) continue;
    const end = match.index + all.length;
    if (found.push(login(user, password, { start: end - password.length, end })) >= most) break;
  }
  return found;
}

const login = (user: string | undefined, password: string, span: Classification["span"]): FileLogin => ({
  user,
  found: { kind: "password", grade: "live", masked: mask(password), span },
});

/** `"auth": "<base64 of user:password>"` below a registry's name. */
function dockerLogins(text: string): readonly FileLogin[] {
  return [...text.matchAll(/"(?:auth|identitytoken|registrytoken)"\s{0,20}:\s{0,20}"([^"\s]{6,3000})"/g)].flatMap(
    (match) => {
      const secret = match[1] ?? "";
      const end = match.index + match[0].length - 1;
      const span = { start: end - secret.length, end };
      if (isReference(secret) || isPlaceholder(secret)) return [];
      if (!match[0].startsWith('"auth"')) return login(undefined, secret, span);
      const pair = /^([ -~]{1,200}?):([ -~]{1,1000})$/.exec(fromBase64(secret) ?? "");
      if (pair === null || isPlaceholder(pair[2] ?? "")) return [];
      return login(pair[1], secret, span);
    },
  );
}
