/** Entries of maps, scalars and items that are offered at a place of a YAML document. */
import { literal, type RuleId, type YamlCursor } from "../engine/index";
import { expanded, hanging } from "./expand";
import type { Offer } from "./offer";

/** An entry that may be added to a map. */
export interface Entry {
  readonly key: string;
  /** What stands behind the key's colon, in the syntax of snippets; a block begins with a line break. */
  readonly value: string;
  readonly detail: string;
  readonly note: string;
  readonly rules: readonly RuleId[];
  /** Keys that say the same, or make it pointless. */
  readonly insteadOf?: readonly string[];
}

/** The entries as the text of a map, in the syntax of snippets. */
export const mapOf = (entries: readonly Entry[]): string => renumbered(entries.map(written)).join("\n");

const written = ({ key, value }: Entry): string => `${key}:${value.startsWith("\n") ? "" : " "}${value}`;

/** Of several lines only the first is shown. */
const labelOf = ({ key, value }: Entry): string => (value.startsWith("\n") ? key : `${key}: ${expanded(value)}`);

const isMissing = ({ key, insteadOf = [] }: Entry, siblings: ReadonlySet<string>): boolean =>
  [key, ...insteadOf].every((name) => !siblings.has(name));

/** How far lines behind the first stand to the right of the line's own indentation. */
export const hangOf = ({ column, indent }: YamlCursor): number => column - indent;

/** The entries that the map lacks, and one for all of them where that is more than one. */
export function entryOffers(
  cursor: YamlCursor,
  entries: readonly Entry[],
  together?: { readonly entries: readonly Entry[]; readonly detail: string; readonly note: string },
): readonly Offer[] {
  if (cursor.kind !== "key" || cursor.open) return [];
  const missing = entries.filter((entry) => isMissing(entry, cursor.siblings));
  const offers = missing.map((entry): Offer => {
    const { detail, note, rules, key } = entry;
    const text = hanging(written(entry), hangOf(cursor));
    return {
      label: labelOf(entry),
      kind: "property",
      detail,
      span: cursor.span,
      text,
      filter: key,
      about: { note, rules },
    };
  });
  const all = together?.entries.filter((entry) => isMissing(entry, cursor.siblings)) ?? [];
  if (together === undefined || all.length < 2) return offers;
  const whole: Offer = {
    label: "harden: all that is missing",
    kind: "property",
    detail: together.detail,
    span: cursor.span,
    text: hanging(mapOf(all), hangOf(cursor)),
    filter: "harden security",
    about: { note: together.note, rules: [...new Set(all.flatMap((entry) => entry.rules))] },
  };
  return [...offers, whole];
}

/** The same texts with stops that are not shared. */
function renumbered(texts: readonly string[]): readonly string[] {
  let last = 0;
  return texts.map((text) => {
    const base = last;
    return text.replace(/\$\{(\d+)(?=[:|])/g, (_, number: string) => {
      last = Math.max(last, base + Number(number));
      return `\${${base + Number(number)}`;
    });
  });
}

export interface Scalar {
  /** In the syntax of snippets, without quotes. */
  readonly text: string;
  readonly label: string;
  readonly detail: string;
  readonly note: string;
  readonly rules: readonly RuleId[];
  /** It needs quotes, so that YAML reads a text. */
  readonly quoted?: true;
  readonly filter?: string;
}

/** A scalar behind a key or a dash; quotes are added where there are none yet and it needs them. */
export function scalarOffer(cursor: YamlCursor, { text, label, detail, note, rules, quoted, filter }: Scalar): Offer {
  const needs = quoted === true && cursor.quote === "";
  return {
    label,
    kind: "value",
    detail,
    span: cursor.span,
    text: needs ? `"${text}"` : text,
    ...(filter === undefined ? {} : { filter }),
    about: { note, rules },
  };
}

/** The value of an entry whose key is there already; nothing where it is a block, or stands in marks that it has not. */
export function valueOffer(cursor: YamlCursor, { value, detail, note, rules }: Entry): readonly Offer[] {
  const inner = /^"([^"]*)"$/.exec(value)?.[1];
  const text = cursor.quote === "" ? value : inner;
  if (text === undefined || value.startsWith("\n")) return [];
  return [scalarOffer(cursor, { text, label: expanded(inner ?? text), detail, note, rules })];
}

/** A value that is written as it is. */
export const plainScalar = (cursor: YamlCursor, text: string, about: Omit<Scalar, "text" | "label">): Offer =>
  scalarOffer(cursor, { ...about, text: literal(text), label: text });
