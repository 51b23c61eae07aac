/** Sizes, durations, switches and addresses in compose's spellings; undefined where the text is none. */

const sizeUnits: Readonly<Record<string, number>> = {
  "": 1,
  b: 1,
  k: 1024,
  m: 1024 ** 2,
  g: 1024 ** 3,
  t: 1024 ** 4,
  p: 1024 ** 5,
};

/** Bytes; negative ones only without a unit (`-1` is "no limit"). */
export function readBytes(text: string): number | undefined {
  if (/^[-+]?\d+$/.test(text)) return Number(text);
  const parts = /^\+?(\d+(?:\.\d*)?|\.\d+) ?([A-Za-z]{0,3})$/.exec(text);
  if (parts === null) return undefined;
  const suffix = (parts[2] ?? "").toLowerCase();
  const unit = /^[kmgtp](?:i?b)?$/.test(suffix) ? suffix.charAt(0) : suffix;
  const factor = sizeUnits[unit];
  return factor === undefined ? undefined : Math.trunc(Number(parts[1]) * factor);
}

const durationUnits: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  "\u00b5s": 1e3,
  "\u03bcs": 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
  d: 24 * 3600e9,
  w: 7 * 24 * 3600e9,
};

/** Nanoseconds. */
export function readDuration(text: string): number | undefined {
  const bare = text.replace(/^[-+]/, "");
  const sign = text.startsWith("-") ? -1 : 1;
  if (bare === "0") return 0;
  if (!/^(?:(?:\d+(?:\.\d*)?|\.\d+)[^\d.]+)+$/.test(bare)) return undefined;
  let sum = 0;
  for (const [, number, unit] of bare.matchAll(/(\d+(?:\.\d*)?|\.\d+)([^\d.]+)/gy)) {
    const factor = durationUnits[unit ?? ""];
    if (factor === undefined) return undefined;
    sum += Math.trunc(Number(number) * factor);
  }
  return sign * sum;
}

/** `yes`, `on`, `y` and their opposites count, in any case. */
export function readSwitch(text: string): boolean | undefined {
  const word = text.toLowerCase();
  if (word === "true" || word === "y" || word === "yes" || word === "on") return true;
  if (word === "false" || word === "n" || word === "no" || word === "off") return false;
  return undefined;
}

/** A file mode as octal digits. */
export const readMode = (text: string): number | undefined =>
  /^[-+]?[0-7]+$/.test(text) ? Number.parseInt(text, 8) : undefined;

/** Whether the text is an IPv4 or IPv6 address. */
export function isAddress(text: string): boolean {
  return isVersion4(text) || isVersion6(text);
}

const isVersion4 = (text: string): boolean =>
  /^\d{1,3}(?:\.\d{1,3}){3}$/.test(text) && text.split(".").every((n) => Number(n) < 256 && !/^0\d/.test(n));

function isVersion6(text: string): boolean {
  if (text.length > 45 || !text.includes(":")) return false;
  const halves = text.split("::");
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === "" ? [] : half.split(":")));
  const last = groups.at(-1) ?? "";
  const tail = isVersion4(last) ? 1 : 0;
  const isWord = (group: string): boolean => /^[0-9a-fA-F]{1,4}$/.test(group);
  if (!groups.slice(0, groups.length - tail).every(isWord) || (tail === 0 && last !== "" && !isWord(last)))
    return false;
  const count = groups.length + tail;
  return halves.length === 2 ? count < 8 : count === 8;
}
