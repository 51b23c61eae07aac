import { type Field, fixIn, newestPolicy, rule } from "../../engine/index";
import { lowered } from "../shared/kubernetes/weight";

const prefix = "pod-security.kubernetes.io/";
const modes = ["enforce", "audit", "warn"];
const levels = ["privileged", "baseline", "restricted"];

interface Fault {
  readonly message: string;
  /** The right spelling, where there is no doubt. */
  readonly instead?: string;
}

/** Letters in order, so that a slip of the pen still tells what was meant. */
const near = (text: string): string | undefined => {
  const plain = text.toLowerCase().replace(/[^a-z]/g, "");
  return levels.find(
    (level) => level === plain || (plain.length >= 4 && (level.startsWith(plain) || plain.startsWith(level))),
  );
};

function faultIn(name: string, text: string): Fault | undefined {
  if (!name.endsWith("-version")) {
    if (levels.includes(text)) return undefined;
    const instead = near(text);
    const effect = name === "enforce" ? "the API server refuses the label" : "nothing is reported";
    const message = `${text === "" ? "An empty text" : text} is no level of Pod Security: ${effect}`;
    return instead === undefined ? { message } : { message, instead };
  }
  if (text === "latest" || /^v1\.\d{1,3}$/.test(text)) return undefined;
  const minor = /^[vV]?1\.(\d{1,3})(?:\.\d+)?$/.exec(text)?.[1];
  const message = `${text === "" ? "An empty text" : text} is no version of Pod Security: it must be latest or like v1.${newestPolicy}`;
  if (text.toLowerCase() === "latest") return { message, instead: "latest" };
  return minor === undefined ? { message } : { message, instead: `v1.${minor}` };
}

/** A key is no mode where it is close to one, but not one. */
const isKnownKey = (name: string): boolean => modes.includes(name.replace(/-version$/, "")) || name === "exempt";

export default rule({
  id: "kubernetes/pod-security-label-invalid",
  kind: "kubernetes",
  severity: "warning",
  principle: "isolation",
  summary: "A Pod Security label with an unknown mode, level or version",
  why: `A label that the API server does not understand protects nobody: an unknown mode is a label like any other, and an unknown level of
\`audit\` or \`warn\` is passed over. Where the level of \`enforce\` cannot be read, a namespace that exists already falls to the
strictest level and its next pods do not start. The modes are enforce, audit and warn; the levels privileged, baseline and restricted.`,
  refs: ["CIS 5.2.1"],
  covers: [],
  fix: "safe",
  examples: [
    {
      bad: `
        apiVersion: v1
        kind: Namespace
        metadata:
          name: shop
          labels:
            pod-security.kubernetes.io/enforce: «Baseline»
            pod-security.kubernetes.io/enforce-version: «"1.33"»
            pod-security.kubernetes.io/warn: «restrict»
            pod-security.kubernetes.io/warn-version: «v1.33.2»
        `,
      fixed: `
        apiVersion: v1
        kind: Namespace
        metadata:
          name: shop
          labels:
            pod-security.kubernetes.io/enforce: baseline
            pod-security.kubernetes.io/enforce-version: "v1.33"
            pod-security.kubernetes.io/warn: restricted
            pod-security.kubernetes.io/warn-version: v1.33
        `,
    },
    {
      bad: `
        apiVersion: v1
        kind: Namespace
        metadata:
          name: shop
          labels: { pod-security.kubernetes.io/enforce: «strict», «pod-security.kubernetes.io/level»: restricted }
        `,
      note: "nobody knows what was meant",
    },
    {
      good: `
        apiVersion: v1
        kind: Namespace
        metadata:
          name: shop
          labels:
            pod-security.kubernetes.io/enforce: restricted
            pod-security.kubernetes.io/enforce-version: v1.30
            pod-security.kubernetes.io/audit: "restricted"
            pod-security.kubernetes.io/audit-version: latest
        `,
    },
    {
      good: `
        apiVersion: v1
        kind: Namespace
        metadata:
          name: shop
          labels:
            pod-security.kubernetes.io/enforce: {{ .Values.level }}
            pod-security.kubernetes.io/enforce-version: v{{ .Values.version }}
        `,
      file: "charts/shop/templates/namespace.yaml",
      note: "only the values tell",
    },
    {
      good: `
        apiVersion: v1
        kind: Pod
        metadata: { name: shop, labels: { pod-security.kubernetes.io/enforce: strict } }
        spec: { containers: [{ name: shop, image: "acme/shop:1.4.2" }] }
        `,
      note: "has a meaning on namespaces only",
    },
  ],
  check: {
    manifest(manifest, report, context) {
      if (!manifest.is("Namespace", "")) return;
      const labels: readonly (readonly [string, Field])[] = manifest.metadata?.get("labels")?.entries ?? [];
      for (const [label, at] of labels) {
        if (!label.startsWith(prefix)) continue;
        const name = label.slice(prefix.length);
        if (!isKnownKey(name)) {
          const message = `${label} is no label of Pod Security: the modes are enforce, audit and warn`;
          report(at.anchor, message, { severity: lowered("warning", at) });
          continue;
        }
        const fault = at.string === undefined || at.node.isNull ? undefined : faultIn(name, at.string);
        if (fault === undefined) continue;
        const { message, instead } = fault;
        report(at, message, {
          severity: lowered("warning", at),
          fix: () => {
            const edits = instead === undefined ? undefined : at.replace(instead);
            return fixIn(context.file, `Write ${instead}`, "safe", [edits && { edits }]);
          },
        });
      }
    },
  },
});
