// Web workers have no `node:assert`.

class AssertionError extends Error {
  override name = "AssertionError";
  /** Has mocha show the difference. */
  readonly showDiff = true;

  constructor(
    message: string,
    readonly actual: unknown,
    readonly expected: unknown,
  ) {
    super(message);
  }
}

/** Compares as JSON. */
export function same(actual: unknown, expected: unknown, what: string): void {
  if (JSON.stringify(actual) !== JSON.stringify(expected)) throw new AssertionError(what, actual, expected);
}

export function holds(condition: boolean, what: string): asserts condition {
  if (!condition) throw new AssertionError(what, condition, true);
}
