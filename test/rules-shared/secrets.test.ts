import * as assert from "node:assert/strict";
import { base62, crc16, crc32, fromBase32, fromBase64 } from "../../rules/shared/secrets/bytes";
import { namedFormats, tokenFormats } from "../../rules/shared/secrets/formats";
import {
  type Beside,
  classify,
  classifyText,
  connectionCredentials,
  credentialName,
  fallback,
  findTokens,
  globMayMatchSecret,
  isDefaultPassword,
  isPlaceholder,
  isReference,
  looksGenerated,
  mask,
  secretFileName,
  urlCredentials,
} from "../../rules/shared/secrets/index";

// Every sample is put together here, so that no whole token stands in the file.

const lower = "abcdefghijklmnopqrstuvwxyz";
const digits = "0123456789";
const hex = "0123456789abcdef";
const alphanumeric = lower + lower.toUpperCase() + digits;

/** The same text for the same arguments, without order to the eye. */
function drawn(length: number, alphabet = alphanumeric, seed = 7): string {
  let state = seed;
  let text = "";
  while (text.length < length) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    text += alphabet.charAt(Math.floor(state / 65_536) % alphabet.length);
  }
  return text;
}

const withBase62 = (prefix: string): string => {
  const body = drawn(30);
  return prefix + body + base62(crc32(body), 6);
};
const withAtlassian = (start: string): string => start + crc32(start).toString(16).toUpperCase().padStart(8, "0");
const withGrafana = (): string => {
  const start = `glsa_${drawn(32)}`;
  const bytes = crc32(start).toString(16).padStart(8, "0").match(/../g) ?? [];
  return `${start}_${bytes.reverse().join("")}`;
};
const base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const natsSeed = (): string => {
  // 34 bytes are 54 digits and two bits; the checksum's two bytes complete 58.
  const start = `SUA${drawn(51, base32)}`;
  for (const a of base32) {
    const bytes = fromBase32(`${start}${a}AAA`)?.slice(0, 34) ?? [];
    const crc = crc16(bytes);
    const bits = [...bytes, crc & 0xff, crc >> 8].map((byte) => byte.toString(2).padStart(8, "0")).join("");
    const text = (bits.match(/.{1,5}/g) ?? []).map((five) => base32.charAt(Number.parseInt(five.padEnd(5, "0"), 2)));
    return text.join("");
  }
  return "";
};
const uuid = drawn(32, hex).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
const webToken = (claims: object, signature = drawn(43)): string =>
  `${base64url({ alg: "HS256", typ: "JWT" })}.${base64url(claims)}.${signature}`;
const pem = (kind: string, body = drawn(640)): string =>
  [`-----BEGIN ${kind}-----`, ...(body.match(/.{1,64}/g) ?? []), `-----END ${kind}-----`].join("\n");

