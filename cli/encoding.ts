/** Bytes of a file, and the text in them. */

export type Encoding = "utf-8" | "utf-16le" | "utf-16be";

export interface Decoded {
  /** Without the byte order mark: editors do not count it either. */
  readonly text: string;
  readonly encoding: Encoding;
  readonly mark: "kept" | "none";
  /** Encoding the text again gives the same bytes; where not, the file must not be rewritten. */
  readonly exact: boolean;
}

/** Undefined where the bytes are no text: they have a NUL, or are UTF-16 that does not say so. */
export function decode(bytes: Buffer): Decoded | undefined {
  const encoding = encodingOf(bytes);
  const mark = encoding !== "utf-8" || (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) ? "kept" : "none";
  const body = mark === "none" ? bytes : bytes.subarray(encoding === "utf-8" ? 3 : 2);
  const text = textOf(body, encoding);
  if (text.includes("\0")) return undefined;
  return { text, encoding, mark, exact: encode(text, { encoding, mark }).equals(bytes) };
}

export function encode(text: string, as: Pick<Decoded, "encoding" | "mark">): Buffer {
  const marked = as.mark === "kept" ? `\ufeff${text}` : text;
  if (as.encoding === "utf-8") return Buffer.from(marked, "utf8");
  const bytes = Buffer.from(marked, "utf16le");
  return as.encoding === "utf-16le" ? bytes : bytes.swap16();
}

function encodingOf(bytes: Buffer): Encoding {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  return "utf-8";
}

function textOf(body: Buffer, encoding: Encoding): string {
  if (encoding === "utf-8") return body.toString("utf8");
  const whole = body.subarray(0, body.length - (body.length % 2));
  return (encoding === "utf-16le" ? whole : Buffer.from(whole).swap16()).toString("utf16le");
}
