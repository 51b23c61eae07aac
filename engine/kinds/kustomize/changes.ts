/** What a patch changes: plain data without offsets. */
import type { Field } from "../kubernetes/field";
import type { ManifestFile } from "../kubernetes/model";
import { type Told, told } from "../kubernetes/selector";
import { type ObjectPath, pointerSteps } from "./objectPath";

/** What a patch does to the objects that it meets. */
export interface Changes {
  /** Of a merge: whose parts it writes; undefined of a JSON patch, which its target leads to objects. */
  readonly object: { readonly group: string; readonly kind: string; readonly name: Told | undefined } | undefined;
  /** The object is taken out. */
  readonly deletes: boolean;
  /** Scalars, empty collections and lists of scalars that it sets. */
  readonly writes: readonly ObjectPath[];
  readonly removes: readonly ObjectPath[];
}

export type PatchStyle = "merge" | "json6902";

export interface PatchContent {
  /** Undefined where the text is neither. */
  readonly style: PatchStyle | undefined;
  readonly changes: readonly Changes[];
}

/** A change that a patch makes, with the place where it is written. */
export interface Written {
  readonly path: ObjectPath;
  readonly how: "write" | "remove";
  readonly field: Field;
}

/** Of one text; what is beyond is not seen. */
const mostChanges = 5_000;

export function contentOf(file: ManifestFile, operations: Field | undefined): PatchContent {
  if (operations !== undefined) return { style: "json6902", changes: [changesOfOperations(operations)] };
  const changes = file.manifests.map((manifest): Changes => {
    const { group, kind } = manifest;
    const all = writtenIn(manifest.root);
    const name = told(manifest.metadata?.get("name"));
    return { object: { group, kind, name }, deletes: isDeletion(manifest.root), ...sorted(all) };
  });
  return { style: changes.length === 0 ? undefined : "merge", changes };
}

/** Whether a map says of itself that it is to be taken out. */
export const isDeletion = (map: Field): boolean => map.get("$patch")?.string === "delete";

/** What a merge writes and takes out, what only tells which object is meant left out. */
export function writtenIn(root: Field): readonly Written[] {
  const all: Written[] = [];
  for (const [key, value] of root.entries) {
    if (key === "apiVersion" || key === "kind" || key.startsWith("$")) continue;
    collect(value, [key], all);
  }
  return all.filter(({ path }) => !(path.length === 2 && path[0] === "metadata" && path[1] === "name"));
}

function collect(field: Field, path: ObjectPath, all: Written[]): void {
  if (all.length >= mostChanges) return;
  if (field.node.isNull) all.push({ path, how: "remove", field });
  else if (field.kind === "map" && isDeletion(field)) all.push({ path, how: "remove", field });
  else if (field.kind === "map" && field.entries.length > 0) {
    for (const [key, value] of field.entries) if (!key.startsWith("$")) collect(value, [...path, key], all);
  } else if (field.kind === "list" && field.items.some((item) => item.kind === "map")) {
    for (const [index, item] of field.items.entries())
      collect(item, [...path, { name: item.get("name")?.string ?? null, index }], all);
  } else all.push({ path, how: "write", field });
}

/** What the operations of a JSON patch write, and what they remove; the place is that of the operation's path. */
export function writtenByOperations(operations: Field): readonly Written[] {
  return operations.items.flatMap((operation): readonly Written[] => {
    const op = operation.get("op")?.string;
    const pointer = operation.get("path");
    if (pointer?.string === undefined) return [];
    const path = pointerSteps(pointer.string);
    if (op === "remove") return [{ path, how: "remove", field: pointer }];
    const value = operation.written("value");
    if ((op !== "add" && op !== "replace") || value === undefined) return [];
    const all: Written[] = [];
    collect(value, path, all);
    return all;
  });
}

/** A scalar of an object, or a list of them; null where the value cannot be told. */
export interface Leaf {
  readonly path: ObjectPath;
  readonly value: string | null;
}

/** What an object has at the path, or below it; empty maps and lists are nothing. */
export function leavesAt(root: Field, path: ObjectPath): readonly Leaf[] {
  let at: Field | undefined = root;
  for (const step of path) {
    const field: Field | undefined = at;
    if (typeof step === "string") at = field?.get(step);
    else if (step.name === null) at = step.index === null ? undefined : field?.items[step.index];
    else at = field?.items.find((item) => item.get("name")?.string === step.name);
  }
  if (at === undefined) return [];
  const all: Written[] = [];
  collect(at, path, all);
  return all.flatMap(({ how, path: to, field }) => {
    const isEmpty = how === "remove" || (field.kind === "map" && field.entries.length === 0);
    if (isEmpty || (field.kind === "list" && field.items.length === 0)) return [];
    const value = field.kind === "list" ? field.items.map((item) => item.string ?? "").join() : (field.string ?? null);
    return [{ path: to, value }];
  });
}

const changesOfOperations = (operations: Field): Changes => ({
  object: undefined,
  deletes: false,
  ...sorted(writtenByOperations(operations)),
});

const sorted = (all: readonly Written[]): Pick<Changes, "writes" | "removes"> => ({
  writes: all.filter((w) => w.how === "write").map((w) => w.path),
  removes: all.filter((w) => w.how === "remove").map((w) => w.path),
});
