/** Guesses what a misspelt word was meant to be. */

/** The candidates that are nearly the word, or have it as a part; the best first, at most three. */
export function nearest(word: string, candidates: readonly string[]): readonly string[] {
  const limit = Math.max(2, Math.floor(word.length / 4));
  return candidates
    .map((candidate) => ({ candidate, cost: costOf(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ cost }) => cost <= limit)
    .sort((a, b) => a.cost - b.cost || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}

function costOf(word: string, candidate: string): number {
  const name = candidate.slice(candidate.indexOf("/") + 1);
  if (word.length >= 3 && candidate.includes(word)) return 0;
  return Math.min(distance(word, candidate), distance(word, name));
}

/** How many characters must be inserted, deleted or replaced to turn `a` into `b`. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
