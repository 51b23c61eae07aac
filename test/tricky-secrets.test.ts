/** Cases on which searches for secrets go wrong, each with the right verdict. */
import assert from "node:assert/strict";
import { base62, crc32 } from "../rules/shared/secrets/bytes";
import { project } from "./support/engine";
import { dedent, readExample } from "./support/example";

interface Case {
  readonly name: string;
  readonly file: string;
  /** Further files begin with `-- path --`. */
  readonly text: string;
  /** `rule@line severity «marked»` of every finding about secrets, in order. */
  readonly reports: readonly string[];
}

/** Put together here, so that no whole token stands in the file. */
const body = "k3Jx9QvT2mZb7Lw4aR8sD1fG5hN6pC";
const github = `ghp_${body}${base62(crc32(body), 6)}`;
const wrongSum = `ghp_${body}${base62(crc32(`${body}x`), 6)}`;
const pem = (title: string): string =>
  [
    `-----BEGIN ${title}-----`,
    `MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7${body}`,
    `-----END ${title}-----`,
  ].join("\n");
const base64 = (text: string): string => Buffer.from(text).toString("base64");

async function verdict({ file, text, reports }: Case): Promise<void> {
  const files = readExample(dedent(text), "text", file);
  const analyser = await project(files, { preset: "all" });
  const own = files[0]?.text ?? "";
  const shown = analyser
    .findings(file)
    .filter((f) => f.rule.startsWith("secrets/") && f.rule !== "secrets/env-file-not-ignored" && f.suppressed === null)
    .map((f) => {
      const line = own.slice(0, f.span.start).split("\n").length;
      const marked = own.slice(f.span.start, f.span.end);
      return `${f.rule.slice(8)}@${line} ${f.severity} ${marked.length > 40 ? `${marked.slice(0, 12)}…` : marked}`;
    });
  assert.deepEqual(shown, reports);
  for (const f of analyser.findings(file).filter((x) => x.rule !== "secrets/env-file-not-ignored")) {
    const marked = own.slice(f.span.start, f.span.end);
    if (marked.length > 12) assert.ok(!f.message.includes(marked), "a message never shows the secret");
  }
}

