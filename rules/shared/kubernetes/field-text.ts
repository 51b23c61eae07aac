/** Values of manifests as texts that rules look into. */
import type { Field } from "../../../engine/index";
import type { LocatedText } from "../located-text";

export interface FieldText extends LocatedText<FieldText> {
  readonly field: Field;
}

/** The text of a scalar; what a template gives stands as `\uE000` in it. */
export const textOf = (field: Field): FieldText => textAt(field, field.node.text ?? "", 0);

function textAt(field: Field, text: string, at: number): FieldText {
  const { start, end } = field.part(at, at + text.length);
  return {
    field,
    start,
    end,
    scalar: { text },
    part: (from, to = text.length) => textAt(field, text.slice(from, to), at + from),
    rewrite: (written) => [{ span: { start, end }, text: written }],
  };
}
