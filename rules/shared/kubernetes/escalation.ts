/** Permissions that lead to more than they say. */
import type { Field, Severity } from "../../../engine/index";
import { includes, inWords, itemIn, type Permission, rbac, resourcesIn } from "./permissions";

/** What a rule of a role allows, in words that follow `may`. */
export interface Deed {
  readonly at: Field;
  readonly deed: string;
  readonly severity: Severity;
  /** `none`: the stock roles lack it; else the least of them that has it already. */
  readonly stock: "none" | "admin" | "edit";
}

const everyRole = ["cluster-admin", "admin", "edit"];
const pods = ["pods"];

/** How a role comes to rights that are not written in it; undefined where it does not. */
export function escalationIn(permission: Permission, all: readonly Permission[]): Deed | undefined {
  return (
    rolesIn(permission) ??
    impersonationIn(permission) ??
    tokensIn(permission) ??
    approvalIn(permission, all) ??
    bindingsIn(permission)
  );
}

function rolesIn(permission: Permission): Deed | undefined {
  const { groups, resources, verbs, names } = permission;
  const verb = itemIn(verbs, ["bind", "escalate"]);
  const kind = itemIn(resources, ["clusterroles", "roles"]);
  const isWhole = includes(groups, [rbac]) && includes(resources, ["clusterroles", "roles"]);
  const at = verb ?? (itemIn(verbs, ["*"]) && kind);
  if (at === undefined || !isWhole) return undefined;
  const isHarmless = names !== undefined && itemIn(names, everyRole) === undefined;
  const which = isHarmless ? "roles that it does not hold itself" : "roles up to cluster-admin";
  const deed =
    verb?.string === "escalate" ? `write any rights into ${which}` : `give ${which} to anyone, itself included`;
  return { at, deed, severity: isHarmless ? "info" : "error", stock: "none" };
}

function impersonationIn(permission: Permission): Deed | undefined {
  const { groups, resources, verbs, names } = permission;
  const identities = ["users", "groups", "serviceaccounts"];
  const kinds = resources.flatMap(({ string }) => (identities.includes(string ?? "") ? [string ?? ""] : []));
  const verb = itemIn(verbs, ["impersonate"]);
  const at = verb ?? (itemIn(verbs, ["*"]) && itemIn(resources, identities));
  if (at === undefined || !includes(groups, [""]) || !includes(resources, identities)) return undefined;
  const whom =
    kinds.length === 0
      ? "anybody"
      : inWords(kinds.map((kind) => (names === undefined ? `all ${kind}` : `some ${kind}`)));
  const isOfAccounts = kinds.length > 0 && kinds.every((kind) => kind === "serviceaccounts");
  const deed = verb === undefined ? `impersonate ${whom}: \`*\` includes that` : `impersonate ${whom}`;
  return { at, deed, severity: names === undefined ? "error" : "info", stock: isOfAccounts ? "edit" : "none" };
}

function tokensIn(permission: Permission): Deed | undefined {
  const [at] = resourcesIn(permission, { groups: [""], resources: ["serviceaccounts/token"], verbs: ["create"] });
  if (at === undefined) return undefined;
  const { names } = permission;
  const whose = names === undefined ? "any service account" : "some service accounts";
  return { at, deed: `make tokens for ${whose}`, severity: names === undefined ? "error" : "info", stock: "edit" };
}

const certificates = ["certificates.k8s.io"];

/** A signature of the cluster's own authority makes a client of any name. */
function approvalIn(permission: Permission, all: readonly Permission[]): Deed | undefined {
  const approvals = ["certificatesigningrequests/approval"];
  const [approval] = resourcesIn(permission, {
    groups: certificates,
    resources: approvals,
    verbs: ["update", "patch"],
  });
  const [signer] = signersIn(permission);
  const at = approval ?? signer;
  if (at === undefined) return undefined;
  const limits = all.filter((p) => signersIn(p).length > 0);
  const isLimited = limits.length > 0 && limits.every(({ names }) => names !== undefined && !names.some(isOfClients));
  if (isLimited || (approval === undefined && limits.length === 0)) return undefined;
  return { at, deed: "approve certificates for clients of any name", severity: "error", stock: "none" };
}

const signersIn = (permission: Permission): readonly Field[] =>
  resourcesIn(permission, { groups: certificates, resources: ["signers"], verbs: ["approve", "sign"] });

const isOfClients = ({ string }: Field): boolean => /^kubernetes\.io\/(?:\*|kube-apiserver-client)$/.test(string ?? "");

/** Without `bind` it hands on no more than it has itself. */
function bindingsIn(permission: Permission): Deed | undefined {
  const kinds = ["clusterrolebindings", "rolebindings"];
  const [at] = resourcesIn(permission, { groups: [rbac], resources: kinds, verbs: ["create", "update", "patch"] });
  if (at === undefined) return undefined;
  const isLimited = permission.names !== undefined && itemIn(permission.verbs, ["*", "create"]) === undefined;
  const stock = at.string === "rolebindings" ? "admin" : "none";
  return { at, deed: "hand on the rights that it has", severity: isLimited ? "info" : "warning", stock };
}

