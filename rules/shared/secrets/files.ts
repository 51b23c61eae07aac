export type SecretFileKind =
  | "private-key"
  | "key-store"
  | "certificate"
  | "env"
  | "package-credentials"
  | "cloud-credentials"
  | "kubeconfig"
  | "registry-credentials"
  | "login"
  | "state"
  | "secrets";

export interface SecretFile {
  readonly kind: SecretFileKind;
  /** False where files of that name are often harmless: read the text where it is at hand. Certificates never are certain. */
  readonly certain: boolean;
}

const file = (kind: SecretFileKind): SecretFile => ({ kind, certain: true });
const perhaps = (kind: SecretFileKind): SecretFile => ({ kind, certain: false });

/** Made to be shared, whatever the rest of the name says. */
const harmless =
  /\.(?:pub|crt|cer|csr|example|sample|template|tmpl|tpl|dist|md|d\.ts|schema)$|(?:^|[._-])(?:example|sample|template|dist)(?:[._-]|$)/;

/** Signing keys of package repositories, and other keys that are public. */
const publicKey =
  /(?:^|[._-])(?:pub|public|gpg|pgp|apt|rpm|yum|keyring|archive|repo|repository|release|signing)(?:[._-]|$)/;

/** Directories whose content is credentials, and the files in them that are not. */
const directories: readonly (readonly [RegExp, SecretFile])[] = [
  [/(?:^|\/)\.ssh(?:\/|$)/, file("private-key")],
  [/(?:^|\/)\.gnupg(?:\/|$)/, file("private-key")],
  [/(?:^|\/)\.aws(?:\/|$)/, file("cloud-credentials")],
  [/(?:^|\/)\.azure(?:\/|$)/, file("cloud-credentials")],
  [/(?:^|\/)\.config\/gcloud(?:\/|$)/, file("cloud-credentials")],
  [/(?:^|\/)\.kube(?:\/|$)/, file("kubeconfig")],
  [/(?:^|\/)\.docker\/config\.json$/, file("registry-credentials")],
];
const openFiles = /(?:^|\/)(?:\.ssh\/(?:known_hosts|config|authorized_keys)|\.aws\/config|\.kube\/cache(?:\/.*)?)$/;

/** By the file's own name, lower-case; the first that matches. Source: catalogue, dockerfile/secret-file-copied. */
const names: readonly (readonly [RegExp, SecretFile | undefined])[] = [
  [/^\.env\.(?:vault|defaults?|js|ts|py)$/, undefined],
  [/^\.env(?:\.[\w.-]+)?$/, file("env")],
  [/^(?:id_(?:rsa|dsa|ecdsa|ed25519)|.+_(?:rsa|dsa|ecdsa|ed25519))$/, file("private-key")],
  [/^(?:dhparams?|dh|dh\d+|ffdhe\d+|.*[-_.]?pub|.*[-_.]?public(?:[-_.]?key)?)\.pem$/, undefined],
  [/^(?:.*[-_.]?key|privkey\d{0,3}|.*[-_.]?private)\.pem$/, file("private-key")],
  [/^(?:ca|cacert|cacerts|root-?ca|rootca|ca[-_.].+|.+[-_.]ca|.+[-_]ca[-_].+|isrg.*|.*-root-.*)\.pem$/, undefined],
  [
    /^(?:cert|certs|certificate|fullchain|chain|bundle|.+[-_.](?:cert|certificate|chain|bundle|fullchain))\d{0,3}\.pem$/,
    perhaps("certificate"),
  ],
  [/\.pem$/, perhaps("private-key")],
  [/\.key$/, file("private-key")],
  [/\.ppk$/, file("private-key")],
  [/\.(?:p12|pfx|jks|keystore|kdbx|bks|jceks)$/, file("key-store")],
  [/^(?:\.netrc|_netrc|\.git-credentials|\.pypirc)$/, file("package-credentials")],
  [/^(?:\.npmrc|\.yarnrc\.yml|pip\.conf|nuget\.config|settings\.xml|auth\.json)$/, perhaps("package-credentials")],
  [/^\.dockercfg$/, file("registry-credentials")],
  [/^(?:\.pgpass|\.my\.cnf|\.htpasswd|\.vault-token)$/, file("login")],
  [/^(?:kubeconfig|.+\.kubeconfig|kubeconfig[._-].+|\.?kubeconfig\.ya?ml)$/, file("kubeconfig")],
  [/^.*service[-_]?account.*\.json$/, file("cloud-credentials")],
  [/^(?:.+\.tfstate|.+\.tfstate\..+|terraform\.tfstate.*)$/, file("state")],
  [/^.+\.tfvars(?:\.json)?$/, file("state")],
  [/^secrets\.ya?ml$/, file("secrets")],
  [
    /^(?:credentials|credentials\.(?:json|ya?ml|ini|txt|csv|xml|toml|properties|conf|cfg|db))$/,
    file("cloud-credentials"),
  ],
];

/** A piece of every path and of every name in the tables above: most paths are refused by them. */
const mayBeDirectory = /\.(?:ssh|gnupg|aws|azure|config|kube|docker)/;
const mayBeName =
  /env|rsa|dsa|ed25519|pem|key|ppk|p12|pfx|jks|kdbx|bks|jceks|rc|cred|conf|settings|auth|cfg|pass|cnf|vault|account|tfstate|tfvars|secret/;

/**
 * Whether a file or directory of that name holds credentials. `path` may be relative or absolute, with `/` or `\`; a
 * final separator is ignored. Names are compared without case. Undefined for names that promise nothing secret, among
 * them `.env.example`, `*.pub`, `*.crt` and `ca*.pem`.
 */
