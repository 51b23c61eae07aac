/** More than fifty secrets in every format that is read: none of them is in anything that Bulkhead says. */
import assert from "node:assert/strict";
import type { Diagnostic } from "vscode-languageserver";
import { check, folder, removeFolders } from "./cli/support";
import { startEditor } from "./server/editor";

const letters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";
/** Characters of a secret in a row that nobody may be shown. */
const shown = 8;
const planted: string[] = [];
let seed = 20_261_122;

/** Another one each time, the same ones in each run. */
function secret(): string {
  let text = "";
  for (let i = 0; i < 22; i++) {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    text += letters.charAt((seed >>> 16) % letters.length);
  }
  planted.push(text);
  return text;
}

const base64 = (text: string): string => Buffer.from(text).toString("base64");

const files: Readonly<Record<string, readonly [languageId: string, text: string]>> = {
  ".env": [
    "dotenv",
    `DB_PASSWORD=${secret()}\nAPI_SECRET=${secret()}\nDATABASE_URL=postgres://app:${secret()}@db.acme.io/shop\n`,
  ],
  "config/app.yaml": [
    "yaml",
    `db:\n  password: ${secret()}\n  url: mysql://app:${secret()}@db.acme.io/shop\nclient_secret: "${secret()}"\n`,
  ],
  "config/app.json": [
    "json",
    `{ "db": { "password": "${secret()}" }, "apiKey": "${secret()}", "clientSecret": "${secret()}" }\n`,
  ],
  "src/main/resources/application.properties": [
    "properties",
    `spring.datasource.password=${secret()}\nspring.rabbitmq.password=${secret()}\njwt.secret=${secret()}\n`,
  ],
  "settings.ini": ["ini", `[database]\npassword = ${secret()}\n[api]\nsecret_key = ${secret()}\n`],
  "config.toml": ["toml", `[database]\npassword = "${secret()}"\n[api]\nsecret = '${secret()}'\n`],
  "main.tf": [
    "terraform",
    `resource "aws_db_instance" "a" {\n  password = "${secret()}"\n}\nvariable "api_secret" {\n  default = "${secret()}"\n}\n`,
  ],
  "settings.xml": [
    "xml",
    `<settings><server><password>${secret()}</password></server><apiSecret>${secret()}</apiSecret></settings>\n`,
  ],
  "src/app.ts": [
    "typescript",
    `import jwt from "jsonwebtoken";\nconst dbPassword = "${secret()}";\nconst options = { clientSecret: "${secret()}" };\n` +
      `const url = "amqps://app:${secret()}@mq.acme.io";\njwt.sign({}, "${secret()}", { expiresIn: 60 });\n`,
  ],
  "app.py": [
    "python",
    `import os\nDB_PASSWORD = "${secret()}"\nSECRET_KEY = "${secret()}"\nconnect(password="${secret()}")\nURL = "redis://:${secret()}@cache.acme.io"\n`,
  ],
  "main.go": [
    "go",
    `package main\n\nvar dbPassword = "${secret()}"\n\nfunc main() {\n\tapiSecret := "${secret()}"\n\tuse(apiSecret)\n}\n`,
  ],
  "App.java": [
    "java",
    `class App {\n  String dbPassword = "${secret()}";\n  static final String API_SECRET = "${secret()}";\n}\n`,
  ],
  "Program.cs": [
    "csharp",
    `class Program {\n  string dbPassword = "${secret()}";\n  const string ApiSecret = "${secret()}";\n}\n`,
  ],
  Dockerfile: [
    "dockerfile",
    `FROM alpine:3.23\nENV DB_PASSWORD=${secret()}\nARG API_SECRET=${secret()}\nRUN curl -u app:${secret()} https://acme.io/a\nUSER 1000\n`,
  ],
  "compose.yaml": [
    "dockercompose",
    `services:\n  db:\n    image: postgres:18.1\n    environment:\n      POSTGRES_PASSWORD: ${secret()}\n  api:\n    build: .\n    environment:\n` +
      `      - API_SECRET=${secret()}\n      - DATABASE_URL=postgres://app:${secret()}@db/shop\n    command: ["serve", "--password=${secret()}"]\n`,
  ],
  "k8s/app.yaml": [
    "yaml",
    `apiVersion: v1\nkind: Secret\nmetadata: { name: a }\nstringData:\n  password: ${secret()}\ndata:\n  token: ${base64(secret())}\n---\n` +
      `apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec:\n  containers:\n    - name: a\n      image: acme/a:1.2.3\n      env:\n` +
      `        - name: DB_PASSWORD\n          value: ${secret()}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata:\n  API_SECRET: ${secret()}\n`,
  ],
  "run.sh": [
    "shellscript",
    `#!/bin/sh\nexport DB_PASSWORD=${secret()}\nAPI_SECRET='${secret()}'\ncurl -u app:${secret()} https://acme.io\n`,
  ],
  "notes.md": [
    "markdown",
    `# Notes\n\n\`\`\`sh\nexport DB_PASSWORD=${secret()}\ncurl https://app:${secret()}@acme.io/a\n\`\`\`\n`,
  ],
  "book.ipynb": [
    "json",
    JSON.stringify({
      cells: [
        { cell_type: "code", source: [`DB_PASSWORD = "${secret()}"\n`, `connect("mysql://a:${secret()}@db.acme.io")`] },
      ],
    }),
  ],
  "call.http": ["http", `GET https://acme.io/a\nAuthorization: Bearer ${secret()}${secret()}\n`],
  Jenkinsfile: ["groovy", `withEnv(["DB_PASSWORD=${secret()}"]) { sh "curl -u app:${secret()} https://acme.io" }\n`],
};

