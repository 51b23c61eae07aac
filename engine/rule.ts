import type { CodeCheck } from "./kinds/code/check";
import type { ComposeCheck } from "./kinds/compose/check";
import type { DockerfileCheck } from "./kinds/dockerfile/check";
import type { DockerignoreCheck } from "./kinds/dockerignore/check";
import type { HelmCheck } from "./kinds/helm/check";
import type { KubernetesCheck } from "./kinds/kubernetes/check";
import type { PodSecurityLevel } from "./kinds/kubernetes/podSecurity";
import type { KustomizeCheck } from "./kinds/kustomize/check";
import type { TextCheck } from "./kinds/text/check";
import type { Related, RuleId, Severity } from "./finding";
import type { Applicability, Fix } from "./fix";
import type { Project } from "./project";
import type { Span } from "./text/span";

/** What a rule serves; each serves exactly one. */
export const principles = [
  "encrypt",
  "authenticate",
  "secrets",
  "least-privilege",
  "isolation",
  "exposure",
  "supply-chain",
  "build",
  "availability",
  "observability",
  "rotation",
  "api-contract",
  "host",
] as const;
export type Principle = (typeof principles)[number];

/** The preset that first has a rule: `recommended` ⊂ `strict` ⊂ `all`. */
export const presets = ["recommended", "strict", "all"] as const;
export type Preset = (typeof presets)[number];

/**
 * Presets by reference: the rules of a standard, whatever their own preset. Those of the Pod Security Standards report as
 * errors, without any leniency for images that are known to need what they ask for.
 */
export const standards = ["pss-baseline", "pss-restricted", "nsa", "cis"] as const;
export type Standard = (typeof standards)[number];

const standardReference: Readonly<Record<Standard, RegExp>> = {
  "pss-baseline": /^PSS baseline\b/,
  "pss-restricted": /^PSS /,
  nsa: /^NSA\b/,
  cis: /^CIS\b/,
};

/** Whether a rule with these references belongs to the standard. */
export const isOfStandard = (refs: readonly string[], standard: Standard): boolean =>
  refs.some((ref) => standardReference[standard].test(ref));

export const isStandard = (preset: Preset | Standard): preset is Standard =>
  (standards as readonly string[]).includes(preset);

/** The words in which each kind lets a rule check it. */
export interface Checks {
  dockerfile: DockerfileCheck;
  dockerignore: DockerignoreCheck;
  compose: ComposeCheck;
  kubernetes: KubernetesCheck;
  helm: HelmCheck;
  kustomize: KustomizeCheck;
  code: CodeCheck;
  text: TextCheck;
}
export type KindId = keyof Checks;

export interface Extra {
  /** Instead of the rule's own. */
  readonly severity?: Severity;
  /** The finding belongs to a wider preset than its rule does. */
  readonly preset?: Preset;
  readonly related?: readonly Related[];
  readonly tags?: readonly ("unnecessary" | "deprecated")[];
  /** Called when a person or a tool asks for the fix; the best first. */
  readonly fix?: () => Fix | readonly Fix[] | undefined;
}

/** Reports a finding at the exact characters that are wrong. */
export type Report = (at: Span, message: string, extra?: Extra) => void;

export interface KubernetesSettings {
  /** The minor version of the cluster, as in `1.37`; undefined where nobody said. */
  readonly version: string | undefined;
  /** The version of the Pod Security Standards that counts, as in `1.37`; `latest` for the newest that is known. */
  readonly podSecurityVersion: string;
  /** The Pod Security Standards are to be judged to the letter. */
  readonly isExact: boolean;
  /** The level that is judged to the letter; undefined in all other presets. */
  readonly podSecurityLevel: PodSecurityLevel | undefined;
}

/** What a check may ask besides its own file. */
export interface Context {
  /** The name of the file that is checked. */
  readonly file: string;
  /** `YYYY-MM-DD`. */
  readonly today: string;
  readonly project: Project;
  /**
   * What `compute` made of the file and the project, worked out once for all rules of this run. In a file of manifests
   * it looks at one manifest and the project, the latter through this context.
   */
  once<T>(key: string, compute: () => T): T;
  /** What the configuration says of Kubernetes. */
  readonly kubernetes: KubernetesSettings;
  /** The configured allow-list; empty where there is none. Wildcards `*` stand for any characters but `/`. */
  readonly registries: readonly string[];
  /** The options that `bulkhead.yaml` gives this rule; checked against the rule's own `options`. */
  readonly options: Readonly<Record<string, unknown>>;
}

/**
 * One example: texts in which `«…»` marks each span that the rule must report (the marks are removed before parsing).
 * Lines `-- path --` begin further files of the same project; the first part is the rule's own kind of file.
 */
export interface BadExample {
  readonly bad: string;
  /** The marked file after the finding's best fix, choices replaced by their defaults. Left out: no fix is offered. */
  readonly fixed?: string;
  /** Other rules that rightly speak at the marked spans in the recommended preset. */
  readonly also?: readonly RuleId[];
  readonly note?: string;
  /** `bulkhead.yaml` of the example. */
  readonly config?: string;
  /** The path of the example's first file; a usual one of the kind by default. */
  readonly file?: string;
  /** The severity that the findings must have; the rule's own by default. */
  readonly severity?: Severity;
  /** Why the finding may still stand after the guided fix, as a reason for the reader. */
  readonly remains?: string;
}
export interface GoodExample {
  readonly good: string;
  readonly note?: string;
  readonly config?: string;
  readonly file?: string;
}
export type Example = BadExample | GoodExample;

/** JSON schema of one option, as far as rules need it. */
export interface OptionSchema {
  readonly type: "array" | "boolean" | "integer" | "string";
  readonly items?: { readonly type: "string" };
  readonly description: string;
  readonly default: unknown;
}

export interface Rule<K extends KindId = KindId> {
  /** `<domain>/<name>`: the rule's path below `rules/`; names the bad thing. */
  readonly id: RuleId;
  readonly kind: K;
  readonly severity: Severity;
  readonly principle: Principle;
  /** `recommended` unless said. */
  readonly preset?: Preset;
  /** One line: the bad thing. */
  readonly summary: string;
  /** Markdown: why it matters, with one concrete abuse; what to do where there is no fix. */
  readonly why: string;
  readonly refs: readonly string[];
  /** The same check in other tools, spelled as in the catalogue: `hadolint:DL3002`. */
  readonly covers: readonly string[];
  /** The safest fix that the examples show. */
  readonly fix: "none" | Applicability;
  /** What it marks holds a secret in clear: reports show such text masked. */
  readonly marksSecrets?: true;
  /** More specific rules: where one of them reports an overlapping span, this rule is silent. */
  readonly yieldsTo?: readonly RuleId[];
  /** Where it has no fix of its own, it takes that of a rule that is silent for it. */
  readonly takesFix?: true;
  readonly options?: Readonly<Record<string, OptionSchema>>;
  readonly examples: readonly Example[];
  readonly check: Checks[K];
}

/** Any rule, whatever its kind. */
export type AnyRule = { [K in KindId]: Rule<K> }[KindId];

/** Declares a rule; gives the compiler the kind's words. */
export const rule = <K extends KindId>(definition: Rule<K>): Rule<K> => definition;
