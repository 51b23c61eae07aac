import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { readSettings } from "../src/settings.js";
import { authority, publicKey } from "./parts.js";

const folder = mkdtempSync(join(tmpdir(), "settings-"));
after(() => rmSync(folder, { recursive: true }));

let files = 0;
function file(content: string): string {
  const path = join(folder, String(files++));
  writeFileSync(path, content);
  return path;
}

const good = {
  TLS_CERT_FILE: file("certificate"),
  TLS_KEY_FILE: file("key"),
  AUTH_PUBLIC_KEY_FILE: file(publicKey),
  AUTH_ISSUER: "https://issuer.test",
  AUTH_AUDIENCE: "<% name %>",
<%#database%>
  DATABASE_HOST: "database",
<%#sql%>
  DATABASE_NAME: "items",
<%/sql%>
  DATABASE_USER: "service",
  DATABASE_PASSWORD_FILE: file("from a file\n"),
  DATABASE_CA_FILE: file("authority"),
<%/database%>
<%#broker%>
  BROKER_HOST: "broker",
  BROKER_USER: "service",
  BROKER_PASSWORD_FILE: file("from a file\n"),
  BROKER_CA_FILE: file("authority"),
<%/broker%>
};

test("settings are read from variables and files", () => {
  const settings = readSettings({ ...good, PORT: "9443" });
  assert.equal(settings.port, 9443);
  assert.equal(readSettings(good).port, 8443);
  assert.equal(settings.tls.cert, "certificate");
<%#database%>
  assert.equal(settings.database.password, "from a file");
<%/database%>
<%#broker%>
  assert.equal(settings.broker.password, "from a file");
<%/broker%>
});

test("nothing has a default that would be insecure", () => {
  for (const name of Object.keys(good)) {
    assert.throws(() => readSettings({ ...good, [name]: undefined }), { message: `${name} is not set` });
  }
});

test("all faults are told at once, without values", () => {
  const faults = { PORT: "many", TLS_KEY_FILE: join(folder, "missing"), AUTH_PUBLIC_KEY_FILE: file("") };
  assert.throws(() => readSettings({ ...good, ...faults }), {
    message: /^PORT is not a port; TLS_KEY_FILE: .*missing cannot be read; AUTH_PUBLIC_KEY_FILE: .* is empty$/,
  });
});

test("the key for tokens is a public one for P-256", () => {
  const p384 = generateKeyPairSync("ec", { namedCurve: "P-384" }).publicKey;
  const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey;
  for (const pem of [
    p384.export({ type: "spki", format: "pem" }),
    rsa.export({ type: "spki", format: "pem" }),
    authority.privateKey.export({ type: "pkcs8", format: "pem" }),
    "-----BEGIN PUBLIC KEY-----\nnonsense",
  ]) {
    assert.throws(() => readSettings({ ...good, AUTH_PUBLIC_KEY_FILE: file(pem.toString()) }), {
      message: "AUTH_PUBLIC_KEY_FILE is not a public key for P-256 in PEM",
    });
  }
});