/** Every run of characters of a planted secret, or of its base64, that stands in the text. */
function leaks(text: string): readonly string[] {
  const runs = planted
    .flatMap((whole) => [whole, base64(whole)])
    .flatMap((whole) => Array.from({ length: whole.length - shown + 1 }, (_, i) => whole.slice(i, i + shown)));
  return runs.filter((run) => text.includes(run));
}

describe("fifty secrets", () => {
  after(removeFolders);

  it("are planted, and most of them reported", async () => {
    assert.ok(planted.length >= 50, String(planted.length));
    const at = folder(Object.fromEntries(Object.entries(files).map(([name, [, text]]) => [name, text])));
    const { stdout } = await check(at, "--preset", "all", "--format", "json");
    const { findings } = JSON.parse(stdout) as { findings: { rule: string; file: string }[] };
    const found = findings.filter((f) => /secret|password|token|credential|key|auth/.test(f.rule));
    assert.ok(found.length >= 45, String(found.length));
    assert.deepEqual(
      Object.keys(files).filter((name) => !found.some((f) => f.file === name)),
      [],
    );
  });

  for (const format of ["text", "json", "sarif"]) {
    it(`are in no ${format} report`, async () => {
      const at = folder(Object.fromEntries(Object.entries(files).map(([name, [, text]]) => [name, text])));
      const { status, stdout, stderr } = await check(at, "--preset", "all", "--format", format);
      assert.equal(status, 1, stderr);
      assert.ok(stdout.includes("secrets/hardcoded-password"));
      assert.deepEqual(leaks(stdout + stderr), []);
    });
  }

  it("are in no diagnostic, hover, title of an action or line of the log", async () => {
    const editor = await startEditor();
    try {
      for (const [name, [languageId, text]] of Object.entries(files)) {
        editor.open(name, text, languageId);
        const { diagnostics } = await editor.diagnostics(name, (all) => all.length > 0);
        const hovers = await Promise.all(diagnostics.map((d) => editor.hover(name, d.range.start)));
        const titles = (await Promise.all(diagnostics.map((d) => titlesAt(name, d)))).flat();
        assert.deepEqual(leaks(JSON.stringify([diagnostics, hovers, titles])), [], name);
      }
      assert.deepEqual(leaks(JSON.stringify([editor.logged, editor.told])), []);
    } finally {
      await editor.stop();
    }
    async function titlesAt(name: string, diagnostic: Diagnostic): Promise<readonly string[]> {
      const actions: { title: string }[] | null = await editor.connection.sendRequest("textDocument/codeAction", {
        textDocument: { uri: editor.uri(name) },
        range: diagnostic.range,
        context: { diagnostics: [diagnostic] },
      });
      return (actions ?? []).map((a) => a.title);
    }
  });
});
