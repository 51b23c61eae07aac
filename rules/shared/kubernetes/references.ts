/** References of manifests that lead nowhere. */
import {
  type Answer,
  type DeploymentUnit,
  type Field,
  isWorkload,
  type Labels,
  type Manifest,
  type Selector,
  selects,
  titleOfSelector,
  type UnitObject,
  type UnitPod,
} from "../../../engine/index";
import { isSlip } from "./similar-names";

/** A reference that nothing in the workspace answers. */
export interface Dangling {
  readonly at: Field;
  readonly message: string;
  /** The API server refuses it as it is. */
  readonly isRefused?: true;
  /** What was meant instead, where that can be told. */
  readonly meant?: { readonly at: Field; readonly name: string };
  /** The object that was probably meant. */
  readonly candidate?: UnitObject;
}

interface Around {
  readonly unit: DeploymentUnit;
  readonly object: UnitObject;
  readonly manifest: Manifest;
}

/** Everything that the manifest refers to in vain. */
export function danglingIn(manifest: Manifest, unit: DeploymentUnit): readonly Dangling[] {
  const object = unit.object(manifest);
  if (object === undefined || object.patches.length > 0) return [];
  const around: Around = { unit, object, manifest };
  return [
    ...ownSelector(around),
    ...podSelectors(around),
    ...scaled(around),
    ...backends(around),
    ...governing(around),
    ...accounts(around),
    ...used(around),
    ...monitored(around),
  ];
}

const mayBeNear = (unit: DeploymentUnit, a: UnitObject, b: UnitObject): boolean =>
  unit.sameNamespace(a.namespace, b.namespace) !== "no";

/** Objects that are deployed in one step with it, and may share its namespace. */
const companions = ({ unit, object }: Around): readonly UnitObject[] =>
  unit.deployedWith(object).filter((o) => o !== object && mayBeNear(unit, o, object));

/** A workload must select the pods of its own template. */
function ownSelector({ object, manifest }: Around): readonly Dangling[] {
  const selector = object.summary.workload?.selector;
  const [pod] = object.pods;
  const written = manifest.spec?.get("selector");
  if (selector === undefined || pod === undefined || written === undefined || manifest.isPartial) return [];
  if (selects(selector, pod.labels) !== "no") return [];
  const entries = (written.get("matchLabels") ?? written).entries;
  for (const [name, field] of entries) {
    const label = pod.labels.values.get(name);
    if (field.kind !== "scalar" || field.string === undefined || label === field.string || label === null) continue;
    const message = `${manifest.title} selects ${name}=${field.string}, but its pods are labelled ${
      label === undefined ? "otherwise" : `${name}=${label}`
    }`;
    return [
      { at: field, message, isRefused: true, ...(label === undefined ? {} : { meant: { at: field, name: label } }) },
    ];
  }
  return [{ at: written, message: `${manifest.title} does not select the pods of its own template`, isRefused: true }];
}

/** What selects pods by their labels, and whether another of its sort already has a pod. */
function podSelectors(around: Around): readonly Dangling[] {
  const { unit, object, manifest } = around;
  const { service, policy, budget } = object.summary;
  const { spec } = manifest;
  if (service !== undefined) {
    const isTaken = (pod: UnitPod): boolean => unit.servicesOf(pod).answer !== "no";
    return vainly(around, service.selector, spec?.get("selector"), isTaken);
  }
  if (policy !== undefined && manifest.is("NetworkPolicy", "networking.k8s.io", "extensions")) {
    const directions = ["ingress", "egress"] as const;
    const isTaken = (pod: UnitPod): boolean => directions.some((d) => unit.policiesOf(pod, d).answer !== "no");
    return vainly(around, policy.selector, spec?.get("podSelector"), isTaken);
  }
  if (budget === undefined) return [];
  return vainly(around, budget.selector, spec?.get("selector"), (pod) => unit.budgetsOf(pod).answer !== "no");
}

/**
 * A selector without a pod, where a pod is deployed beside it that bears the same labels with other values, and that
 * nothing else of the sort selects: that one was meant.
 */
function vainly(
  around: Around,
  selector: Selector | undefined,
  at: Field | undefined,
  isTaken: (pod: UnitPod) => boolean,
): readonly Dangling[] {
  if (at === undefined || selector === undefined || selector.requirements.length === 0) return [];
  const { unit, object, manifest } = around;
  if (unit.podsSelectedBy(selector, object.namespace).answer !== "no") return [];
  const pods = companions(around).flatMap((o) => o.pods.filter((p) => p.summary.certainty === "exact"));
  const isMeant = (pod: UnitPod): boolean =>
    isNearly(selector, pod.labels) && isAlike(object, selector, pod.object, pod.labels) && !pod.summary.runsOnce;
  const meant = pods.find((pod) => isMeant(pod) && !isTaken(pod));
  if (meant === undefined) return [];
  const message = `${manifest.title} selects ${titleOfSelector(selector)}: no pod has these labels`;
  return [{ at, message, ...slipIn(selector, at, meant), candidate: meant.object }];
}