const samples: readonly (readonly [provider: string, token: string])[] = [
  ["aws", `AKIA${drawn(16, base32)}`],
  ["aws", `ASIA${drawn(16, base32, 3)}`],
  ["google", `AIza${drawn(35)}`],
  ["google", `GOCSPX-${drawn(28)}`],
  ["google", `ya29.${drawn(60)}`],
  ["azure", `${drawn(3)}8Q~${drawn(34)}`],
  ["alibaba", `LTAI${drawn(20)}`],
  ["digitalocean", `dop_v1_${drawn(64, hex)}`],
  ["heroku", `HRKU-AA${drawn(58)}`],
  ["fly", `fo1_${drawn(43)}`],
  ["netlify", `nfp_${drawn(36)}`],
  ["cloudflare", `v1.0-${drawn(24, hex)}-${drawn(146, hex)}`],
  ["tailscale", `tskey-auth-${drawn(12)}-${drawn(32)}`],
  ["github", withBase62("ghp_")],
  ["github", withBase62("gho_")],
  ["github", withBase62("ghu_")],
  ["github", withBase62("ghs_")],
  ["github", withBase62("ghr_")],
  ["github", `github_pat_${drawn(22)}_${drawn(59)}`],
  ["gitlab", `glpat-${drawn(20)}`],
  ["gitlab", `glptt-${drawn(40, hex)}`],
  ["gitlab", `gldt-${drawn(20)}`],
  ["gitlab", `glrt-${drawn(20)}`],
  ["gitlab", `GR1348941${drawn(20)}`],
  ["gitlab", `glcbt-64_${drawn(20)}`],
  ["atlassian", withAtlassian(`ATATT3${drawn(180)}=`)],
  ["atlassian", withAtlassian(`ATBB${drawn(24)}`)],
  ["npm", withBase62("npm_")],
  ["pypi", `pypi-AgEIcHlwaS5vcmc${drawn(80)}`],
  ["rubygems", `rubygems_${drawn(48, hex)}`],
  ["nuget", `oy2${drawn(43, lower + digits)}`],
  ["jfrog", `AKCp${drawn(69)}`],
  ["docker", `dckr_pat_${drawn(27)}`],
  ["docker", `SWMTKN-1-${drawn(50, lower + digits)}-${drawn(25, lower + digits)}`],
  ["slack", `xoxb-${drawn(12, digits)}-${drawn(12, digits)}-${drawn(24)}`],
  ["slack", `xoxp-${drawn(12, digits)}-${drawn(12, digits)}-${drawn(12, digits)}-${drawn(32, hex)}`],
  ["slack", `xapp-1-A${drawn(10, digits)}-${drawn(13, digits)}-${drawn(64, hex)}`],
  ["slack", `hooks.slack.com/services/T${drawn(8)}/B${drawn(8)}/${drawn(24)}`],
  ["discord", `discord.com/api/webhooks/${drawn(18, digits)}/${drawn(68)}`],
  ["telegram", `${drawn(9, "123456789")}:AA${drawn(33)}`],
  ["sendgrid", `SG.${drawn(22)}.${drawn(43)}`],
  ["mailgun", `key-${drawn(32, hex)}`],
  ["mailchimp", `${drawn(32, hex)}-us12`],
  ["brevo", `xkeysib-${drawn(64, hex)}-${drawn(16)}`],
  ["stripe", `sk_live_${drawn(24)}`],
  ["stripe", `rk_live_${drawn(24)}`],
  ["square", `sq0atp-${drawn(22)}`],
  ["shopify", `shpat_${drawn(32, hex)}`],
  ["openai", `sk-proj-${drawn(74)}T3BlbkFJ${drawn(74)}`],
  ["anthropic", `sk-ant-api03-${drawn(93)}AA`],
  ["huggingface", `hf_${drawn(34, lower + lower.toUpperCase())}`],
  ["groq", `gsk_${drawn(52)}`],
  ["vault", `hvs.${drawn(95)}`],
  ["terraform", `${drawn(14)}.atlasv1.${drawn(67)}`],
  ["doppler", `dp.pt.${drawn(43)}`],
  ["age", `AGE-SECRET-KEY-1${drawn(58, "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L")}`],
  ["nats", natsSeed()],
  ["pulumi", `pul-${drawn(40, hex)}`],
  ["grafana", withGrafana()],
  ["newrelic", `NRAK-${drawn(27, lower.toUpperCase() + digits)}`],
  ["sentry", `sntryu_${drawn(64, hex)}`],
  ["dynatrace", `dt0c01.${drawn(24, lower.toUpperCase() + digits)}.${drawn(64, lower.toUpperCase() + digits)}`],
  ["sonar", `sqp_${drawn(40, hex)}`],
  ["databricks", `dapi${drawn(32, hex)}`],
  ["planetscale", `pscale_tkn_${drawn(43)}`],
  ["linear", `lin_api_${drawn(40)}`],
  ["notion", `ntn_${drawn(11, digits)}${drawn(35)}`],
  ["figma", `figd_${drawn(43)}`],
  ["postman", `PMAK-${drawn(24, hex)}-${drawn(34, hex)}`],
  ["dropbox", `sl.${drawn(140)}`],
];

const found = (text: string): string[] => findTokens(text).map((token) => text.slice(token.span.start, token.span.end));

const verdict = (name: string, value: string, beside?: Beside): string | undefined => {
  const result = classify({ name, value, ...(beside === undefined ? {} : { beside }) });
  return result === undefined ? undefined : `${result.kind} ${value.slice(result.span.start, result.span.end)}`;
};
const silent = (name: string, value: string): void => assert.equal(verdict(name, value), undefined, `${name}=${value}`);

