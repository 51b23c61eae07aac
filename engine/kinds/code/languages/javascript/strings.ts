/** What the escapes of JavaScript's literals stand for. */

const simple: Readonly<Record<string, string>> = Object.freeze({
  n: "\n",
  t: "\t",
  r: "\r",
  b: "\b",
  f: "\f",
  v: "\v",
  "0": "\0",
});

export function unescapeJavascript(raw: string): string {
  if (!raw.includes("\\")) return raw;
  return raw.replace(
    /\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\r\n|[\s\S]))/g,
    (_, braced: string | undefined, four: string | undefined, two: string | undefined, other: string | undefined) => {
      const hex = braced ?? four ?? two;
      if (hex !== undefined) return fromCode(Number.parseInt(hex, 16));
      if (other === undefined || /^[\r\n\u2028\u2029]/.test(other)) return "";
      return Object.hasOwn(simple, other) ? (simple[other] ?? "") : other;
    },
  );
}

const fromCode = (code: number): string => (code <= 0x10ffff ? String.fromCodePoint(code) : "");