/** The pod bears all the labels that are asked for, some of them with another value. */
const isNearly = ({ requirements, isOpen }: Selector, labels: Labels): boolean =>
  !isOpen &&
  !labels.isOpen &&
  requirements.every(({ key, operator, values }) => {
    const value = labels.values.get(key);
    return operator === "In" && typeof value === "string" && (values.includes(value) || !variants.test(key));
  });

/** Labels by which several versions of one workload differ: the one that is asked for may come later. */
const variants = /(?:^|[./_-])(?:version|track|colou?r|slot|release|revision|variant|env|environment|stage|instance)$/i;

/** Both objects bear one name, or a value is a slip of the other's: otherwise it may speak of something elsewhere. */
const isAlike = (by: UnitObject, { requirements }: Selector, of: UnitObject, labels: Labels): boolean =>
  by.summary.name === of.summary.name ||
  requirements.some(({ key, values }) => values.some((v) => v !== null && isSlip(v, labels.values.get(key) ?? "")));

/** The only value that differs. */
function slipIn({ requirements }: Selector, at: Field, { labels }: UnitPod): Pick<Dangling, "meant"> {
  const wrong = requirements.filter(({ key, values }) => !values.includes(labels.values.get(key) ?? null));
  const [only] = wrong;
  const name = only && labels.values.get(only.key);
  const field = only && (at.get("matchLabels") ?? at).get(only.key);
  return wrong.length === 1 && typeof name === "string" && field !== undefined ? { meant: { at: field, name } } : {};
}

function named(
  { manifest }: Around,
  at: Field | undefined,
  what: string,
  answer: Answer,
  candidate: UnitObject | undefined,
): readonly Dangling[] {
  const name = candidate?.summary.name;
  if (at?.string === undefined || answer !== "no" || candidate === undefined || typeof name !== "string") return [];
  const message = `${manifest.title} names ${what} ${at.string}, which is not there; ${name} is`;
  return [{ at, message, meant: { at, name }, candidate }];
}

/** An autoscaler and a workload beside it that nothing scales, of its own name or of one that is a slip away. */
function scaled(around: Around): readonly Dangling[] {
  const { unit, object, manifest } = around;
  const kind = object.summary.scaler?.kind;
  if (typeof kind !== "string" || !isWorkload({ kind, group: "apps" })) return [];
  const at = manifest.spec?.at("scaleTargetRef", "name");
  const free = companions(around).filter((o) => o.summary.kind === kind && unit.scalersOf(o).answer === "no");
  const { answer } = unit.named(kind, object.summary.scaler?.name, object.namespace);
  return named(around, at, kind, answer, namesake(free, object) ?? slip(free, at?.string));
}

const namesake = (objects: readonly UnitObject[], { summary }: UnitObject): UnitObject | undefined =>
  objects.find((o) => o.summary.name === summary.name);

const slip = (objects: readonly UnitObject[], name: string | undefined): UnitObject | undefined =>
  objects.find((o) => typeof o.summary.name === "string" && name !== undefined && isSlip(o.summary.name, name));

/** Services that a route names: others than those beside it may be anywhere, so that only a slip counts. */
function backends(around: Around): readonly Dangling[] {
  const { unit, object, manifest } = around;
  const { route } = object.summary;
  if (route === undefined) return [];
  const found = new Map<number, Dangling>();
  for (const at of backendNames(manifest)) {
    const backend = route.backends.find((b) => b.name === at.string);
    if (backend === undefined || backend.namespace !== undefined) continue;
    const services = companions(around).filter((o) => o.summary.service !== undefined);
    const { answer } = unit.servicesBehind(object, backend);
    for (const dangling of named(around, at, "Service", answer, slip(services, at.string)))
      found.set(at.start, dangling);
  }
  return [...found.values()];
}

/** Where a route writes the names of services. */
function backendNames({ spec }: Manifest): readonly Field[] {
  const listed = (field: Field | undefined, ...keys: readonly string[]): readonly Field[] => {
    const items = field?.items ?? [];
    return keys.length === 0 ? items : items.flatMap((item) => listed(item.at(...keys.slice(0, 1)), ...keys.slice(1)));
  };
  const paths = (spec?.get("rules")?.items ?? []).flatMap((rule) => listed(rule.at("http", "paths")));
  const own = [...paths.map((path) => path.get("backend")), spec?.get("defaultBackend"), spec?.get("backend")];
  const references = (spec?.get("rules")?.items ?? []).flatMap((rule) => listed(rule.get("backendRefs")));
  return [
    ...own.flatMap((backend) => backend?.at("service", "name") ?? backend?.get("serviceName") ?? []),
    ...references.flatMap((reference) => reference.get("name") ?? []),
  ];
}