describe("secrets: checksums and decoders", () => {
  it("agree with published vectors", () => {
    assert.equal(crc32("123456789"), 0xcbf43926);
    assert.equal(crc16([..."123456789"].map((digit) => digit.charCodeAt(0))), 0x31c3);
    assert.equal(fromBase64("Zm9vYmE="), "fooba");
    assert.equal(fromBase64("no base64!"), undefined);
  });
});

describe("secrets: tokens of providers", () => {
  it("has each mark long enough to be worth a look", () => {
    for (const format of tokenFormats) {
      for (const mark of format.marks) assert.ok(mark.length >= 2, `${format.title}: ${mark}`);
    }
    assert.ok(new Set([...tokenFormats, ...namedFormats].map((format) => format.provider)).size >= 40);
  });

  for (const [provider, token] of samples) {
    it(`finds ${provider} ${token.slice(0, 6)}…`, () => {
      for (const text of [token, `x: "${token}"`, `RUN a --with=${token} && b`, `a\\n${token}\\n`]) {
        const [first, ...more] = findTokens(text);
        assert.ok(first !== undefined && more.length === 0, text);
        assert.equal(first.kind, "provider-token");
        assert.equal(first.provider, provider);
        assert.equal(text.slice(first.span.start, first.span.end), token);
        assert.ok(!first.masked.includes(token.slice(-8)), first.masked);
      }
    });

    it(`is silent for a ${provider} ${token.slice(0, 6)}… that is cut, or inside a longer word`, () => {
      assert.deepEqual(found(token.slice(0, Math.min(14, token.length - 8))), []);
      if (!/^[\w-]+$/.test(token)) return;
      assert.deepEqual(found(`abc${token}`), []);
    });
  }

  it("drops tokens whose checksum is wrong", () => {
    for (const token of [
      withBase62("ghp_"),
      withBase62("npm_"),
      withAtlassian(`ATBB${drawn(24)}`),
      withGrafana(),
      natsSeed(),
    ]) {
      const at = 12;
      const other = token.charAt(at) === "B" ? "C" : "B";
      assert.deepEqual(found(token.slice(0, at) + other + token.slice(at + 1)), [], token.slice(0, 5));
    }
  });

  it("drops the examples of manuals and fillers", () => {
    for (const text of [
      "AKIAIOSFODNN7EXAMPLE",
      `ghp_${"x".repeat(36)}`,
      `glpat-${"x".repeat(20)}`,
      `sk_live_${"0123456789".repeat(3)}`,
      `AIza${"A".repeat(35)}`,
      `xoxb-1234567890-1234567890-${lower}`,
    ]) {
      assert.deepEqual(found(text), [], text);
    }
  });

  it("grades sandbox and browser keys", () => {
    assert.equal(findTokens(`sk_test_${drawn(24)}`)[0]?.grade, "test-mode");
    assert.equal(findTokens(`AIza${drawn(35)}`)[0]?.grade, "client-side");
    assert.equal(findTokens(`sk_live_${drawn(24)}`)[0]?.grade, "live");
    assert.deepEqual(found(`pk_live_${drawn(24)}`), []);
  });

  it("finds tokens that need their name", () => {
    const secret = drawn(40);
    for (const text of [
      `aws_secret_access_key = ${secret}`,
      `aws configure set aws_secret_access_key ${secret}`,
      `export AWS_SECRET_ACCESS_KEY="${secret}"`,
      `"SecretAccessKey": "${secret}"`,
    ]) {
      assert.deepEqual(found(text), [secret], text);
      assert.equal(findTokens(text)[0]?.provider, "aws");
    }
    assert.deepEqual(found(`//registry.npmjs.org/:_authToken=${uuid}`), [uuid]);
    assert.deepEqual(found("//registry.npmjs.org/:_authToken=$NPM_TOKEN"), []);
    assert.deepEqual(found(`commit = ${drawn(40, hex)}`), []);
    assert.deepEqual(found(`cloudflare_zone_id: ${drawn(32, hex)}`), []);
    assert.equal(classify({ name: "HEROKU_API_KEY", value: uuid })?.provider, "heroku");
  });

  it("finds several on one line, each once", () => {
    const tokens = [withBase62("ghp_"), `AKIA${drawn(16, base32)}`, `glpat-${drawn(20)}`];
    assert.deepEqual(found(tokens.join(",")), tokens);
  });
});

