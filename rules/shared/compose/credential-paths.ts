/** Where people and programs keep keys and tokens on a host. */
import { basename } from "../../../engine/index";
import { secretFileName } from "../secrets/index";

export interface CredentialStore {
  /** Behind "…: ". */
  readonly holds: string;
  /** Of a folder, the file that a program most likely needs; undefined where the path names the file itself. */
  readonly file: string | undefined;
  /** The name that a secret made of it would have; undefined where one file is not enough. */
  readonly secret: string | undefined;
  /** The key of a server, more likely than that of a person or an account. */
  readonly isServerKey: boolean;
}

const folder = (holds: string, secret?: string, file?: string): CredentialStore => ({
  holds,
  file,
  secret,
  isServerKey: false,
});
const single = (holds: string, secret: string): CredentialStore => folder(holds, secret);

/** Below a home. */
const stores: ReadonlyMap<string, CredentialStore> = new Map([
  [".ssh", folder("SSH keys", "ssh_key", "id_ed25519")],
  [".aws", folder("keys of AWS accounts", "aws_credentials", "credentials")],
  [".azure", folder("tokens of Azure accounts", "azure_tokens", "msal_token_cache.json")],
  [
    ".config/gcloud",
    folder("tokens of Google Cloud accounts", "gcloud_credentials", "application_default_credentials.json"),
  ],
  [".config/gh", folder("tokens of GitHub accounts", "gh_hosts", "hosts.yml")],
  [".config/doctl", folder("tokens of DigitalOcean accounts", "doctl_config", "config.yaml")],
  [".oci", folder("keys of Oracle Cloud accounts", "oci_config", "config")],
  [".kube", folder("the logins of Kubernetes clusters", "kubeconfig", "config")],
  [".docker", folder("the logins of registries", "docker_config", "config.json")],
  [".gnupg", folder("PGP keys")],
  [".netrc", single("logins of other servers", "netrc")],
  [".npmrc", single("the token of a package registry", "npmrc")],
  [".pypirc", single("the token of a package registry", "pypirc")],
  [".git-credentials", single("the logins of Git servers", "git_credentials")],
  [".pgpass", single("passwords of databases", "pgpass")],
  [".vault-token", single("a token of Vault", "vault_token")],
]);

const homes = /^(?:~|\/root|\/home\/[^/]+|\/Users\/[^/]+|[a-z]:\/users\/[^/]+)\/(.+)$/;

const kinds: ReadonlyMap<string, string> = new Map([
  ["private-key", "a private key"],
  ["cloud-credentials", "the key of a cloud account"],
  ["kubeconfig", "the login of a Kubernetes cluster"],
  ["registry-credentials", "the logins of registries"],
  ["package-credentials", "the token of a package registry"],
]);

/** A name fit for a secret, out of a file's: `tls_key` of `tls.key`. */
const secretName = (file: string): string =>
  file
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_|_$/g, "");

/** Folders by their names; of a name without an extension nobody knows whether it is one. */
const mayBeFolder = (name: string): boolean =>
  !/\.[a-z0-9]+$|^id_|^kubeconfig|_(?:rsa|dsa|ecdsa|ed25519)$/i.test(name) ||
  /^\.(?:ssh|aws|azure|kube|gnupg)$/.test(name);

/** By a path as `hostPathOf` gives it; undefined where its name does not promise credentials. */
export function credentialsAt(path: string): CredentialStore | undefined {
  const inHome = homes.exec(path)?.[1];
  const store = inHome === undefined ? undefined : stores.get(inHome);
  if (store !== undefined) return store;
  const found = secretFileName(path);
  const holds = found?.certain === true ? kinds.get(found.kind) : undefined;
  if (found === undefined || holds === undefined) return undefined;
  const name = basename(path);
  const known = [...stores].find(([place, { file }]) => file !== undefined && `/${path}`.endsWith(`/${place}/${file}`));
  return {
    holds,
    file: undefined,
    secret: known?.[1].secret ?? (mayBeFolder(name) ? undefined : secretName(name)),
    isServerKey: found.kind === "private-key" && /\.(?:key|pem)$/i.test(name),
  };
}
