/** Whether a model has the shape that compose wants. */
import type { Datum, Mapping, Scalar, Sequence } from "./datum";
import { isSame } from "./datum";
import { distinct } from "./identity";
import type { Refuse } from "./read";
import { itemsOf, type MappingShape, type Shape } from "./shape";

/** Tells of everything that the shape does not allow. */
export function validate(datum: Datum, shape: Shape, refuse: Refuse): void {
  const isFree = shape.scalars === undefined && shape.mapping === undefined && shape.list === undefined;
  if (isFree) return;
  if (datum.kind === "scalar") scalar(datum, shape, refuse);
  else if (datum.kind === "mapping") mapping(datum, shape, refuse);
  else if (datum.kind === "sequence") sequence(datum, shape, refuse);
}

function scalar(datum: Scalar, { scalars, words, pattern, range }: Shape, refuse: Refuse): void {
  const { source, text } = datum;
  if (scalars?.includes(datum.type) !== true) refuse(source, "A value of this type cannot stand here");
  else if (!datum.isKnown || datum.type === "null") return;
  else if (words !== undefined && !words.includes(text)) refuse(source, `\`${text}\` is none of ${words.join(", ")}`);
  else if (pattern?.test(text) === false) refuse(source, `\`${text}\` is not what can stand here`);
  else if (range !== undefined && !(Number(text) >= range[0] && Number(text) <= range[1])) {
    refuse(source, `\`${text}\` is not between ${range[0]} and ${range[1]}`);
  }
}

function mapping(datum: Mapping, { mapping: shape }: Shape, refuse: Refuse): void {
  if (shape === undefined) {
    refuse(datum.source, "A mapping cannot stand here");
    return;
  }
  for (const name of shape.required ?? []) {
    if (!datum.entries.has(name) && !datum.open) refuse(datum.source, `\`${name}\` is missing here`);
  }
  for (const [name, value] of datum.entries) {
    const inner = allowed(shape, name);
    if (inner === undefined) refuse(value.source, `There is no key \`${name}\` here`);
    else validate(value, inner, refuse);
  }
}

const nothingAsked: Shape = {};

function allowed(shape: MappingShape, name: string): Shape | undefined {
  if (Object.hasOwn(shape.keys, name)) return shape.keys[name];
  if (shape.extensible && name.startsWith("x-")) return nothingAsked;
  if (shape.others !== undefined && shape.names?.test(name) === true) return shape.others;
  return shape.loose === true ? nothingAsked : undefined;
}

function sequence(datum: Sequence, shape: Shape, refuse: Refuse): void {
  if (shape.list === undefined) {
    refuse(datum.source, "A list cannot stand here");
    return;
  }
  const { items } = shape.identity === undefined ? datum : distinct(datum, shape.identity, refuse);
  for (const [i, item] of items.entries()) {
    validate(item, itemsOf(shape), refuse);
    if (shape.list.distinct && items.slice(0, i).some((other) => isSame(other, item))) {
      refuse(item.source, "The same stands here twice");
    }
  }
}
