/** Labels, and what selects by them: plain data, as far as a file tells it. */
import type { Field } from "./field";
import { hole } from "./template";

/** A text as far as its file tells; null where something else decides it, a template as a rule. */
export type Told = string | null;

/** Whether something holds, as far as can be seen. */
export type Answer = "yes" | "no" | "unknown";

export interface LabelSet {
  readonly pairs: readonly (readonly [name: string, value: Told])[];
  /** There may be more labels than can be seen. */
  readonly isOpen: boolean;
}

export interface Requirement {
  readonly key: string;
  readonly operator: "In" | "NotIn" | "Exists" | "DoesNotExist";
  readonly values: readonly Told[];
}

/** All of its requirements must hold: one without any selects everything. */
export interface Selector {
  readonly requirements: readonly Requirement[];
  /** There may be requirements that cannot be seen. */
  readonly isOpen: boolean;
}

export const everything: Selector = { requirements: [], isOpen: false };
/** Nothing is known of what it selects. */
export const anything: Selector = { requirements: [], isOpen: true };

/** Labels as they are looked up. */
export interface Labels {
  readonly values: ReadonlyMap<string, Told>;
  readonly isOpen: boolean;
}

/** Labels that controllers give to the pods that they make: no manifest tells their values. */
const givenByControllers: ReadonlySet<string> = new Set([
  ...["pod-template-hash", "controller-revision-hash", "pod-template-generation", "rollouts-pod-template-hash"],
  ...["controller-uid", "job-name", "batch.kubernetes.io/controller-uid", "batch.kubernetes.io/job-name"],
  ...["statefulset.kubernetes.io/pod-name", "apps.kubernetes.io/pod-index", "batch.kubernetes.io/job-completion-index"],
]);

/** Whether pods get the label when they are made, so that no manifest has it. */
export const isGivenByController = (label: string): boolean => givenByControllers.has(label);

export const told = (field: Field | undefined): Told | undefined =>
  field === undefined ? undefined : (field.string ?? null);

export const toldNumber = (field: Field | undefined): number | null | undefined =>
  field === undefined ? undefined : (field.number ?? null);

export const toldBoolean = (field: Field | undefined): boolean | null | undefined =>
  field === undefined ? undefined : (field.boolean ?? null);

/** `mayHide`: what stands around the labels is not all there is. */
export function readLabels(field: Field | undefined, mayHide: boolean): LabelSet {
  const all = (field?.entries ?? []).map(([name, value]) => [name, value.string ?? null] as const);
  const pairs = all.filter(([name]) => !name.includes(hole));
  const isWhole = field === undefined || (field.kind === "map" && !field.isOpen && pairs.length === all.length);
  return { pairs, isOpen: mayHide || !isWhole };
}

/** A map of labels that all must be there, as services and replication controllers select. */
export function readPlainSelector(field: Field | undefined, mayHide: boolean): Selector {
  const { pairs, isOpen } = readLabels(field, mayHide);
  return { requirements: pairs.map(([key, value]) => ({ key, operator: "In", values: [value] })), isOpen };
}

/** A `LabelSelector` of the API; one that is missing selects everything, or nothing: the caller knows. */
export function readSelector(field: Field | undefined, mayHide: boolean): Selector {
  const plain = readPlainSelector(field?.get("matchLabels"), mayHide);
  const requirements: Requirement[] = [...plain.requirements];
  let isOpen = plain.isOpen || (field !== undefined && (field.isOpen || field.kind !== "map"));
  for (const expression of field?.get("matchExpressions")?.items ?? []) {
    const key = expression.get("key")?.string;
    const operator = operatorOf(expression.get("operator")?.string);
    if (key === undefined || operator === undefined) isOpen = true;
    else
      requirements.push({ key, operator, values: (expression.get("values")?.items ?? []).map((v) => told(v) ?? null) });
  }
  return { requirements, isOpen };
}

/** The selector at a key; one that cannot be seen may be there where something hides. */
export function selectorAt(
  parent: Field | undefined,
  key: string,
  mayHide: boolean,
  read: (field: Field, mayHide: boolean) => Selector = readSelector,
): Selector | undefined {
  const field = parent?.get(key);
  if (field !== undefined) return read(field, mayHide);
  return mayHide ? anything : undefined;
}

const operators = ["In", "NotIn", "Exists", "DoesNotExist"] as const;
const operatorOf = (text: string | undefined): Requirement["operator"] | undefined => operators.find((o) => o === text);

/** A selector of Calico: `all()`, `has(x)`, `x == 'y'`, `x in {'y', 'z'}` and what `&&` joins of these. */
export function readCalicoSelector(field: Field | undefined): Selector {
  if (field === undefined) return everything;
  const text = field.string;
  if (text === undefined || text.length > 2000) return anything;
  const requirements: Requirement[] = [];
  for (const part of text.split("&&").map((t) => t.trim())) {
    if (part === "" || part === "all()") continue;
    const requirement = calicoRequirement(part);
    if (requirement === undefined) return anything;
    requirements.push(requirement);
  }
  return { requirements, isOpen: false };
}

function calicoRequirement(text: string): Requirement | undefined {
  const has = /^(!?) ?has\(([\w./-]+)\)$/.exec(text);
  if (has !== null) return { key: has[2] ?? "", operator: has[1] === "!" ? "DoesNotExist" : "Exists", values: [] };
  const equal = /^([\w./-]+) ?(==|!=) ?(?:'([^']*)'|"([^"]*)")$/.exec(text);
  if (equal !== null) {
    const [, key = "", operator, single, double] = equal;
    return { key, operator: operator === "==" ? "In" : "NotIn", values: [single ?? double ?? ""] };
  }
  const among = /^([\w./-]+) (not )?in ?\{([^{}]*)\}$/.exec(text);
  if (among === null) return undefined;
  const values = (among[3] ?? "").split(",").map((v) => v.trim().replace(/^(['"])([^'"]*)\1$/, "$2"));
  return { key: among[1] ?? "", operator: among[2] === undefined ? "In" : "NotIn", values };
}

export function selects({ requirements, isOpen }: Selector, labels: Labels): Answer {
  let answer: Answer = isOpen ? "unknown" : "yes";
  for (const requirement of requirements) {
    const one = meets(requirement, labels);
    if (one === "no") return "no";
    if (one === "unknown") answer = "unknown";
  }
  return answer;
}

function meets({ key, operator, values }: Requirement, labels: Labels): Answer {
  const value = labels.values.get(key);
  const isAbsent = value === undefined;
  if (isAbsent && (labels.isOpen || givenByControllers.has(key))) return "unknown";
  if (operator === "Exists") return isAbsent ? "no" : "yes";
  if (operator === "DoesNotExist") return isAbsent ? "yes" : "no";
  const among = isAbsent ? "no" : value === null ? "unknown" : isAmong(value, values);
  if (operator === "In") return among;
  return among === "unknown" ? "unknown" : among === "yes" ? "no" : "yes";
}

function isAmong(value: string, values: readonly Told[]): Answer {
  if (values.includes(value)) return "yes";
  return values.includes(null) ? "unknown" : "no";
}

/** `app=web,tier=front`, as people write it. */
export function titleOfSelector({ requirements }: Selector): string {
  return requirements
    .map(({ key, operator, values }) => {
      const listed = values.map((v) => v ?? "?").join(", ");
      if (operator === "Exists") return key;
      if (operator === "DoesNotExist") return `!${key}`;
      if (values.length === 1) return `${key}${operator === "In" ? "=" : "!="}${listed}`;
      return `${key} ${operator === "In" ? "in" : "not in"} (${listed})`;
    })
    .join(",");
}