describe("secrets: keys and signed tokens", () => {
  it("finds private keys, whole, also with escaped line ends and in base64", () => {
    for (const kind of ["PRIVATE KEY", "RSA PRIVATE KEY", "OPENSSH PRIVATE KEY", "PGP PRIVATE KEY BLOCK"]) {
      const key = pem(kind);
      assert.deepEqual(found(`a\n${key}\nb`), [key]);
      assert.equal(findTokens(key.replaceAll("\n", "\\n"))[0]?.kind, "private-key");
      assert.equal(findTokens(`"${Buffer.from(key).toString("base64")}"`)[0]?.kind, "private-key");
    }
    assert.equal(findTokens(pem("ENCRYPTED PRIVATE KEY"))[0]?.grade, "encrypted");
  });

  it("is silent for public keys, certificates and cut or filled bodies", () => {
    for (const text of [
      pem("PUBLIC KEY"),
      pem("CERTIFICATE"),
      Buffer.from(pem("CERTIFICATE")).toString("base64"),
      pem("PRIVATE KEY", "..."),
      pem("PRIVATE KEY", "x".repeat(128)),
      pem("PRIVATE KEY", drawn(40)),
      '-----BEGIN PRIVATE KEY-----" in text and then some words about what follows it in the documentation',
      "-----BEGIN RSA PRIVATE KEY-----",
    ]) {
      assert.deepEqual(found(text), [], text.slice(0, 40));
    }
  });

  it("finds JSON web tokens with a signature and reads when they end", () => {
    const token = webToken({ iss: "shop", exp: 1_900_000_000 });
    const [first] = findTokens(`Authorization: Bearer ${token}`);
    assert.equal(first?.kind, "jwt");
    assert.equal(first.expires, 1_900_000_000);
    assert.equal(findTokens(webToken({ role: "anon", iss: "supabase" }))[0]?.grade, "client-side");
    assert.deepEqual(found(webToken({ sub: "1234567890", name: "John Doe" })), []);
    assert.deepEqual(found(webToken({ iss: "shop" }, "").slice(0, -1)), []);
    assert.deepEqual(found(`eyJ${drawn(20)}.eyJ${drawn(20)}.${drawn(43)}`), []);
    silent("TOKEN", webToken({ sub: "1234567890", name: "John Doe" }));
  });

  it("finds authorization headers with a literal credential", () => {
    const basic = Buffer.from("deploy:R4nd0m-Pw").toString("base64");
    assert.deepEqual(found(`curl -H "Authorization: Basic ${basic}" https://x.io`), [basic]);
    const bearer = drawn(32);
    assert.deepEqual(found(`curl -H 'Authorization: Bearer ${bearer}'`), [bearer]);
    assert.deepEqual(found("Authorization: Bearer $TOKEN"), []);
    assert.deepEqual(found("Authorization: Bearer {{ token }}"), []);
    assert.deepEqual(found("Authorization: Bearer <token>"), []);
    assert.deepEqual(found("Authorization: Basic authentication"), []);
    assert.equal(verdict("Authorization", `Basic ${basic}`), `authorization-header ${basic}`);
  });
});

