import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";
import { readFileSync } from "node:fs";

const key = readFileSync("/run/secrets/session_key");
const sign = (id: string): Buffer => createHmac("sha256", key).update(id).digest();

/** The value of a fresh cart cookie. */
export function newCart(): string {
  const id = randomUUID();
  return `${id}.${sign(id).toString("base64url")}`;
}

/** The cart that the cookie header names; undefined where there is none, or it was not signed by us. */
export function readCart(cookies: string | undefined): string | undefined {
  const found = cookies?.split("; ").find((cookie) => cookie.startsWith("cart="));
  const [id, signature] = found?.slice("cart=".length).split(".") ?? [];
  if (id === undefined || signature === undefined) return undefined;
  const given = Buffer.from(signature, "base64url");
  const expected = sign(id);
  return given.length === expected.length && timingSafeEqual(given, expected) ? id : undefined;
}
