/** Fixes that take a credential out of a manifest. None of them writes its value anywhere else. */
import {
  choice,
  type Container,
  type Context,
  type Edit,
  type Field,
  type Fix,
  fixIn,
  literal,
  type Manifest,
  type ManifestFile,
  type Span,
  type YamlData,
} from "../../../engine/index";
import { credentialName, nameWords } from "../secrets";
import type { CommandCredential, VariableCredential } from "./credentials";
import { joined } from "./security-context";

/** The Secret that a workload's credentials are to be taken from. */
const secretOf = (container: Container): string => `${container.pod.manifest.name ?? "app"}-secrets`;

const reference = (secret: string, key: string): YamlData => ({
  secretKeyRef: { name: choice(1, secret), key: choice(2, key) },
});

/** The characters of a key between its quotes. */
const bare = (key: Span, name: string): Span =>
  key.end - key.start === name.length ? key : { start: key.start + 1, end: key.end - 1 };

/** Gives the entry another name and another value, in the place where it stands. */
export function turnInto(field: Field, from: string, to: string, data: YamlData): readonly Edit[] | undefined {
  const { key } = field;
  const value = field.replace(data, { snippet: true });
  if (key === undefined || value === undefined) return undefined;
  return joined([[{ span: bare(key, from), text: to }], value]);
}

/** Takes a variable from a Secret. */
export function takeFromSecret(
  { variable, field, item }: VariableCredential,
  container: Container,
  context: Context,
): Fix | undefined {
  if (item.isShared || field.isShared) return undefined;
  const edits = turnInto(field, "value", "valueFrom", reference(secretOf(container), variable));
  return fixIn(context.file, `Take ${variable} from a Secret`, "guided", [edits && { edits }]);
}

/** A name for the variable that holds what an option is given. */
function variableFor(name: string | undefined, container: Container): string {
  const words = nameWords(name ?? "token");
  const isBare = words.length === 1 || credentialName(name ?? "") === undefined;
  const whole = isBare ? [...nameWords(container.name), ...words] : words;
  return whole
    .join("_")
    .toUpperCase()
    .replace(/^(?=\d)/, "_");
}

/** Lets Kubernetes put a variable in the place of a word, and takes that variable from a Secret. */
export function takeFromVariable(
  { name, at, field, expands }: CommandCredential,
  container: Container,
  context: Context,
): Fix | undefined {
  if (!expands || field.isShared || container.field.isShared) return undefined;
  const variable = variableFor(name, container);
  if (container.env.some((e) => e.name === variable) || container.field.get("env")?.isShared === true) return undefined;
  const entry = { name: variable, valueFrom: reference(secretOf(container), variable) };
  const added = container.field.append(["env"], entry, { snippet: true });
  const written = [{ span: { start: at.start, end: at.end }, text: literal(`$(${variable})`) }];
  const edits = joined([written, added]);
  return fixIn(context.file, `Take it from a Secret, by ${variable}`, "guided", [edits && { edits }]);
}

/** Makes an ExternalSecret of a Secret: the values stay in the store that the operator reads. */
export function makeExternal(manifest: Manifest, context: Context): Fix | undefined {
  const { root } = manifest;
  const texts = [root.get("stringData"), root.get("data")].filter((f) => f !== undefined);
  const [first, ...rest] = texts;
  const apiVersion = root.get("apiVersion");
  const kind = root.get("kind");
  const name = manifest.name;
  if (first === undefined || apiVersion === undefined || kind === undefined || name === undefined) return undefined;
  if (manifest.role !== "whole" || first.isShared) return undefined;
  const keys = texts.flatMap((f) => f.entries.map(([key]) => key));
  const type = root.get("type")?.string;
  const template = type === undefined || type === "Opaque" ? {} : { template: { type } };
  const spec = {
    refreshInterval: "1h",
    secretStoreRef: { kind: "ClusterSecretStore", name: choice(1, "store") },
    target: { name, ...template },
    data: keys.map((key) => ({ secretKey: key, remoteRef: { key: choice(2, name), property: key } })),
  };
  const from = first.entry !== undefined && root.get("stringData") !== undefined ? "stringData" : "data";
  const gone = [...rest, root.get("type"), root.get("immutable")].filter((f) => f !== undefined);
  const edits = joined([
    apiVersion.replace("external-secrets.io/v1"),
    kind.replace("ExternalSecret"),
    turnInto(first, from, "spec", spec),
    ...gone.map((f) => f.remove()),
  ]);
  return fixIn(context.file, "Make it an ExternalSecret", "guided", [edits && { edits }]);
}

/**
 * Moves an entry of a ConfigMap to a Secret, where the pods of the same file take it from the ConfigMap by its name.
 * Whoever takes the whole ConfigMap takes the whole Secret too.
 */
export function moveToSecret(
  manifest: Manifest,
  entry: Field,
  key: string,
  file: ManifestFile,
  context: Context,
): Fix | undefined {
  const { name } = manifest;
  if (name === undefined || manifest.role !== "whole") return undefined;
  const secret = `${name}-secrets`;
  const containers = file.manifests.flatMap((m) => file.podsOf(m)).flatMap((pod) => pod.containers);
  const single = containers.flatMap((container) =>
    container.env.flatMap(({ field }) => {
      const use = field.at("valueFrom", "configMapKeyRef");
      const isIt = use?.get("name")?.string === name && use.get("key")?.string === key;
      return use !== undefined && isIt ? [turnInto(use, "configMapKeyRef", "secretKeyRef", named(secret, key))] : [];
    }),
  );
  const whole = containers.flatMap((container) => {
    const uses = container.field.get("envFrom")?.items ?? [];
    const isUsed = uses.some((use) => use.at("configMapRef", "name")?.string === name);
    const data = { secretRef: { name: choice(1, secret) } };
    return isUsed ? [container.field.append(["envFrom"], data, { snippet: true })] : [];
  });
  if (single.length + whole.length === 0) return undefined;
  const edits = joined([entry.remove(), ...single, ...whole]);
  return fixIn(context.file, `Take ${key} from a Secret`, "guided", [edits && { edits }]);
}

const named = (secret: string, key: string): YamlData => ({ name: choice(1, secret), key });
