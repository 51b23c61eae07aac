/** Checksums, decoders and measures over short texts. Characters stand for bytes (Latin-1). */

/** CRC-32 as in zlib (reflected, 0xEDB88320). */
export function crc32(text: string): number {
  let crc = 0xffffffff;
  for (let i = 0; i < text.length; i++) {
    crc ^= text.charCodeAt(i) & 0xff;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

/** CRC-16/XMODEM (polynomial 0x1021, start 0). */
export function crc16(bytes: readonly number[]): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = ((crc << 1) ^ (crc & 0x8000 ? 0x1021 : 0)) & 0xffff;
  }
  return crc;
}

const base62Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** Big-endian, padded with `0` on the left. */
export function base62(number: number, width: number): string {
  let digits = "";
  for (let rest = number; rest > 0; rest = Math.floor(rest / 62)) digits = base62Digits.charAt(rest % 62) + digits;
  return digits.padStart(width, "0");
}

const base64Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const base32Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

function decode(text: string, digits: string, bitsPerDigit: number): number[] | undefined {
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  for (const digit of text) {
    const value = digits.indexOf(digit);
    if (value < 0) return undefined;
    bits = (bits << bitsPerDigit) | value;
    held += bitsPerDigit;
    if (held < 8) continue;
    held -= 8;
    bytes.push((bits >> held) & 0xff);
    bits &= (1 << held) - 1;
  }
  return bytes;
}

/** The bytes of base64, with or without padding, URL-safe or not; undefined where a character is foreign. */
export function fromBase64(text: string): string | undefined {
  const plain = text
    .replace(/={1,2}$/, "")
    .replaceAll("-", "+")
    .replaceAll("_", "/");
  const bytes = decode(plain, base64Digits, 6);
  return bytes === undefined ? undefined : bytes.map((byte) => String.fromCharCode(byte)).join("");
}

export const fromBase32 = (text: string): number[] | undefined => decode(text, base32Digits, 5);

/** Shannon entropy in bits for each character. */
export function entropy(text: string): number {
  if (text.length === 0) return 0;
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}