export function secretFileName(path: string): SecretFile | undefined {
  const whole = path
    .replaceAll("\\", "/")
    .replace(/\/{1,8}$/, "")
    .toLowerCase();
  if (whole === "" || whole.length > 1024) return undefined;
  const name = whole.slice(whole.lastIndexOf("/") + 1);
  if (!mayBeDirectory.test(whole) && !mayBeName.test(name)) return undefined;
  if (harmless.test(name) || openFiles.test(whole)) return undefined;
  const directory = directories.find(([pattern]) => pattern.test(whole));
  if (directory !== undefined) return directory[1];
  const found = names.find(([pattern]) => pattern.test(name))?.[1];
  return found?.kind === "private-key" && name.endsWith(".key") && publicKey.test(name) ? undefined : found;
}

/**
 * Names that stand for all that `secretFileName` knows, each with the part that a glob must spell out. A glob that
 * only reaches them because it takes everything (`*`, `*.json`) is no sign of a secret.
 */
const probes: readonly (readonly [name: string, part: string])[] = [
  [".env", ".env"],
  [".env.local", ".env"],
  [".env.production", ".env"],
  ["id_rsa", "id_"],
  ["id_ed25519", "id_"],
  ["deploy_rsa", "_rsa"],
  ["deploy_ed25519", "_ed25519"],
  ["privkey.pem", ".pem"],
  ["server-key.pem", ".pem"],
  ["server.pem", ".pem"],
  ["server.key", ".key"],
  ["private.key", ".key"],
  ["tls.key", "tls.k"],
  ["store.p12", ".p12"],
  ["store.pfx", ".pfx"],
  ["store.jks", ".jks"],
  ["store.keystore", ".keystore"],
  [".npmrc", ".npmrc"],
  [".yarnrc.yml", ".yarnrc"],
  [".pypirc", ".pypirc"],
  [".netrc", ".netrc"],
  [".git-credentials", ".git-c"],
  [".dockercfg", ".dockercfg"],
  [".aws/credentials", ".aws"],
  [".ssh/id_rsa", ".ssh"],
  [".kube/config", ".kube"],
  [".gnupg/private-keys-v1.d", ".gnupg"],
  [".azure/accesstokens.json", ".azure"],
  [".config/gcloud/credentials.db", "gcloud"],
  [".docker/config.json", ".docker"],
  ["kubeconfig", "kubeconfig"],
  ["prod.kubeconfig", "kubeconfig"],
  ["my-service-account.json", "service-account"],
  ["my_service_account.json", "service_account"],
  ["serviceaccount.json", "serviceaccount"],
  ["terraform.tfstate", "tfstate"],
  ["terraform.tfstate.backup", "tfstate"],
  ["prod.tfvars", ".tfvars"],
  ["terraform.tfvars", ".tfvars"],
  ["secrets.yml", "secrets"],
  ["secrets.yaml", "secrets"],
  ["credentials", "credentials"],
  ["credentials.json", "credentials"],
  ["credentials.yml", "credentials"],
];

/**
 * What secret files a glob of `COPY` or of an ignore file (`*`, `?`, `[…]`, `**`) names. Only the last components count,
 * as far as a secret's name has them; a word without wildcards is answered as `secretFileName` does.
 */
export function globMayMatchSecret(glob: string): SecretFile | undefined {
  const pattern = glob
    .replaceAll("\\", "/")
    .replace(/^\.\//, "")
    .replace(/\/{1,8}$/, "")
    .toLowerCase();
  if (!/[*?[]/.test(pattern)) return secretFileName(pattern);
  if (pattern.length > 1024) return undefined;
  const components = pattern.split("/").slice(-8);
  for (const [name, part] of probes) {
    if (pattern.includes(part) && reaches(components, name.split("/"))) return secretFileName(name);
  }
  return undefined;
}

/** Whether the glob's last components match the name's; a directory that is spelled out stands for what is in it. */
function reaches(components: readonly string[], name: readonly string[]): boolean {
  const last = components.slice(-name.length);
  if (last.length === name.length && last.every((component, i) => matches(component, name[i] ?? ""))) return true;
  return name.length > 1 && components.some((component) => component === name[0]);
}

/** One component against a glob; time is the product of the two lengths at most. */
function matches(glob: string, name: string): boolean {
  const units = glob.slice(0, 200).match(/\[[^\]]{0,199}\]|[\s\S]/g) ?? [];
  let unit = 0;
  let at = 0;
  let star = -1;
  let resume = 0;
  while (at < name.length) {
    if (units[unit] === "*") {
      star = unit++;
      resume = at;
    } else if (unit < units.length && matchesUnit(units[unit] ?? "", name.charAt(at))) {
      unit++;
      at++;
    } else if (star >= 0) {
      unit = star + 1;
      at = ++resume;
    } else return false;
  }
  while (units[unit] === "*") unit++;
  return unit === units.length;
}

function matchesUnit(unit: string, character: string): boolean {
  if (unit === "?") return true;
  if (unit.length === 1) return unit === character;
  const inner = unit.slice(1, -1);
  const negated = /^[!^]/.test(inner);
  const members = negated ? inner.slice(1) : inner;
  return isMember(members, character) !== negated;
}

function isMember(members: string, character: string): boolean {
  for (let i = 0; i < members.length; i++) {
    const isRange = members[i + 1] === "-" && i + 2 < members.length;
    const from = members.charAt(i);
    const to = isRange ? members.charAt(i + 2) : from;
    if (from <= character && character <= to) return true;
    if (isRange) i += 2;
  }
  return false;
}
