/** Roles and bindings of RBAC, with the places where everything is written. */
import { type Context, type Field, type FileEdits, type Fix, fixIn, type Manifest } from "../../../engine/index";
import { unitOf } from "./deployed";

export const rbac = "rbac.authorization.k8s.io";

/** One rule of a Role or ClusterRole. */
export interface Permission {
  readonly field: Field;
  readonly groups: readonly Field[];
  readonly resources: readonly Field[];
  readonly verbs: readonly Field[];
  readonly urls: readonly Field[];
  /** Undefined where it is not limited to named objects. */
  readonly names: readonly Field[] | undefined;
}

/** What the cluster makes for itself, or somebody exported from there. */
export const isStock = (manifest: Manifest): boolean =>
  manifest.label("kubernetes.io/bootstrapping")?.string === "rbac-defaults" ||
  /^(?:system|kubeadm):/.test(manifest.name ?? "");

/**
 * The rules of a role that somebody wrote: none for the roles of the cluster's own, nor for one that a controller puts
 * together from others.
 */
export function permissionsOf(manifest: Manifest): readonly Permission[] {
  const isRole = manifest.is("Role", rbac) || manifest.is("ClusterRole", rbac);
  if (!isRole || isStock(manifest) || manifest.root.get("aggregationRule") !== undefined) return [];
  return (manifest.root.get("rules")?.items ?? []).map((field) => {
    const list = (key: string): readonly Field[] => field.get(key)?.items ?? [];
    const names = field.get("resourceNames");
    const isLimited = names !== undefined && (names.kind !== "list" || names.items.length > 0);
    return {
      field,
      groups: list("apiGroups"),
      resources: list("resources"),
      verbs: list("verbs"),
      urls: list("nonResourceURLs"),
      names: isLimited ? names.items : undefined,
    };
  });
}

export interface Wanted {
  readonly groups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** The first item that is one of the texts. */
export const itemIn = (list: readonly Field[], texts: readonly string[]): Field | undefined =>
  list.find(({ string }) => string !== undefined && texts.includes(string));

/** Whether the list has one of the texts, or everything. */
export const includes = (list: readonly Field[], texts: readonly string[]): boolean =>
  itemIn(list, ["*", ...texts]) !== undefined;

/** The resources that the rule names itself, and not by a `*`, on which it allows one of the verbs. */
export function resourcesIn(permission: Permission, { groups, resources, verbs }: Wanted): readonly Field[] {
  if (!includes(permission.groups, groups) || !includes(permission.verbs, verbs)) return [];
  return permission.resources.filter(({ string }) => string !== undefined && resources.includes(string));
}

/** The verbs as people say them: `create and update`; `*` is everything. */
export function verbsIn(permission: Permission, texts: readonly string[]): string {
  const found = permission.verbs.flatMap(({ string }) =>
    string !== undefined && texts.includes(string) ? [string] : [],
  );
  return found.length === 0 ? "do everything with" : inWords(found);
}

export function inWords(words: readonly string[]): string {
  const all = [...new Set(words)];
  return all.length < 2 ? all.join() : `${all.slice(0, -1).join(", ")} and ${all.at(-1)}`;
}

/** The rights of the role count in one namespace only, as far as its bindings tell. */
export function isNamespaced(manifest: Manifest, context: Context): boolean {
  if (manifest.kind === "Role") return true;
  const unit = unitOf(context);
  const role = unit?.object(manifest);
  if (unit === undefined || role === undefined) return false;
  const { sure, possible } = unit.bindingsTo(role);
  return sure.length > 0 && possible.length === 0 && sure.every(({ summary }) => summary.kind === "RoleBinding");
}

/** Who a RoleBinding or ClusterRoleBinding gives a role. */
export interface Subject {
  readonly field: Field;
  readonly kind: string;
  readonly name: Field;
}

/** The subjects of a binding that somebody wrote; those whose kind or name is not told are left out. */
export function subjectsOf(manifest: Manifest): readonly Subject[] {
  const isBinding = manifest.is("RoleBinding", rbac) || manifest.is("ClusterRoleBinding", rbac);
  if (!isBinding || isStock(manifest)) return [];
  return (manifest.root.get("subjects")?.items ?? []).flatMap((field) => {
    const kind = field.get("kind")?.string;
    const name = field.get("name");
    return kind === undefined || name?.string === undefined ? [] : [{ field, kind, name }];
  });
}

/** The name of the ClusterRole or Role that a binding gives; undefined where it is not told. */
export const boundRole = (manifest: Manifest): string | undefined => manifest.root.at("roleRef", "name")?.string;

/** Takes the subject out of the binding; a binding without any is valid, and gives nobody anything. */
export function withoutSubject({ field, name }: Subject, manifest: Manifest, context: Context): Fix | undefined {
  const edits = field.removeUpTo(manifest.root);
  const part: FileEdits | undefined = edits && { edits };
  return fixIn(context.file, `Remove the subject ${name.string}`, "unsafe", [part]);
}
