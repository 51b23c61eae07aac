/** Durations as Go writes them. */

const units: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1, ms: 0.001 };

/** Seconds of `2160h`, `1h30m`, `0`; undefined for anything else. */
export function seconds(text: string): number | undefined {
  if (text === "0") return 0;
  if (text.length > 40 || !/^(?:\d+(?:\.\d+)?(?:h|ms|m|s))+$/.test(text)) return undefined;
  let sum = 0;
  for (const [, number = "", unit = ""] of text.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s)/gy))
    sum += Number(number) * (units[unit] ?? 0);
  return sum;
}