/** The service that names the pods of a StatefulSet: without it they have no names of their own. */
function governing(around: Around): readonly Dangling[] {
  const { unit, object, manifest } = around;
  const name = object.summary.workload?.serviceName;
  const [pod] = object.pods;
  if (typeof name !== "string" || name === "" || pod === undefined) return [];
  const beside = new Set(companions(around));
  const headless = unit.servicesOf(pod).sure.filter((s) => beside.has(s) && s.summary.service?.isHeadless === true);
  const { answer } = unit.named("Service", name, object.namespace, [""]);
  return named(around, manifest.spec?.get("serviceName"), "Service", answer, headless[0]);
}

/** An account, where another one beside it is used by nobody, or has nearly the same name. */
function accounts(around: Around): readonly Dangling[] {
  const { unit, object, manifest } = around;
  const [pod] = object.pods;
  const name = pod?.summary.serviceAccount;
  if (pod === undefined || object.pods.length > 1 || typeof name !== "string" || name === "default") return [];
  const { answer } = unit.accountOf(pod);
  if (answer !== "no") return [];
  const others = companions(around).filter((o) => o.summary.kind === "ServiceAccount" && o.summary.group === "");
  const runs = new Set(unit.objects.flatMap((o) => o.pods.map((p) => p.summary.serviceAccount)));
  const free = others.filter((o) => !runs.has(o.summary.name));
  return named(around, accountField(manifest), "ServiceAccount", answer, slip(free, name));
}

function accountField(manifest: Manifest): Field | undefined {
  const { kind, root } = manifest;
  const spec =
    kind === "Pod"
      ? root.get("spec")
      : kind === "CronJob"
        ? root.at("spec", "jobTemplate", "spec", "template", "spec")
        : root.at("spec", "template", "spec");
  return spec?.get("serviceAccountName") ?? spec?.get("serviceAccount");
}

/** Secrets, config maps and claims: they often come from elsewhere, so that only a slip counts. */
function used(around: Around): readonly Dangling[] {
  const { unit, object, manifest } = around;
  const found: Dangling[] = [];
  // Generators of a kustomization make some.
  if (unit.kind === "kustomize") return found;
  for (const use of object.summary.uses) {
    if (use.isOptional || use.name === null) continue;
    if (unit.named(use.kind, use.name, object.namespace, [""]).answer !== "no") continue;
    const near = slip(
      companions(around).filter((o) => o.summary.kind === use.kind),
      use.name,
    );
    const at = near && namesIn(manifest, use.name);
    if (at !== undefined && !isMade(unit, use.kind, use.name)) found.push(...named(around, at, use.kind, "no", near));
  }
  return found;
}

/** Whether an object that a controller works on makes it, or may. */
const isMade = (unit: DeploymentUnit, kind: string, name: string): boolean =>
  unit.objects.some(({ summary }) => {
    const isMaker = summary.makes?.some((m) => m.kind === kind && (m.name === null || m.name === name)) === true;
    const isCustom = summary.group.includes(".") && !summary.group.endsWith("k8s.io");
    return isMaker || (isCustom && typeof summary.name === "string" && name.startsWith(summary.name));
  });

const nameKeys = /^(?:name|secretName|claimName)$/;
const namers = new Set([
  "secretKeyRef",
  "configMapKeyRef",
  "secretRef",
  "configMapRef",
  "secret",
  "configMap",
  "persistentVolumeClaim",
]);

/** Where a pod, or the TLS of an Ingress, writes the name. */
function namesIn(manifest: Manifest, name: string): Field | undefined {
  const look = (field: Field, key: string): Field | undefined => {
    for (const [inner, value] of field.entries) {
      const isName = nameKeys.test(inner) && (namers.has(key) || key === "tls") && value.string === name;
      const found = isName ? value : look(value, inner);
      if (found !== undefined) return found;
    }
    for (const item of field.items) {
      const found = look(item, key);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return manifest.spec && look(manifest.spec, "spec");
}

/** A monitor that watches no service, where one beside it bears the same labels with other values. */
function monitored(around: Around): readonly Dangling[] {
  const { unit, object, manifest } = around;
  const { monitor } = object.summary;
  const at = manifest.spec?.get("selector");
  if (monitor === undefined || at === undefined || monitor.selector.requirements.length === 0) return [];
  const labelsOf = ({ summary }: UnitObject): Labels => ({
    values: new Map(summary.labels.pairs),
    isOpen: summary.labels.isOpen,
  });
  const watched = (service: UnitObject): Answer => selects(monitor.selector, labelsOf(service));
  if (unit.kind === "chart" || unit.everywhere("Service", "").some((s) => watched(s) !== "no")) return [];
  const meant = companions(around).find(
    (o) =>
      o.summary.service !== undefined &&
      isNearly(monitor.selector, labelsOf(o)) &&
      isAlike(object, monitor.selector, o, labelsOf(o)),
  );
  if (meant === undefined) return [];
  return [
    {
      at,
      message: `${manifest.title} selects ${titleOfSelector(monitor.selector)}: no Service has these labels`,
      candidate: meant,
    },
  ];
}