const cases: readonly Case[] = [
  {
    name: "S6: the password of a request in Python",
    file: "feed/client.py",
    text: `
      import requests
      requests.get("http://api.partner.io/v1", auth=("svc", "S3cr3t!9"), timeout=5)
      `,
    reports: ["hardcoded-password@2 warning S3cr3t!9"],
  },
  {
    name: "S20: a weak password in .env",
    file: ".env",
    text: "MONGODB_PASSWORD=password\n",
    reports: ["default-password@1 error password"],
  },
  { name: "S20: a placeholder in an example", file: ".env.example", text: "DB_PASSWORD=changeme\n", reports: [] },
  {
    name: "S20: a token in an example",
    file: ".env.example",
    text: `TOKEN=${github}\n`,
    reports: [`provider-token@1 error ${github}`],
  },
  {
    name: "S21: the default of a reference in YAML",
    file: "config/app.yml",
    text: "db:\n  password: ${DB_PASSWORD:postgres}\n",
    reports: ["default-password@2 warning postgres"],
  },
  {
    name: "S21: the default of a lookup in Python",
    file: "shop/settings.py",
    text: 'import os\npassword = os.getenv("DB_PASSWORD", "postgres")\n',
    reports: ["default-password@2 warning postgres"],
  },
  {
    name: "S21: the default of a lookup in JavaScript",
    file: "src/store.js",
    text: 'const password = process.env.DB_PASSWORD || "postgres";\n',
    reports: ["default-password@1 warning postgres"],
  },
  {
    name: "S21: the default of a variable in a shell script",
    file: "bin/run.sh",
    text: 'DB_PASSWORD="${DB_PASSWORD:-postgres}"\n',
    reports: ["default-password@1 warning postgres"],
  },
  {
    name: "S22: a weak password in a URL",
    file: "src/store.js",
    text: 'const db = connect("mysql://root:root@localhost/db");\n',
    reports: ["default-password@1 error root"],
  },
  {
    name: "S22: a reference in a URL",
    file: "src/store.sh",
    text: 'URL="postgres://u:${PW}@db/app?sslmode=disable"\n',
    reports: [],
  },
  {
    name: "S23: words of a user interface",
    file: "web/i18n/de.json",
    text: '{ "password": "Passwort", "login": { "password": "Password" } }\n',
    reports: [],
  },
  {
    name: "S23: labels, fields and addresses in code",
    file: "web/src/form.js",
    text: `
      const labels = { password: "Passwort", passwordLabel: "Password" };
      const field = { name: "password", type: "password" };
      const PASSWORD_RESET_URL = "api/v2/user/reset-password";
      `,
    reports: [],
  },
  {
    name: "S24: a certificate and a key in a Secret",
    file: "k8s/tls.yaml",
    text: `
      apiVersion: v1
      kind: Secret
      metadata: { name: shop }
      type: kubernetes.io/tls
      data:
        tls.crt: ${base64(pem("CERTIFICATE"))}
        tls.key: ${base64(pem("PRIVATE KEY"))}
      `,
    reports: ["private-key@7 error LS0tLS1CRUdJ…"],
  },
  {
    name: "S24: a sealed Secret",
    file: "k8s/sealed.yaml",
    text: `
      apiVersion: bitnami.com/v1alpha1
      kind: SealedSecret
      metadata: { name: shop }
      spec:
        encryptedData:
          password: AgBy3i4OJSWK+PiTySYZZA9rO43cGDEq${body}
      `,
    reports: [],
  },
  {
    name: "S25: what only looks drawn at random",
    file: "config/build.yaml",
    text: `
      integrity: sha512-${body}${body}${body}==
      image: acme/shop@sha256:4bcff63911fcb4448bd4fdacec207030997caf25e9bea4045fa6c8c44de311d1
      commit: "9a038989604e8da62ecddbe2094b16ce1b778be1"
      token_count: 1234567890
      kid: "${body}"
      password_hash: "$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy"
      key_id: AKIAIOSFODNN7EXAMPLE
      token: ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
      `,
    reports: [],
  },
  { name: "S25: a checksum that is wrong", file: "notes.txt", text: `see ${wrongSum}\n`, reports: [] },
  {
    name: "one finding for a value: the more specific one",
    file: "config/app.properties",
    text: `app.token=${github}\napp.url=https://shop:${github}@git.shop.internal/a.git\n`,
    reports: [`provider-token@1 error ${github}`, `provider-token@2 error ${github}`],
  },
  {
    name: "a Secret in a heredoc of a script",
    file: "bin/apply.sh",
    text: `
      kubectl apply -f - <<EOF
      apiVersion: v1
      kind: Secret
      metadata: { name: shop }
      stringData:
        mode: $MODE
        feed: river-Lantern-31
      EOF
      `,
    reports: ["kubernetes-secret-value@7 warning river-Lantern-31"],
  },
  {
    name: "values under the names that a mapping gives",
    file: "pipeline/app.yaml",
    text: `
      variables:
        - name: DB_USER
          value: shop
        - name: DB_PASSWORD
          value: shop-2024
        - { name: TOKEN_LIFETIME, value: "3600" }
      `,
    reports: ["default-password@5 error shop-2024"],
  },
  {
    name: "an own suppression",
    file: "config/app.toml",
    text: `
      # bulkhead-ignore secrets/hardcoded-password -- of the demonstration
      password = "tulip-Harbor-88"
      `,
    reports: [],
  },
  {
    name: "comments of YAML and of code",
    file: "config/app.ini",
    text: "; password = tulip-Harbor-88\n# url = postgres://shop:tulip-Harbor-88@db/shop\n",
    reports: [],
  },
  {
    name: "git leaves the file out",
    file: "config/local.ini",
    text: "password = tulip-Harbor-88\n-- .gitignore --\nconfig/\n",
    reports: [],
  },
  {
    name: "anonymous keys of Supabase are made for browsers",
    file: "web/env.js",
    text: `export const anon = "${[
      { alg: "HS256", typ: "JWT" },
      { iss: "supabase", role: "anon" },
    ]
      .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
      .join(".")}.${body}${body.slice(0, 13)}";\n`,
    reports: ["jwt@1 info eyJhbGciOiJI…"],
  },
  {
    name: "the service key of Supabase opens everything",
    file: "web/env.js",
    text: `export const service = "${[
      { alg: "HS256", typ: "JWT" },
      { iss: "supabase", role: "service_role" },
    ]
      .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
      .join(".")}.${body}${body.slice(0, 13)}";\n`,
    reports: ["jwt@1 error eyJhbGciOiJI…"],
  },
];

describe("tricky secrets", () => {
  for (const c of cases) it(c.name, () => verdict(c));
});
