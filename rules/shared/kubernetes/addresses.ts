/** Blocks of IPv4 addresses. */

interface Block {
  readonly base: number;
  readonly length: number;
}

function blockOf(cidr: string): Block | undefined {
  const [, a = "", b = "", c = "", d = "", length = ""] =
    /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?:\/(\d{1,2}))?$/.exec(cidr.trim()) ?? [];
  const bytes = [a, b, c, d].map(Number);
  if (a === "" || bytes.some((n) => n > 255) || Number(length) > 32) return undefined;
  const base = bytes.reduce((sum, n) => sum * 256 + n, 0);
  return { base, length: length === "" ? 32 : Number(length) };
}

const size = (block: Block): number => 2 ** (32 - block.length);
const first = (block: Block): number => Math.floor(block.base / size(block)) * size(block);

/** Whether all addresses of the inner block are in the outer; undefined where one of them is no block of IPv4. */
export function isWithin(inner: string, outer: string): boolean | undefined {
  const [a, b] = [blockOf(inner), blockOf(outer)];
  if (a === undefined || b === undefined) return undefined;
  return first(b) <= first(a) && first(a) + size(a) <= first(b) + size(b);
}

/** Where clouds tell a machine its credentials. */
export const metadataAddress = "169.254.169.254";

export const holdsMetadata = (cidr: string | undefined): boolean =>
  cidr !== undefined && isWithin(metadataAddress, cidr) === true;