describe("secrets: names", () => {
  it("knows credentials by words", () => {
    const names = {
      password:
        "DB_PASSWORD dbPassword PGPASSWORD MYSQL_PWD RABBITMQ_DEFAULT_PASS spring.datasource.password GPG_PASSPHRASE KEYCLOAK_ADMIN_PASSWORD DB_PASSWORD_2 PASSWORD_PROD REDIS_PW",
      secret:
        "JWT_SECRET clientSecret SECRET_KEY_BASE SECRET_KEY DB_CREDENTIALS ENCRYPTION_KEY AIRFLOW__CORE__FERNET_KEY RABBITMQ_ERLANG_COOKIE _auth ZITADEL_MASTERKEY",
      token: "NPM_TOKEN authToken GITHUB_TOKEN _authToken GH_PAT JUPYTER_TOKEN VAULT_DEV_ROOT_TOKEN_ID OAuth2Token",
      key: "API_KEY apiKey APIKEY SSH_PRIVATE_KEY AWS_ACCESS_KEY",
      "key-id": "AWS_ACCESS_KEY_ID",
      salt: "HASH_SALT",
      login: "NEO4J_AUTH",
      connection: "SENTRY_DSN ConnectionStrings__Default_ConnectionString",
      webhook: "SLACK_WEBHOOK_URL",
      authorization: "Authorization",
    };
    for (const [kind, list] of Object.entries(names)) {
      for (const name of list.split(" ")) assert.equal(credentialName(name), kind, name);
    }
  });

  it("leaves all other names alone", () => {
    for (const name of `MONKEY KEYBOARD TURKEY KEYCLOAK_URL KEYCLOAK_ADMIN GPG_KEY KEY PUBLIC_KEY PUBLIC_KEY_PATH
      PASSWORD_FILE POSTGRES_PASSWORD_FILE TOKEN_TTL TOKEN_URL MAX_TOKENS TOKEN_COUNT CSRF_TOKEN GITHUB_SHA SECRET_NAME
      SECRET_ID PASSWORD_MIN_LENGTH PASSWORD_RESET_URL PASSWORD_ALGORITHM API_KEY_HEADER API_KEY_ENABLED CLIENT_ID
      TOKENIZERS_PARALLELISM AUTHOR COMPASS BYPASS PASSENGER_APP_ENV MYSQL_ALLOW_EMPTY_PASSWORD MYSQL_RANDOM_ROOT_PASSWORD
      SECRET_KEY_BASE_DUMMY NEXT_PUBLIC_API_KEY PWD OLDPWD GOOGLE_APPLICATION_CREDENTIALS CORS_ALLOW_CREDENTIALS
      PARTITION_KEY PRIMARY_KEY CACHE_KEY PASSWORD_POLICY TOKEN_ISSUER TLS_SECRET REGISTRY_AUTH_HTPASSWD_REALM AUTH
      SALT_LENGTH HTTP_PROXY NODE_ENV KAFKA_SSL_KEYSTORE_CREDENTIALS secretsDir passwordLabel`.split(/\s+/)) {
      assert.equal(credentialName(name), undefined, name);
    }
  });
});

