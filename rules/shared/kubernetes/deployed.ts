/** What is deployed around a manifest, as rules ask for it. */
import type { Context, DeploymentUnit, ObjectSummary, Related, UnitObject } from "../../../engine/index";

/** What the file is deployed with. */
export const unitOf = (context: Context): DeploymentUnit | undefined => context.project.unit(context.file);

/** `Deployment shop`, as people name it. */
export const titleOf = ({ kind, name }: ObjectSummary): string => (typeof name === "string" ? `${kind} ${name}` : kind);

/** Points to an object of another file, or of this one. */
export function pointTo(object: UnitObject, note: string, context: Context): readonly Related[] {
  const span = context.project.objectSpan(object.file, object.index);
  return span === undefined ? [] : [{ file: object.file, span, note }];
}

/** Namespaces of the cluster's own. */
const system = /^(?:kube-(?:system|public|node-lease)|openshift(?:-[\w-]+)?)$/;
export const isSystemNamespace = (namespace: string | null | undefined): boolean => system.test(namespace ?? "");
