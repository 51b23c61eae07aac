import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { type JWTPayload, SignJWT } from "jose";
import { createApp, type Parts } from "../src/app.js";
import { createGuard } from "../src/auth.js";
<%#broker%>
import type { ItemEvent } from "../src/events.js";
<%/broker%>
import type { Item } from "../src/items.js";

export const issuer = "https://issuer.test";
export const audience = "<% name %>";
export const authority = generateKeyPairSync("ec", { namedCurve: "P-256" });
export const publicKey = authority.publicKey.export({ type: "spki", format: "pem" }).toString();

/** Claims that get everywhere. */
export function goodClaims(): JWTPayload {
  return { iss: issuer, aud: audience, exp: Math.floor(Date.now() / 1_000) + 60, scope: "items:read items:write" };
}

export const sign = (claims: JWTPayload, key: KeyObject = authority.privateKey): Promise<string> =>
  new SignJWT(claims).setProtectedHeader({ alg: "ES256" }).sign(key);

/** The service with fakes for what is behind it. */
export function createTestApp(other: Partial<Parts> = {}) {
  const kept: Item[] = [];
<%#broker%>
  const published: ItemEvent[] = [];
<%/broker%>
  const app = createApp({
    guard: createGuard({ publicKey, issuer, audience }),
    items: {
      list: async () => kept,
      add: async (item) => {
        kept.push(item);
      },
      check: async () => undefined,
      close: async () => undefined,
    },
<%#broker%>
    events: {
      publish: async (event) => {
        published.push(event);
      },
      check: async () => undefined,
      close: async () => undefined,
    },
<%/broker%>
    stopping: () => false,
    ...other,
  });
  return { app, kept<%#broker%>, published<%/broker%> };
}

export const broken = async (): Promise<never> => {
  throw new Error("connection refused");
};