describe("secrets: values under a name", () => {
  it("tells literal secrets", () => {
    assert.equal(verdict("DB_PASSWORD", "Tr0ub4dor&3xyz"), "password Tr0ub4dor&3xyz");
    assert.equal(verdict("API_KEY", "abc123def456"), "generic abc123def456");
    assert.equal(verdict("JWT_SECRET", "my-jwt-signing-secret-2024"), "generic my-jwt-signing-secret-2024");
    assert.equal(verdict("HASH_SALT", "x8Fq2LmZ"), "generic x8Fq2LmZ");
    assert.equal(verdict("NEO4J_AUTH", "neo4j/Tr0ub4dor"), "password Tr0ub4dor");
    const badChecksum = `ghp_${drawn(36)}`;
    assert.equal(verdict("GITHUB_TOKEN", badChecksum), `generic ${badChecksum}`);
    assert.equal(verdict("token", withBase62("ghp_"))?.split(" ")[0], "provider-token");
    assert.equal(verdict("DB_PASSWORD", "${PW:-Tr0ub4dor}"), "password Tr0ub4dor");
    assert.equal(classify({ name: "DB_PASSWORD", value: "${PW:-Tr0ub4dor}" })?.fallback, true);
  });

  it("tells default passwords", () => {
    for (const value of [
      "postgres",
      "changeme",
      "change-me",
      "admin",
      "P@ssw0rd",
      "123456",
      "1234",
      "qwerty",
      "guest",
      "minioadmin",
      "yourStrong(!)Password",
      "whalehello",
      "ab12x",
      "password",
      "root123",
      "mysqlpassword",
      "P@$$w0rd",
    ]) {
      assert.equal(verdict("POSTGRES_PASSWORD", value), `default-password ${value}`);
    }
    assert.equal(verdict("POSTGRES_PASSWORD", "${PW:-postgres}"), "default-password postgres");
    assert.equal(verdict("NEO4J_AUTH", "neo4j/neo4j"), "default-password neo4j");
    assert.equal(verdict("DB_PASSWORD", "webshop", { user: "webshop" }), "default-password webshop");
    assert.equal(verdict("DB_PASSWORD", "orders_pass1", { database: "orders" }), "default-password orders_pass1");
    assert.equal(
      verdict("DB_PASSWORD", "percona-lts-8", { image: "docker.io/percona/percona:8" }),
      "password percona-lts-8",
    );
    assert.equal(
      verdict("DB_PASSWORD", "percona", { image: "docker.io/percona/percona:8" }),
      "default-password percona",
    );
    assert.equal(verdict("JWT_SECRET", "secret"), "default-password secret");
    assert.equal(verdict("API_KEY", "changeme"), "default-password changeme");
  });

  it("is silent for what is decided elsewhere", () => {
    for (const value of [
      "$PW",
      "${PW}",
      "${PW:?set it}",
      "${PW:+x}",
      "$(cat /run/secrets/x)",
      "`cat x`",
      "{{ .Values.pw }}",
      "{{pw}}",
      "%PW%",
      "#{pw}",
      "<%= pw %>",
      "process.env.PW",
      "vault:secret/data/x",
      "op://vault/item/field",
      "$$PW",
      "$$(cat /run/secrets/x)",
      "ENC[AES256_GCM,data:x]",
      "${{ secrets.PW }}",
      "${A:-${B}}",
      "prefix-$PW",
      "{0}",
    ]) {
      silent("DB_PASSWORD", value);
      assert.ok(isReference(value) || fallback(value) === undefined, value);
    }
  });

  it("is silent for paths, settings, placeholders, public values and prose", () => {
    for (const value of [
      "",
      " ",
      "/run/secrets/db-password",
      "./secrets/pw.txt",
      "~/.pw",
      "pw.txt",
      "true",
      "no",
      "1",
      "<password>",
      "xxx",
      "xxxxxxxx",
      "***",
      "...",
      "your-password",
      "YOUR_PASSWORD",
      "your password here",
      "REPLACE_ME",
      "TODO",
      "[REDACTED]",
      "__PASSWORD__",
      "none",
      "sha256:abcdef",
      "DB_PASSWORD",
      "db_password",
      "ROOT_PASSWORD_PROD",
      "Set the password at run time",
      "https://docs.acme.io/passwords",
      "$2b$10$abcdefghijklmnopqrstuv",
    ]) {
      silent("DB_PASSWORD", value);
    }
    for (const value of [
      "true",
      "3600",
      "24h",
      "bearer",
      "HS256",
      "vault",
      "token",
      "test",
      "abc",
      "AKIAIOSFODNN7EXAMPLE",
      `ghp_${"x".repeat(36)}`,
      "ssh-ed25519 AAAAC3NzaC1lZDI1",
      "dev@acme.io",
    ]) {
      silent("API_TOKEN", value);
    }
    silent("AWS_SECRET_ACCESS_KEY", `wJalrXUtnFEMI/K7MDENG/bPxRfiCY${"EXAMPLEKEY"}`);
    silent("AWS_ACCESS_KEY_ID", "minio");
    silent("GPG_KEY", drawn(40, "0123456789ABCDEF"));
    silent("KEYCLOAK_URL", "https://id.acme.io");
    silent("SECRET_KEY_BASE", "dummy");
    silent("SLACK_WEBHOOK_URL", "https://chat.acme.io/hooks/builds");
  });

  it("knows placeholders and weak words by themselves", () => {
    for (const value of ["", "<x>", "example", "my-token", "some-key", "changeme-here", "abcdefgh12345678"]) {
      assert.ok(isPlaceholder(value), value);
    }
    for (const value of ["Tr0ub4dor", "exam-pl3", "correcthorse", "x8Fq2LmZ"]) assert.ok(!isPlaceholder(value), value);
    assert.ok(isDefaultPassword("a1B2c"));
    assert.ok(!isDefaultPassword("a1B2c3"));
    assert.ok(!isDefaultPassword(""));
    assert.ok(looksGenerated(drawn(32)));
    assert.ok(!looksGenerated("my-very-long-configuration-value"));
  });
});