const ways = {
  "pods/exec": "run commands in",
  "pods/attach": "attach to",
  "pods/portforward": "open ports of",
} as const;

/** Whether it gets into pods that run already. */
export function execIn(permission: Permission): Deed | undefined {
  const groups = [""];
  const into = resourcesIn(permission, { groups, resources: Object.keys(ways), verbs: ["create", "get"] });
  const debug = resourcesIn(permission, {
    groups,
    resources: ["pods/ephemeralcontainers"],
    verbs: ["update", "patch"],
  });
  const at = into[0] ?? debug[0];
  if (at === undefined) return undefined;
  const said = into.flatMap(({ string }) => ways[string as keyof typeof ways] ?? []);
  const words = inWords([...said, ...(debug.length > 0 ? ["put containers into"] : [])]);
  const which = permission.names === undefined ? "every pod" : "some pods";
  const severity = permission.names === undefined ? "warning" : "info";
  return { at, deed: `${words} ${which}`, severity, stock: into.length > 0 ? "edit" : "none" };
}

const reading = ["get", "list", "watch"];
const writing = ["create", "update", "patch", "delete", "deletecollection"];

/** Whether it reaches the Secrets of others. */
export function secretsIn(permission: Permission): Deed | undefined {
  if (permission.names !== undefined) return undefined;
  const [at] = resourcesIn(permission, { groups: [""], resources: ["secrets"], verbs: [...reading, ...writing] });
  if (at === undefined) return undefined;
  const reads = includes(permission.verbs, reading);
  const writes = includes(permission.verbs, writing);
  const deed = `${inWords([...(reads ? ["read"] : []), ...(writes ? ["manage"] : [])])} every Secret`;
  return { at, deed, severity: "warning", stock: "edit" };
}

/** Of Kubernetes itself; the groups of others are those of an operator's own objects. */
const builtIn = /^(?:\*|[a-z]*|(?:[\w-]+\.)*k8s\.io)$/;

export const isOfKubernetes = ({ groups }: Permission): boolean =>
  groups.some(({ string }) => string !== undefined && builtIn.test(string) && !string.endsWith("metrics.k8s.io"));

/** What it allows by a `*`. */
export function wildcardIn(permission: Permission): Deed | undefined {
  const { groups, resources, verbs, urls, names } = permission;
  const [group, resource, verb, url] = [groups, resources, verbs, urls].map((list) => itemIn(list, ["*"]));
  const at = [group, resource, verb, url].flatMap((f) => f ?? []).sort((a, b) => a.start - b.start)[0];
  if (at === undefined) return undefined;
  const found = { at, stock: "none" } as const;
  if (urls.length > 0 && resources.length === 0) {
    const isAll = verb !== undefined && url !== undefined;
    return isAll ? { ...found, deed: "do everything at every path of the API server", severity: "warning" } : undefined;
  }
  if (groups.length === 0 || resources.length === 0) return undefined;
  const isTheirs = isOfKubernetes(permission);
  const soft = names !== undefined ? "hint" : "info";
  const where = ofGroups(permission);
  if (verb !== undefined) {
    const what = resource === undefined ? textsOf(resources, "what a value names") : "every resource";
    const severity = resource === undefined ? "warning" : "error";
    const deed = `do everything with ${what}${resource === undefined ? "" : where}`;
    return { ...found, deed, severity: isTheirs && names === undefined ? severity : soft };
  }
  if (resource !== undefined) {
    const isMild = !includes(groups, [""]) && verbs.every(({ string }) => reading.includes(string ?? ""));
    const severity = !isTheirs ? "hint" : isMild ? "info" : "warning";
    return { ...found, deed: `${deedsOf(verbs)} every resource${where}`, severity };
  }
  return {
    ...found,
    deed: `${deedsOf(verbs)} ${textsOf(resources, "what a value names")} of every API group`,
    severity: "hint",
  };
}

const deedsOf = (verbs: readonly Field[]): string => textsOf(verbs, "do what a value says with");

/** The first few of them; `unknown` stands for what a template gives. */
function textsOf(list: readonly Field[], unknown: string): string {
  const texts = list.length === 0 ? [unknown] : list.map(({ string }) => string ?? unknown);
  return texts.length <= 4 ? inWords(texts) : inWords([...texts.slice(0, 3), `${texts.length - 3} more`]);
}

const ofGroups = ({ groups }: Permission): string =>
  includes(groups, [])
    ? ""
    : ` of ${inWords(groups.map(({ string }) => (string === "" ? "the core group" : (string ?? "a group that a value names"))))}`;

/** Kinds that make pods, by their groups, and pods themselves. */
export const workloads: readonly { readonly group: string; readonly resources: readonly string[] }[] = [
  { group: "", resources: [...pods, "replicationcontrollers"] },
  { group: "apps", resources: ["deployments", "statefulsets", "daemonsets", "replicasets"] },
  { group: "batch", resources: ["jobs", "cronjobs"] },
];
