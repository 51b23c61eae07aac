/** What containers and config maps are told, who hosts are for them, and whether a part of a text is put to use. */
import {
  type Container,
  type Context,
  type Manifest,
  type Pod,
  type Severity,
  type UnitObject,
  withoutTrailing,
} from "../../../engine/index";
import { isDocumentHost, isPrivateHost, isThisMachine, type NamedValue } from "../addresses";
import { type ServiceImage, serviceImage } from "../images/services";
import { unitOf } from "./deployed";
import { type FieldText, textOf } from "./field-text";

/** A text that a container is given. */
export interface Saying {
  /** `word`: of its command or arguments. */
  readonly by: "variable" | "word";
  /** The variable's; empty for words. */
  readonly name: string;
  readonly at: FieldText;
}

export const variablesOf = ({ env }: Container): readonly (NamedValue & { readonly at: FieldText | undefined })[] =>
  env.map(({ name, value }) => {
    const at = value?.kind === "scalar" ? textOf(value) : undefined;
    return { name, value: value?.string, at };
  });

/** The same as those that name hosts are looked for in. */
export const hostVariables = (
  container: Container,
): readonly { readonly name: string; readonly value: FieldText | undefined }[] =>
  variablesOf(container).map(({ name, at }) => ({ name, value: at }));

export const wordsOf = (container: Container): readonly FieldText[] =>
  container.words.filter((w) => w.kind === "scalar").map(textOf);

export const sayingsOf = (container: Container): readonly Saying[] => [
  ...variablesOf(container).flatMap(({ name, at }) =>
    at === undefined ? [] : [{ by: "variable" as const, name, at }],
  ),
  ...wordsOf(container).map((at) => ({ by: "word" as const, name: "", at })),
];

/** The server that the container's image is. */
export const serverOf = ({ reference }: Container): ServiceImage | undefined =>
  reference === undefined ? undefined : serviceImage(reference);