describe("secrets: URLs and connection strings", () => {
  const one = (text: string): string | undefined => {
    const [first] = urlCredentials(text);
    return first && `${first.scheme} ${first.user} ${text.slice(first.span.start, first.span.end)} ${first.host}`;
  };

  it("reads user, password and host", () => {
    assert.equal(one("postgres://app:s3cr3tpw@db:5432/shop"), "postgres app s3cr3tpw db");
    assert.equal(one("redis://:s3cr3tpw@cache:6379/0"), "redis  s3cr3tpw cache");
    assert.equal(one("jdbc:postgresql://app:s3cr3tpw@db/x"), "postgresql app s3cr3tpw db");
    assert.equal(one("mongodb+srv://app:p%40ss%2Fw@c0.mongo.net/x"), "mongodb+srv app p%40ss%2Fw c0.mongo.net");
    assert.equal(one("git clone https://oauth2:s3cr3tpw@git.acme.io/a.git"), "https oauth2 s3cr3tpw git.acme.io");
    assert.equal(one("amqp://app:p@ss@broker"), "amqp app p@ss broker");
    assert.equal(one("postgres://app:${PW:-s3cr3tpw}@db/x"), "postgres app s3cr3tpw db");
    assert.equal(one("postgres://${USER}:s3cr3tpw@${HOST}/x"), "postgres ${USER} s3cr3tpw ${HOST}");
    assert.equal(urlCredentials("postgres://app:s3cr3tpw@db:5432/shop?x=1")[0]?.database, "shop");
  });

  it("leaves other addresses alone", () => {
    for (const text of [
      "https://db:5432/x",
      "https://git@github.com/a",
      "ssh://git@host:22/x",
      "http://h/a:b@c",
      "http://[::1]:80/@x",
      "docker://nginx:1.2@sha256:abc",
      "postgres://app:$PW@db",
      "postgres://app:${PW}@db",
      "postgres://app:{{ pw }}@db",
      "postgres://app:@db",
      "https://a.b/?u=x:y@z",
      "see https://a.b: c@d",
      "http://proxy:3128",
    ]) {
      assert.equal(one(text), undefined, text);
    }
  });

  it("judges the password", () => {
    assert.equal(verdict("DATABASE_URL", "postgres://app:s3cr3tpw@db/x"), "url-credentials s3cr3tpw");
    assert.equal(verdict("DATABASE_URL", "postgres://app:postgres@db/x"), "default-password postgres");
    assert.equal(verdict("DATABASE_URL", "mysql://shop:shop@db/x"), "default-password shop");
    assert.equal(verdict("URL", "http://admin:admin@grafana:3000"), "default-password admin");
    assert.equal(verdict("URL", "https://bob:s3cr3tTok9@git.example.com/a"), "url-credentials s3cr3tTok9");
    silent("URL", "https://user:password@host.io");
    silent("URL", "https://user:pass@example.com");
    silent("DATABASE_URL", "postgres://app:<password>@db/x");
    const token = withBase62("ghp_");
    assert.equal(verdict("URL", `https://x-access-token:${token}@github.com/a`), `provider-token ${token}`);
  });

  it("reads connection strings of keys and values", () => {
    const password = (text: string): (string | undefined)[] =>
      connectionCredentials(text).map((c) => `${c.user} ${text.slice(c.span.start, c.span.end)}`);
    assert.deepEqual(password("Server=db;Database=shop;User Id=sa;Password=S3rv!ceX9;"), ["sa S3rv!ceX9"]);
    assert.deepEqual(password("host=db user=app password=qX8zLm22 dbname=shop"), ["app qX8zLm22"]);
    assert.deepEqual(password("jdbc:mysql://db/shop?user=app&password=qX8zLm22"), ["app qX8zLm22"]);
    assert.deepEqual(password("cache:6379,password=qX8zLm22,ssl=false"), [" qX8zLm22"]);
    assert.deepEqual(password("app:qX8zLm22@tcp(db:3306)/shop"), ["app qX8zLm22"]);
    assert.deepEqual(password('PlainLoginModule required username="app" password="qX8zLm22";'), ["app qX8zLm22"]);
    for (const text of [
      "Server=db;User Id=sa;Password=${PW}",
      "password=abcdef",
      "https://a.b/login?user=x&password=y",
      "mysql --host=db --password=x",
      "user=%s:%s@tcp(%s)",
      'fmt.Sprintf("%s:%s@tcp(%s)")',
    ]) {
      assert.deepEqual(password(text), [], text);
    }
    assert.equal(verdict("CONNECTION_STRING", "Server=db;User Id=sa;Password=sa;"), "default-password sa");
  });

  it("gives one find for a span, the most specific", () => {
    const token = withBase62("ghp_");
    const kinds = classifyText(`curl -H "Authorization: token ${token}" https://u:${token}@api.github.com`).map(
      (c) => c.kind,
    );
    assert.deepEqual(kinds, ["provider-token", "provider-token"]);
  });
});

