import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { test } from "node:test";
import { SignJWT, UnsecuredJWT } from "jose";
import { createTestApp, goodClaims, publicKey, sign } from "./parts.js";

async function statusFor(authorization?: string): Promise<number> {
  const { app } = createTestApp();
  const headers = authorization === undefined ? {} : { authorization };
  const response = await app.inject({ url: "/v1/items", headers });
  if (response.statusCode === 401) assert.equal(response.headers["www-authenticate"], "Bearer");
  return response.statusCode;
}

test("a good token gets through", async () => {
  assert.equal(await statusFor(`Bearer ${await sign(goodClaims())}`), 200);
});

test("without a token, or with another scheme, nobody gets through", async () => {
  assert.equal(await statusFor(), 401);
  assert.equal(await statusFor("Bearer"), 401);
  assert.equal(await statusFor("Bearer a.b.c"), 401);
  assert.equal(await statusFor(`Basic ${await sign(goodClaims())}`), 401);
});

test("a token signed by another key is refused", async () => {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  assert.equal(await statusFor(`Bearer ${await sign(goodClaims(), privateKey)}`), 401);
});

test("claims are checked", async () => {
  const now = Math.floor(Date.now() / 1_000);
  const { exp: _, ...endless } = goodClaims();
  for (const claims of [
    { ...goodClaims(), exp: now - 60 },
    { ...goodClaims(), nbf: now + 60 },
    { ...goodClaims(), aud: "another-service" },
    { ...goodClaims(), iss: "https://another-issuer.test" },
    endless,
  ]) {
    assert.equal(await statusFor(`Bearer ${await sign(claims)}`), 401, JSON.stringify(claims));
  }
});

test("clocks may differ by 30 seconds", async () => {
  const exp = Math.floor(Date.now() / 1_000) - 20;
  assert.equal(await statusFor(`Bearer ${await sign({ ...goodClaims(), exp })}`), 200);
});

test("a token can't choose its algorithm", async () => {
  assert.equal(await statusFor(`Bearer ${new UnsecuredJWT(goodClaims()).encode()}`), 401);
  const hmac = await new SignJWT(goodClaims()).setProtectedHeader({ alg: "HS256" }).sign(Buffer.from(publicKey));
  assert.equal(await statusFor(`Bearer ${hmac}`), 401);
});

test("a token without the scope is forbidden", async () => {
  for (const scope of [undefined, "", "items:write", "items:reader", ["items:read"]]) {
    const claims = { ...goodClaims(), scope };
    assert.equal(await statusFor(`Bearer ${await sign(claims)}`), 403);
  }
});
