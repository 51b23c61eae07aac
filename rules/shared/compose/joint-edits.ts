/** Fixes out of several steps that meet at one place. */
import { conflict, type FileEdits, type Span } from "../../../engine/index";
import { merged } from "./secret-fixes";

/** The steps' edits, file by file. Undefined where one step cannot be had, or two are in each other's way. */
export function together(steps: readonly (FileEdits | undefined)[]): readonly FileEdits[] | undefined {
  const all = merged(steps).filter((part) => part !== undefined);
  return steps.includes(undefined) || isWrittenTwice(steps) || all.some(({ edits }) => conflict(edits))
    ? undefined
    : all;
}

/** Two steps write over the same characters, as where two services share a list. */
const isWrittenTwice = (steps: readonly (FileEdits | undefined)[]): boolean => {
  const places = steps.flatMap((step) =>
    (step?.edits ?? []).flatMap(({ span: { start, end } }) => (start < end ? [`${step?.file} ${start} ${end}`] : [])),
  );
  return new Set(places).size < places.length;
};

/** The place of a key's text, without its quotes. */
export const withoutQuotes = ({ start, end }: Span, text: string): Span =>
  end - start === text.length + 2 ? { start: start + 1, end: end - 1 } : { start, end };