describe("secrets: masks", () => {
  it("never tell the value or its length", () => {
    assert.equal(mask("short"), "****");
    assert.equal(mask("eleven-char"), "****");
    assert.equal(mask("twelve-chars"), "tw****");
    assert.equal(mask(drawn(80)), `${drawn(2)}****`);
    assert.equal(mask(`ghp_${drawn(36)}`, "ghp_"), "ghp_****");
    assert.equal(mask("ghp_abc", "ghp_"), "****");
  });
});

describe("secrets: file names", () => {
  it("knows files that hold credentials", () => {
    const files: Record<string, string> = {
      ".env": "env",
      "app/.env.production": "env",
      id_rsa: "private-key",
      "keys/deploy_rsa": "private-key",
      "server.key": "private-key",
      "privkey.pem": "private-key",
      "ca-key.pem": "private-key",
      "server.pem": "private-key",
      "store.p12": "key-store",
      "app.JKS": "key-store",
      ".npmrc": "package-credentials",
      "root/.pypirc": "package-credentials",
      ".git-credentials": "package-credentials",
      "nuget.config": "package-credentials",
      ".dockercfg": "registry-credentials",
      ".docker/config.json": "registry-credentials",
      ".aws": "cloud-credentials",
      ".aws/credentials": "cloud-credentials",
      ".config/gcloud": "cloud-credentials",
      "my-service-account.json": "cloud-credentials",
      "credentials.json": "cloud-credentials",
      ".ssh/": "private-key",
      ".kube/config": "kubeconfig",
      kubeconfig: "kubeconfig",
      "terraform.tfstate.backup": "state",
      "prod.tfvars": "state",
      "config\\secrets.yml": "secrets",
      "fullchain.pem": "certificate",
    };
    for (const [path, kind] of Object.entries(files)) assert.equal(secretFileName(path)?.kind, kind, path);
    assert.equal(secretFileName("fullchain.pem")?.certain, false);
    assert.equal(secretFileName(".npmrc")?.certain, false);
    assert.equal(secretFileName("id_rsa")?.certain, true);
  });

  it("leaves all others alone", () => {
    for (const path of [
      ".env.example",
      ".env.sample",
      ".env.template",
      ".env.dist",
      ".env.local.example",
      "id_rsa.pub",
      "ca.pem",
      "ca-bundle.pem",
      "cacert.pem",
      "server.crt",
      "docker.gpg.key",
      "public.key",
      "dhparam.pem",
      "credentials.ts",
      "config.json",
      "package.json",
      "prod.tfvars.example",
      ".ssh/known_hosts",
      "environment.ts",
      "key.json",
      "a_rsa.go",
      "env",
      "",
      ".",
    ]) {
      assert.equal(secretFileName(path), undefined, path);
    }
  });

  it("reads globs that name secrets, not those that name everything", () => {
    for (const glob of [
      "*.pem",
      "*.key",
      "certs/*.p12",
      ".env*",
      ".env.*",
      "id_*",
      ".ssh/*",
      ".aws/**",
      "**/.env",
      "credentials*",
      "secrets*.yml",
      "*.tfvars",
      "*service-account*.json",
      "terraform.tfstate*",
      "*_rsa",
      "*.p[1f][2x]",
      ".npmrc",
    ]) {
      const expected = glob === "*.p[1f][2x]" ? undefined : true;
      assert.equal(globMayMatchSecret(glob) === undefined ? undefined : true, expected, glob);
    }
    for (const glob of [
      "*",
      "**",
      ".",
      "*.*",
      ".*",
      "*.json",
      "package*.json",
      "*.y*ml",
      "src/*",
      "*.crt",
      "*.pub",
      "ca*.pem",
      ".env.ex*",
      "*.md",
      "?",
    ]) {
      assert.equal(globMayMatchSecret(glob), undefined, glob);
    }
  });
});
