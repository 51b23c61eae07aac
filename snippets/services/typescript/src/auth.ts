import { createPublicKey } from "node:crypto";
import type { FastifyRequest } from "fastify";
import { type JWTPayload, jwtVerify } from "jose";
import { Problem } from "./problem.js";
import type { Settings } from "./settings.js";

export type Scope = "items:read" | "items:write";

/** Makes hooks for routes: a request gets through with a valid token that grants the scope, else 401 or 403. */
export type Guard = (scope: Scope) => (request: FastifyRequest) => Promise<void>;

export function createGuard({ publicKey, issuer, audience }: Settings["auth"]): Guard {
  const key = createPublicKey(publicKey);

  /** Why a token is refused is not told: it would help only those who try to make one. */
  async function claimsOf(header: string | undefined): Promise<JWTPayload> {
    const token = /^Bearer ([\w.-]+)$/i.exec(header ?? "")?.[1];
    if (token === undefined) throw unauthorized();
    try {
      const { payload } = await jwtVerify(token, key, {
        // We choose the algorithm, not the token: else "none", or an HMAC made with the public key, would pass.
        algorithms: ["ES256"],
        // A token of another authority, or for another service, is no token here.
        issuer,
        audience,
        // A token that never ends can't be taken back.
        requiredClaims: ["exp"],
        clockTolerance: 30,
      });
      return payload;
    } catch {
      throw unauthorized();
    }
  }

  return (scope) => async (request) => {
    const { scope: granted } = await claimsOf(request.headers.authorization);
    const scopes = typeof granted === "string" ? granted.split(" ") : [];
    if (!scopes.includes(scope)) throw new Problem(403, `The token does not grant ${scope}.`);
  };
}

const unauthorized = (): Problem => new Problem(401, "A valid token is needed.", { "WWW-Authenticate": "Bearer" });
