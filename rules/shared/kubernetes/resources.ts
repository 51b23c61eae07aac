/** What containers ask of their node, and what they are held to. */
import type { Container, Context, Edit, Field, LimitDefaults, Pod, YamlData } from "../../../engine/index";
import { isInjected } from "./container-images";
import { unitOf } from "./deployed";
import { containerOverlaid } from "./overlays";

type Bound = "limits" | "requests";
type Resource = "memory" | "cpu";

/** Tekton has a name of its own for them. */
const keys = ["resources", "computeResources"];

const defaults: Readonly<Record<Bound, Readonly<Record<Resource, keyof LimitDefaults>>>> = {
  limits: { memory: "memoryLimit", cpu: "cpuLimit" },
  requests: { memory: "memoryRequest", cpu: "cpuRequest" },
};

/**
 * Whether nothing gives the container the bound: not itself, nor its pod, nor its kustomizations, nor the limits of its
 * namespace. A limit is a request as well.
 */
export function lacks(container: Container, bound: Bound, resource: Resource, context: Context): boolean {
  const { pod, field } = container;
  if (pod.isPartial || field.isOpen || isInjected(container) || isPatchedLater(pod)) return false;
  const bounds: readonly Bound[] = bound === "requests" ? ["requests", "limits"] : ["limits"];
  if (bounds.some((b) => [field, pod.spec].some((owner) => mayHave(owner, b, resource)))) return false;
  if (isDefaulted(container, defaults[bound][resource], context)) return false;
  const paths = bounds.flatMap((b) => keys.map((key) => [key, b, resource]));
  return !containerOverlaid(container, context, ...paths).isCured;
}

/** Argo puts what these say into the pods that it makes. */
export const isPatchedLater = ({ spec }: Pod): boolean =>
  ["podSpecPatch", "templateDefaults"].some((key) => spec.has(key));

const mayHave = (owner: Field, bound: Bound, resource: Resource): boolean =>
  keys.some((key) => {
    const all = owner.get(key);
    const given = all?.get(bound);
    return all?.isOpen === true || given?.isOpen === true || given?.get(resource) !== undefined;
  });

/** A LimitRange of the namespace gives it to all who do not say it, or may do so. */
function isDefaulted({ pod }: Container, name: keyof LimitDefaults, context: Context): boolean {
  const unit = unitOf(context);
  const deployed = unit?.pod(pod);
  if (unit === undefined || deployed === undefined) return true;
  const { namespace } = deployed.object;
  return context.once(`limit range ${namespace} ${name}`, () => {
    const { answer, sure, possible } = unit.inNamespace("LimitRange", namespace, "");
    const ranges = [...sure, ...possible];
    if (ranges.length === 0) return answer === "unknown";
    return ranges.some(({ summary }) => summary.defaults?.[name] !== false);
  });
}

/** Where bounds are written in a container. */
export const resourcesKey = ({ pod, field }: Container): string =>
  pod.manifest.group === "tekton.dev" && field.get("resources") === undefined ? "computeResources" : "resources";

/** Writes bounds beside those that there are; `snippet` where they are left to choose. */
export function withBounds(
  container: Container,
  bound: Bound,
  data: Readonly<Record<string, YamlData>>,
  options: { readonly snippet?: boolean },
): readonly Edit[] | undefined {
  const { field } = container;
  const key = resourcesKey(container);
  const own = field.get(key);
  if (own === undefined || own.entries.length === 0) {
    const after = ["ports", "image", "name"].find((name) => field.has(name));
    return field.set([key], { [bound]: data }, { ...options, ...(after === undefined ? {} : { after }) });
  }
  const given = own.get(bound);
  if (given === undefined || given.entries.length === 0) return own.set([bound], data, options);
  const [first, ...rest] = Object.entries(data);
  return first === undefined || rest.length > 0 ? undefined : given.set([first[0]], first[1], options);
}
