/** Places in objects, as patches name them. */
import type { Field } from "../kubernetes/field";
import type { Manifest } from "../kubernetes/manifest";

/**
 * An item of a list: by its `name`, as a merge finds it, or by its index, as a JSON patch does. Null: not known; an item
 * with neither is a new one.
 */
export interface ItemStep {
  readonly name: string | null;
  readonly index: number | null;
}

/** From the object's root: keys, and items of lists. */
export type ObjectPath = readonly (string | ItemStep)[];

/** Where a value stands in its object. */
export function pathIn({ root }: Manifest, field: Field): ObjectPath {
  const steps = field.node.path.slice(root.node.path.length);
  const path: (string | ItemStep)[] = [];
  let at: Field | undefined = root;
  for (const step of steps) {
    at = typeof step === "number" ? at?.items[step] : at?.written(step);
    path.push(typeof step === "number" ? { name: at?.get("name")?.string ?? null, index: step } : step);
  }
  return path;
}

/** Whether something that is written at `written` is, or stands below, what `asked` names. */
export const isAtOrBelow = (written: ObjectPath, asked: ObjectPath): boolean =>
  written.length >= asked.length && asked.every((step, i) => isSameStep(written[i], step));

function isSameStep(written: string | ItemStep | undefined, asked: string | ItemStep): boolean {
  if (written === undefined || typeof written === "string" || typeof asked === "string") return written === asked;
  if (written.name !== null) return written.name === asked.name;
  return written.index !== null && written.index === asked.index;
}

/** The steps of a JSON pointer (RFC 6901). A number, or `-`, is taken for an item of a list. */
export const pointerSteps = (pointer: string): ObjectPath =>
  pointer
    .split("/")
    .slice(1)
    .map((segment) => {
      if (segment === "-") return { name: null, index: null };
      if (/^\d{1,6}$/.test(segment)) return { name: null, index: Number(segment) };
      return segment.replaceAll("~1", "/").replaceAll("~0", "~");
    });
