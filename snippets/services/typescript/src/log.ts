export type Level = "info" | "warn" | "error";

/**
 * One JSON object a line on stdout. JSON escapes line breaks, so no value of a request can forge a line.
 * Never pass headers, tokens, bodies or settings.
 */
export function log(level: Level, message: string, fields: Readonly<Record<string, string | number>> = {}): void {
  const line = { time: new Date().toISOString(), level, message, service: "<% name %>", ...fields };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** What went wrong at the bottom, for a log line: libraries wrap the reason in errors that say nothing of it. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const inner: unknown = error instanceof AggregateError ? error.errors.at(-1) : error.cause;
  return inner === undefined ? error.message : reasonOf(inner);
}
