/** Configs whose names say that they are secrets. */
import { basename, type ComposeProject, type Resource, Setting, type Span, type Use } from "../../../engine/index";
import { credentialName, secretFileName } from "../secrets";
import { withoutQuotes } from "./joint-edits";

/** Public by purpose, or about secrets rather than one. */
const open = /\.(?:crt|cer|pub|csr|md|tmpl|tpl|template|example|sample|dist)$|(?:^|[._-])ca(?:[._-]|$)/i;

/** Whether a file of that name is most likely a credential. */
export function isSecretName(path: string): boolean {
  const name = basename(path);
  if (name === "" || open.test(name)) return false;
  if (secretFileName(path)?.certain === true || /^\.?htpasswd$/i.test(name)) return true;
  const kind = credentialName(name.replace(/\.(?:txt|key|pem|conf|cfg)$/i, ""));
  return kind !== undefined && kind !== "connection" && kind !== "salt" && kind !== "key-id";
}

/** The services' uses of a config. */
export const usesOf = (config: Resource, project: ComposeProject): readonly Use[] =>
  project.services.flatMap((s) => s.configs.filter((c) => c.name === config.name));

/** What says that a config is a secret, and where that stands. */
export interface SecretSign {
  readonly at: Span & { readonly file: string };
  readonly text: string;
}

/** The name of its file, the path in the container, or its own name. */
export function secretSign(config: Resource, project: ComposeProject): SecretSign | undefined {
  const file = config.setting("file");
  const targets = usesOf(config, project).flatMap((use) => targetOf(use) ?? []);
  const setting = [...(file === undefined ? [] : [file]), ...targets].find(
    ({ value }) => value.known && isSecretName(value.value),
  );
  if (setting !== undefined) return { at: setting, text: setting.scalar.text };
  // A file says by its own name what it is.
  if (file !== undefined || !isSecretName(config.name)) return undefined;
  return { at: { ...withoutQuotes(config, config.name), file: config.file }, text: config.name };
}

function targetOf({ part: { datum, path } }: Use): Setting | undefined {
  const target = datum.kind === "mapping" ? datum.get("target") : undefined;
  return target?.kind === "scalar" ? new Setting(target, [...path, "target"]) : undefined;
}

export const isSecretConfig = (config: Resource, project: ComposeProject): boolean =>
  secretSign(config, project) !== undefined;
