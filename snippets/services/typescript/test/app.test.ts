import assert from "node:assert/strict";
import { test } from "node:test";
import { broken, createTestApp, goodClaims, sign } from "./parts.js";

const bearer = async () => ({ authorization: `Bearer ${await sign(goodClaims())}` });

test("health needs no login", async () => {
  const response = await createTestApp().app.inject("/healthz");
  assert.equal(response.statusCode, 200);
  assert.deepEqual(response.json(), { status: "ok" });
});

test("ready, unless the service stops or what it needs is away", async () => {
  const { items } = { items: { list: broken, add: broken, check: broken, close: broken } };
  assert.equal((await createTestApp().app.inject("/readyz")).statusCode, 200);
  assert.equal((await createTestApp({ stopping: () => true }).app.inject("/readyz")).statusCode, 503);
  assert.equal((await createTestApp({ items }).app.inject("/readyz")).statusCode, 503);
<%#broker%>
  const events = { publish: broken, check: broken, close: broken };
  assert.equal((await createTestApp({ events }).app.inject("/readyz")).statusCode, 503);
<%/broker%>
});

test("ready answers even when something hangs", async () => {
  const hangs = () => new Promise<never>(() => undefined);
  const { app } = createTestApp({ items: { list: hangs, add: hangs, check: hangs, close: hangs } });
  const started = Date.now();
  assert.equal((await app.inject("/readyz")).statusCode, 503);
  assert.ok(Date.now() - started < 2_000);
});

test("an item can be added and is listed", async () => {
  const { app<%#broker%>, published<%/broker%> } = createTestApp();
  const headers = await bearer();
  const added = await app.inject({ method: "POST", url: "/v1/items", headers, payload: { name: "a kettle" } });
  assert.equal(added.statusCode, 201);
  assert.equal(added.json().name, "a kettle");
  const listed = await app.inject({ url: "/v1/items", headers });
  assert.deepEqual(listed.json(), { items: [added.json()] });
<%#broker%>
  assert.deepEqual(published, [{ type: "item.created", id: added.json().id }]);
<%/broker%>
});

test("what is not an item is refused", async () => {
  const { app, kept } = createTestApp();
  const headers = await bearer();
  for (const payload of [
    {},
    { name: "" },
    { name: "x".repeat(101) },
    { name: 5 },
    { name: "nul\u0000" },
    { name: "half a letter \ud800" },
    { name: "x", admin: true },
    [],
    "text",
  ]) {
    const options = { headers: { ...headers, "content-type": "application/json" }, payload: JSON.stringify(payload) };
    const response = await app.inject({ method: "POST", url: "/v1/items", ...options });
    assert.equal(response.statusCode, 400, JSON.stringify(payload));
    assert.match(String(response.headers["content-type"]), /^application\/problem\+json/);
  }
  assert.deepEqual(kept, []);
});

test("only JSON is read, and not too much of it", async () => {
  const { app } = createTestApp();
  const headers = await bearer();
  const post = { method: "POST", url: "/v1/items" } as const;
  const text = await app.inject({ ...post, headers: { ...headers, "content-type": "text/plain" }, payload: "{}" });
  assert.equal(text.statusCode, 415);
  const large = await app.inject({ ...post, headers, payload: { name: "x".repeat(100_000) } });
  assert.equal(large.statusCode, 413);
});

test("a database that is away is a 503 without its reason", async () => {
  const { app } = createTestApp({ items: { list: broken, add: broken, check: broken, close: broken } });
  const response = await app.inject({ url: "/v1/items", headers: await bearer() });
  assert.equal(response.statusCode, 503);
  assert.doesNotMatch(response.body, /refused/);
});
<%#broker%>

test("a broker that is away is a 503", async () => {
  const { app } = createTestApp({ events: { publish: broken, check: broken, close: broken } });
  const headers = await bearer();
  const response = await app.inject({ method: "POST", url: "/v1/items", headers, payload: { name: "a kettle" } });
  assert.equal(response.statusCode, 503);
});
<%/broker%>

test("every answer carries the security headers", async () => {
  for (const url of ["/healthz", "/v1/items", "/nowhere"]) {
    const { headers } = await createTestApp().app.inject(url);
    assert.equal(headers["x-content-type-options"], "nosniff");
    assert.equal(headers["cache-control"], "no-store");
    assert.match(String(headers["content-security-policy"]), /^default-src 'none'/);
    assert.match(String(headers["strict-transport-security"]), /^max-age=\d+/);
    assert.equal(headers["server"] ?? headers["x-powered-by"], undefined);
  }
});

test("what does not exist is a problem, too", async () => {
  const response = await createTestApp().app.inject("/nowhere");
  assert.equal(response.statusCode, 404);
  assert.equal(response.json().title, "Not Found");
});
