/** Every value that a file of code gives to something: arguments, entries, assignments, results. */
import type { CodeCall, CodeFile, CodeScope, CodeValue, Span } from "../../../engine/index";

export interface GivenValue {
  readonly value: CodeValue;
  /** The name of the argument, entry or variable. */
  readonly name: string | undefined;
  readonly guard: CodeScope["guard"];
  /** The call that it is an argument of. */
  readonly call?: CodeCall;
}

/** In no order; those in lists and choices one by one, under the name of the whole. */
export function* givenValues({ facts }: CodeFile): Generator<GivenValue> {
  for (const call of facts.calls)
    for (const { name, value } of call.arguments) yield* flat({ value, name, guard: call.scope.guard, call });
  for (const { target, value, scope } of facts.assignments)
    yield* flat({ value, name: target.last, guard: scope.guard });
  for (const { entries } of facts.options)
    for (const { name, value } of entries) yield* flat({ value, name, guard: undefined });
  for (const { returns, scope } of facts.functions)
    for (const value of returns) yield* flat({ value, name: undefined, guard: scope.guard });
}

function* flat(given: GivenValue): Generator<GivenValue> {
  const { value } = given;
  if (value.kind === "list") for (const item of value.items) yield* flat({ ...given, value: item });
  else if (value.kind === "choice") for (const option of value.options) yield* flat({ ...given, value: option });
  else yield given;
}

export const spanOf = ({ start, end }: Span): Span => ({ start, end });

/** The index of the first that begins at or behind the place, of those in the order of the text. */
export function firstFrom(all: readonly Span[], place: number): number {
  let [low, high] = [0, all.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((all[middle]?.start ?? place) < place) low = middle + 1;
    else high = middle;
  }
  return low;
}
