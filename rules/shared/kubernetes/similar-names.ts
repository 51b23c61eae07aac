/** Names that were probably meant to be the same. */

const longest = 80;

/** How many characters must be added, left out, exchanged or swapped to make one of the other. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + cost);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (isSwap) least = Math.min(least, (before[j - 2] ?? 0) + 1);
      next.push(least);
    }
    before = row;
    row = next;
  }
  return row[b.length] ?? 0;
}

const suffixed = (long: string, short: string): boolean =>
  long.startsWith(`${short}-`) &&
  /^-(?:svc|service|headless|sa|account|deployment|deploy)$/.test(long.slice(short.length));

/** A slip of the pen: `orders` and `order`, `web` and `web-svc`; not `web-1` and `web-2`. */
export function isSlip(a: string, b: string): boolean {
  if (a === b || a.length > longest || b.length > longest) return false;
  if (suffixed(a, b) || suffixed(b, a)) return true;
  const shorter = Math.min(a.length, b.length);
  if (shorter < 4 || a.replace(/\d+/g, "") === b.replace(/\d+/g, "")) return false;
  return distance(a, b) <= (shorter < 8 ? 1 : 2);
}
