/** Every format of the provider table: drawn samples are found in five kinds of file, near misses are not. */
import * as assert from "node:assert/strict";
import { Analyser, type Finding, noCodeParsers } from "../../engine/index";
import { base62, crc16, crc32, fromBase32 } from "../../rules/shared/secrets/bytes";
import { namedFormats, type TokenFormat, tokenFormats } from "../../rules/shared/secrets/formats";
import providerToken from "../../rules/secrets/provider-token";
import { drawing, textFor } from "../support/pattern";

const base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** The same token with the checksum that its provider would have written. */
function withChecksum({ provider }: TokenFormat, token: string): string {
  if (provider === "github" || provider === "npm") {
    const start = token.indexOf("_") + 1;
    const body = token.slice(start, -6);
    return token.slice(0, start) + body + base62(crc32(body), 6);
  }
  if (provider === "atlassian") {
    const body = token.slice(0, -8);
    return body + crc32(body).toString(16).toUpperCase().padStart(8, "0");
  }
  if (provider === "grafana") {
    const body = token.slice(0, token.lastIndexOf("_"));
    const bytes = crc32(body).toString(16).padStart(8, "0").match(/../g) ?? [];
    return `${body}_${bytes.reverse().join("")}`;
  }
  const bytes = fromBase32(`${token.slice(0, 55)}AAA`)?.slice(0, 34) ?? [];
  const crc = crc16(bytes);
  const bits = [...bytes, crc & 0xff, crc >> 8].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  return (bits.match(/.{1,5}/g) ?? []).map((five) => base32.charAt(Number.parseInt(five.padEnd(5, "0"), 2))).join("");
}

/** Three samples that have what the format's own check and measure ask for. */
function samplesOf(format: TokenFormat): readonly string[] {
  const samples: string[] = [];
  for (let seed = 1; samples.length < 3 && seed < 400; seed++) {
    const drawn = textFor(format.pattern, drawing(seed * 7919));
    const token = format.check === undefined ? drawn : withChecksum(format, drawn);
    if (finds("a.txt", `x ${token} y`).length === 1) samples.push(token);
  }
  return samples;
}

function finds(file: string, text: string): readonly Finding[] {
  const analyser = new Analyser({
    rules: [providerToken],
    languages: { shell: undefined, code: noCodeParsers },
    today: "2026-11-21",
  });
  analyser.setFile(file, text);
  return analyser.findings(file);
}

/** As people write a value in each. */
const files: readonly (readonly [file: string, write: (name: string, value: string) => string])[] = [
  ["config/app.yaml", (name, value) => `app:\n  ${name}: "${value}" # ours\n`],
  ["config/app.json", (name, value) => `{ "app": { "${name}": "${value}" } }\n`],
  ["src/app.ts", (name, value) => `const ${name} = "${value}";\n`],
  ["service/.env.prod", (name, value) => `PORT=80\n${name}=${value}\n`],
  ["README.md", (name, value) => `Set \`${name}\`:\n\n\`\`\`sh\nexport ${name}='${value}'\n\`\`\`\n`],
];

const marked = (text: string, all: readonly Finding[]): string[] =>
  all.map(({ span }) => text.slice(span.start, span.end));

describe("the provider table", () => {
  for (const format of tokenFormats) {
    const [mark = ""] = format.marks;
    it(`finds ${format.title} in every kind of file`, () => {
      const samples = samplesOf(format);
      assert.equal(samples.length, 3, `samples of ${format.pattern.source}`);
      for (const token of samples) {
        for (const [file, write] of files) {
          const text = write("feed_address", token);
          const all = finds(file, text);
          const whole = marked(text, all).some((found) => token.includes(found) || found === token);
          assert.ok(all.length === 1 && whole, `${file}: ${all.length} of ${token.slice(0, 9)}…`);
          assert.ok(!all[0]?.message.includes(token.slice(-8)), "masked");
        }
      }
    });

    it(`is silent for what only looks like ${format.title}`, () => {
      const [token = ""] = samplesOf(format);
      const at = Math.max(0, token.indexOf(mark));
      const isLast = at + mark.length === token.length;
      const near = isLast
        ? [token.slice(-12), `${token.slice(2)}x`, `<your key>${mark}`]
        : [
            token.slice(0, Math.max(at + mark.length, Math.min(9, token.length >> 1))),
            `${token.slice(0, at)}${mark}${"x".repeat(Math.max(8, token.length - at - mark.length))}`,
            `${token.slice(0, at + mark.length)}<your key>`,
          ];
      for (const text of near) assert.deepEqual(marked(text, finds("a.txt", `x ${text} y`)), [], format.title);
    });
  }

  for (const format of namedFormats) {
    const name = (format.names[0] ?? "").replace(/^_/, "registry_");
    const full = /key|token|pat$|secret|id$/.test(name) ? name : `${name}_api_key`;
    it(`finds ${format.title} under its name, and not under another`, () => {
      let found = 0;
      for (let seed = 1; found < 3 && seed < 100; seed++) {
        const value = textFor(format.value, drawing(seed * 104_729));
        if (finds(".env", `${full}=${value}\n`).length === 0) continue;
        found++;
        for (const [file, write] of files.slice(0, 4)) {
          const text = write(full, value);
          assert.equal(finds(file, text).length, 1, `${file}: ${full}`);
        }
        assert.ok(finds(".env", `${full}=${value.slice(0, 7)}\n`).length === 0, "cut");
        assert.ok(finds(".env", `${full}=\${${full.toUpperCase()}}\n`).length === 0, "a reference");
        const isKnown = tokenFormats.some((t) => t.pattern.test(value));
        if (!isKnown) assert.equal(finds(".env", `BUILD_REVISION=${value}\n`).length, 0, "another name");
      }
      assert.equal(found, 3, format.title);
    });
  }
});
