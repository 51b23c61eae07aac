const veil = "****";

/**
 * A stand-in for a secret that tells neither it nor its length: at most the first two characters, and nothing of a short
 * one. `shown` is a prefix that every token of a provider has, and so tells nothing: it is kept.
 */
export function mask(value: string, shown = ""): string {
  const rest = value.length - shown.length;
  if (shown !== "" && value.startsWith(shown) && rest >= 8) return shown + veil;
  return value.length >= 12 ? value.slice(0, 2) + veil : veil;
}