/** Whether a part of a script is put to use: it is in no comment, is not only printed, and stands in no document. */
export function isUsed({ by, at }: Saying, part: FieldText): boolean {
  const { text } = at.scalar;
  if (by === "variable" || !/\s/.test(text)) return true;
  const before = text.slice(0, Math.max(0, text.indexOf(part.scalar.text)));
  const statement =
    before
      .split(/[\n;&|]/)
      .at(-1)
      ?.trim() ?? "";
  const last = /(?:^|\s)(\S+)[ \t]+["']?$/.exec(before)?.[1] ?? "";
  return (
    !before.includes("<<") &&
    !/^(?:#|\/\/|(?:echo|printf|:|true)\b)/.test(statement) &&
    !/\s#[^\n]*$/.test(statement) &&
    !/^(?:-x|--proxy|-e|--referer|-H|--header)$/.test(last)
  );
}

/** `document`: no place that anybody speaks to. `private`: an address of some private network. */
export type Standing = "itself" | "cluster" | "private" | "public" | "document";

/** General knowledge: endings of names that two labels are enough for on the internet. */
const publicEnding = /\.(?:com|org|net|io|cloud|ai|info|biz|edu|gov|mil|int|[a-z]{2})$/;
const ownEnding = /(?:\.svc(?:\.|$)|\.cluster\.local$)/;

/** Who a host is for what runs in the cluster. */
export function standingOf(host: string, context: Context): Standing {
  if (isThisMachine(host)) return "itself";
  if (isDocumentHost(host)) return "document";
  const labels = host.split(".");
  if (labels.length === 1 && !host.startsWith("[")) return "cluster";
  if (ownEnding.test(host)) return "cluster";
  if (isPrivateHost(host)) return "private";
  if (host.startsWith("[") || /^[\d.]+$/.test(host)) return "public";
  // `orders.shop`: a Service and its namespace.
  const isService = labels.length === 2 && isServiceHere(labels[0] ?? "", context);
  return isService || (labels.length <= 3 && !publicEnding.test(host) && !isTopLevel(host)) ? "cluster" : "public";
}

/** Names that are top-level domains and, as often, namespaces: three labels or more are somebody's domain. */
const isTopLevel = (host: string): boolean =>
  /\.[\w-]+\.(?:dev|app|page|systems|services|tools|network|run|live|zone|tech|online|site|shop|store|xyz)$/.test(host);

const isServiceHere = (name: string, context: Context): boolean =>
  unitOf(context)
    ?.everywhere("Service", "")
    .some(({ summary }) => summary.name === name) === true;

const injected =
  /^(?:sidecar\.istio\.io\/inject|linkerd\.io\/inject|istio\.io\/dataplane-mode|istio-injection|istio\.io\/rev|kuma\.io\/sidecar-injection|consul\.hashicorp\.com\/connect-inject)$/;
const isOn = (name: string, value: string | null | undefined): boolean =>
  injected.test(name) && typeof value === "string" && !/^(?:false|disabled|none)$/.test(value);

/** A mesh encrypts what the pod says to others of the cluster. */
export function isMeshed(pod: Pod, context: Context): boolean {
  const own = [...(pod.metadata?.get("labels")?.entries ?? []), ...(pod.metadata?.get("annotations")?.entries ?? [])];
  const said = own.filter(([name]) => injected.test(name));
  if (said.length > 0) return said.some(([name, value]) => isOn(name, value.string));
  return isMeshedNamespace(unitOf(context)?.object(pod.manifest), context);
}

function isMeshedNamespace(object: UnitObject | undefined, context: Context): boolean {
  const unit = unitOf(context);
  if (unit === undefined || object === undefined) return false;
  if (unit.ofKind("PeerAuthentication", "security.istio.io").length > 0) return true;
  return unit
    .namespaceOf(object)
    .sure.some(({ summary }) => summary.labels.pairs.some(([name, value]) => isOn(name, value)));
}

/** What a config map says at a key: one value, or the text of a file. */
export interface ConfigText {
  readonly key: string;
  readonly at: FieldText;
  readonly isFile: boolean;
}

/** Texts that are shown to people, or are programs of their own. */
const noConfig =
  /\.(?:md|html?|css|svg|js|mjs|ts|lua|py|sh|rb|go|java|sql|tpl|xsd|wsdl|crt|pem|txt|csv|rego|http)$|dashboard|\.json5?$/i;

export const configTexts = (manifest: Manifest): readonly ConfigText[] =>
  manifest.is("ConfigMap", "")
    ? (manifest.root.get("data")?.entries ?? []).flatMap(([key, value]) => {
        if (value.kind !== "scalar" || noConfig.test(key)) return [];
        const at = textOf(value);
        return [{ key, at, isFile: at.scalar.text.trim().includes("\n") }];
      })
    : [];

/** A line of a file that gives a name a value. */
export interface ConfigLine {
  readonly name: string;
  readonly value: FieldText;
  /** From the name to the value. */
  readonly at: FieldText;
}

const longestLine = 2000;
const assignment =
  /^[ \t]*(?:-[ \t]+)?["']?([A-Za-z][\w./-]{0,100})["']?(?:[ \t]{0,9}[:=][ \t]{0,9}|[ \t]{1,9})(\S.*)$/;

/** The lines of a file that say something: those of comments are left out. */
export function linesOf({ at }: ConfigText): readonly ConfigLine[] {
  const { text } = at.scalar;
  const lines: ConfigLine[] = [];
  let start = 0;
  for (const line of text.split("\n")) {
    const match =
      line.length <= longestLine && !/^\s*(?:[#;*!]|\/\/|--|<!--|"""|REM\b)/.test(line) ? assignment.exec(line) : null;
    if (match !== null) {
      const [whole, name = "", value = ""] = match;
      const kept = withoutTrailing(value.replace(/(?<!\s)\s+#.*/, ""), " \t\r,;");
      const quotes = /^(["'])(.*)\1$/.exec(kept) === null ? 0 : 1;
      const to = start + whole.length - value.length + kept.length;
      const from = start + whole.length - value.length;
      const first = start + line.search(/[^\s\-"']/);
      lines.push({ name, value: at.part(from + quotes, to - quotes), at: at.part(first, to) });
    }
    start += line.length + 1;
  }
  return lines;
}

/**
 * What a connection is worth that goes to these hosts: nothing where it stays in the pod, or a mesh encrypts it; little
 * where it stays in the cluster or a private network. `unnamed` where nothing says where it goes.
 */
export function linkSeverity(
  hosts: readonly string[] | undefined,
  isInMesh: boolean,
  context: Context,
  unnamed: Severity,
): Severity | undefined {
  if (hosts === undefined) return unnamed;
  if (hosts.length === 0) return "info";
  const standings = hosts.map((h) => standingOf(h, context));
  if (standings.includes("public")) return "warning";
  if (standings.every((s) => s === "itself" || s === "document")) return undefined;
  return isInMesh && !standings.includes("private") ? undefined : "info";
}
