/** Texts meant to break readers and scanners, under names of every kind, with every rule: nothing throws. */
import * as assert from "node:assert/strict";
import { project } from "../support/engine";

/** The parts of a text that a name's kind wants around anything else, so that the reader gets to it. */
interface Frame {
  readonly file: string;
  readonly before: string;
  readonly after?: string;
  /** Files that it is only understood with. */
  readonly beside?: readonly { readonly file: string; readonly text: string }[];
}

const chart = [
  { file: "chart/Chart.yaml", text: "apiVersion: v2\nname: shop\nversion: 1.0.0\n" },
  {
    file: "chart/templates/app.yaml",
    text: "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  a: {{ .Values.a | quote }}\n",
  },
];
const manifest = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  a: ";

const frames: readonly Frame[] = [
  { file: "Dockerfile", before: "FROM alpine:3.23\nUSER app\nRUN " },
  { file: "compose.yaml", before: "services:\n  a:\n    image: acme/a:1.2.3\n    command: " },
  { file: "k8s/app.yaml", before: manifest },
  { file: "chart/values.yaml", before: "a: ", beside: chart },
  { file: "chart/templates/more.yaml", before: `${manifest}{{ .Values.a }}\n  b: `, beside: chart },
  { file: "src/app.ts", before: 'import * as fs from "node:fs";\nconst a = ' },
  { file: "app.py", before: "import os\na = " },
  { file: "main.go", before: "package main\n\nfunc main() {\n\ta := ", after: "\n}\n" },
  { file: "App.java", before: "class App {\n  String a = ", after: ";\n}\n" },
  { file: "Program.cs", before: "class Program {\n  string a = ", after: ";\n}\n" },
  { file: ".env", before: "A=" },
  { file: "application.properties", before: "a.b=" },
  { file: "settings.json", before: '{ "a": "', after: '" }\n' },
  { file: "config.toml", before: '[a]\nb = "', after: '"\n' },
  { file: "main.tf", before: 'resource "a" "b" {\n  c = "', after: '"\n}\n' },
  { file: "pom.xml", before: "<project><a>", after: "</a></project>\n" },
  { file: "notes.md", before: "# A\n\n```sh\n", after: "\n```\n" },
  { file: "script.sh", before: "#!/bin/sh\nset -e\na=" },
];

const times = (text: string, length: number): string => text.repeat(Math.ceil(length / text.length)).slice(0, length);
const megabyte = 1_000_000;

const texts: Readonly<Record<string, string>> = {
  "a minified line": times(
    'function a(b,c){return b?c.d:{"e":[1,2],f:`${b}`,g:/h+/}}var i=a(j,k)&&l("m=n",o);',
    megabyte,
  ),
  "a line of base64": times("QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo0NTY3ODkrLw", megabyte),
  "assignments without end": "api_key=token:secret=".repeat(50_000),
  underscores: "_".repeat(200_000),
  "open brackets": "[".repeat(20_000),
  "nested brackets": `${"[".repeat(10_000)}${"]".repeat(10_000)}`,
  "nested braces": `${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}`,
  "nested calls": `${"a(".repeat(5_000)}${")".repeat(5_000)}`,
  "nested templates": `${"{{ ".repeat(5_000)}${"${".repeat(5_000)}$(${"$(".repeat(5_000)}`,
  "lines of keys": "key: value\n".repeat(10_000),
  "lines of sections": "\nkey: value\n  - password: $\n".repeat(3_000),
  "empty lines": `${"\n".repeat(50_000)}x`,
  "empty comments": `${"#\r\n".repeat(20_000)}x`,
  spaces: `${" ".repeat(100_000)}x${"\t".repeat(100_000)}x`,
  "quotes and backslashes": "\\\"'`".repeat(10_000),
  slashes: `${"/".repeat(100_000)}x${"../".repeat(30_000)}`,
  "addresses without end": "http://a:b@".repeat(20_000),
  "digits and dots": `${"1.".repeat(50_000)}${"1".repeat(100_000)}`,
  "dashes of a key": `-----BEGIN RSA PRIVATE KEY-----${"-".repeat(50_000)}${"\\n".repeat(20_000)}`.repeat(2),
  "lone surrogates": "\ud800a\udc00 = \ude00\n".repeat(2_000),
  zeros: `\0${"a=\0b\0\n".repeat(3_000)}`,
  "mixed line ends": "a: b\r\nc: d\re: f\n\r\u2028g: h\u2029\r\r\n".repeat(2_000),
  "byte order marks": `\ufeff${"\ufeffkey: \ufeffvalue\n".repeat(2_000)}`,
};

/** What only one kind of file has: chains, copies that double, long lists. */
const count = 3000;
const each = (line: (i: number) => string, n = count): string => Array.from({ length: n }, (_, i) => line(i)).join("");
const yamlDoubles = `  a0: &a0 [x, y]\n${each((i) => `  a${i + 1}: &a${i + 1} [*a${i}, *a${i}]\n`, 60)}`;
const mergeDoubles = `  m0: &m0 { x: y }\n${each((i) => `  m${i + 1}: &m${i + 1} { <<: [*m${i}, *m${i}], k${i}: v }\n`, 60)}`;

const programs: readonly (readonly [what: string, file: string, text: string])[] = [
  [
    "stages",
    "Dockerfile",
    each((i) => `FROM ${i === 0 ? "alpine:3.23" : `s${i - 1}`} AS s${i}\nCOPY --from=${i - 1} /a /b\n`, 500),
  ],
  ["continued lines", "Dockerfile", `FROM alpine:3.23\nRUN a \\\n${each((i) => `  && b --c${i}=$D \\\n`)}  && e\n`],
  ["one long pipe", "Dockerfile", `FROM alpine:3.23\nRUN a${" | b".repeat(count)}\n`],
  ["commands in commands", "Dockerfile", `FROM alpine:3.23\nRUN ${"sh -c '".repeat(300)}a${"'".repeat(300)}\n`],
  [
    "variables in turn",
    "Dockerfile",
    `FROM alpine:3.23\nENV A0=x\n${each((i) => `ENV A${i + 1}=$A${i}\n`, 8000)}USER $A8000\n`,
  ],
  [
    "doubling arguments",
    "Dockerfile",
    `FROM alpine:3.23\nARG A0=x\n${each((i) => `ARG A${i + 1}=$A${i}$A${i}\n`, 60)}ENV B=$A60\nUSER $B\n`,
  ],
  ["doubling image names", "Dockerfile", `ARG A0=x\n${each((i) => `ARG A${i + 1}=$A${i}$A${i}\n`, 60)}FROM $A60\n`],
  ["environment", "Dockerfile", `FROM alpine:3.23\n${each((i) => `ENV A${i}=$A${i - 1} PASSWORD_${i}=x${i}\n`)}`],
  ["heredocs", "Dockerfile", `FROM alpine:3.23\n${each((i) => `RUN <<E${i}\na ${i}\nE${i}\n`, 1000)}`],
  ["triggers", "Dockerfile", `FROM alpine:3.23\n${"ONBUILD ".repeat(count)}RUN a\n`],
  [
    "services",
    "compose.yaml",
    `services:\n${each((i) => `  s${i}: { image: acme/a, depends_on: [s${i + 1}], ports: ["${i}:80"] }\n`, 500)}`,
  ],
  ["doubling aliases", "compose.yaml", `x-a:\n${yamlDoubles}services:\n  a: { image: a, command: *a60 }\n`],
  ["doubling merges", "compose.yaml", `x-a:\n${mergeDoubles}services:\n  a: { image: a, environment: *m60 }\n`],
  [
    "variables in variables",
    "compose.yaml",
    `services:\n  a:\n    image: ${"${A:-".repeat(count)}b${"}".repeat(count)}\n`,
  ],
  [
    "extending itself",
    "compose.yaml",
    "services:\n  a: { extends: { service: b } }\n  b: { extends: { service: a } }\n",
  ],
  ["including itself", "compose.yaml", "include: [compose.yaml, ./compose.yaml]\nservices:\n  a: { image: a }\n"],
  ["documents", "k8s/app.yaml", each((i) => `apiVersion: v1\nkind: Service\nmetadata: { name: s${i} }\n---\n`, 1000)],
  ["doubling aliases", "k8s/app.yaml", `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata:\n${yamlDoubles}`],
  ["doubling merges", "k8s/app.yaml", `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata:\n${mergeDoubles}`],
  [
    "itself",
    "k8s/app.yaml",
    "apiVersion: v1\nkind: Pod\nmetadata: &a { name: a, labels: *a }\nspec: &s { containers: [*s] }\n",
  ],
  [
    "containers",
    "k8s/app.yaml",
    `apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec:\n  containers:\n${each((i) => `    - { name: c${i}, image: a }\n`, 1000)}`,
  ],
  ["itself", "kustomization.yaml", "resources: [., ./kustomization.yaml]\ncomponents: [.]\n"],
  [
    "nested blocks",
    "chart/templates/more.yaml",
    `${manifest}b\n${"{{ if .Values.a }}\n".repeat(count)}  c: d\n${"{{ end }}\n".repeat(count)}`,
  ],
  [
    "nested ranges",
    "chart/templates/more.yaml",
    `${manifest}\n${each((i) => `{{- range $a${i} := .Values.a }}\n`, 500)}  c: d\n${"{{- end }}".repeat(500)}`,
  ],
  [
    "templates of themselves",
    "chart/templates/_a.tpl",
    '{{ define "a" }}{{ include "b" . }}{{ end }}{{ define "b" }}{{ include "a" . }}{{ end }}',
  ],
  [
    "doubling templates",
    "chart/templates/_a.tpl",
    `{{ define "t0" }}x{{ end }}\n${each((i) => `{{ define "t${i + 1}" }}{{ include "t${i}" . }}{{ include "t${i}" . }}{{ end }}\n`, 60)}`,
  ],
  ["pipes", "chart/templates/more.yaml", `${manifest}{{ .Values.a${" | default .Values.b".repeat(count)} }}\n`],
  ["doubling aliases", "chart/values.yaml", `a:\n${yamlDoubles}`],
  [
    "doubling text",
    "src/app.ts",
    `const a0 = "x";\n${each((i) => `const a${i + 1} = a${i} + a${i};\n`, 60)}fetch(a60);\nexec(a60);\n`,
  ],
  [
    "doubling templates",
    "src/app.ts",
    `const a0 = "x";\n${each((i) => `const a${i + 1} = \`\${a${i}}/\${a${i}}\`;\n`, 60)}fetch(a60);\n`,
  ],
  [
    "doubling objects",
    "src/app.ts",
    `const a0 = { x: 1 };\n${each((i) => `const a${i + 1} = { ...a${i}, y: a${i} };\n`, 60)}app.use(cors(a60));\n`,
  ],
  [
    "doubling lists",
    "src/app.ts",
    `const a0 = ["x"];\n${each((i) => `const a${i + 1} = [a${i}, a${i}];\n`, 60)}f(a60);\nexecFile("b", a60);\n`,
  ],
  [
    "doubling calls",
    "src/app.ts",
    `const a0 = "x";\n${each((i) => `const a${i + 1} = f(a${i}, a${i});\n`, 60)}exec(a60);\n`,
  ],
  ["doubling choices", "app.py", `a0 = "x"\n${each((i) => `a${i + 1} = a${i} if b else a${i}\n`, 60)}os.system(a60)\n`],
  ["doubling lists", "app.py", `a0 = ["x"]\n${each((i) => `a${i + 1} = [a${i}, a${i}]\n`, 60)}subprocess.run(a60)\n`],
  [
    "doubling choices",
    "App.java",
    `class App {\n  static final String A0 = "x";\n${each((i) => `  static final String A${i + 1} = B ? A${i} : A${i};\n`, 60)}  void f() { Runtime.getRuntime().exec(A60); }\n}\n`,
  ],
  [
    "doubling lists",
    "App.java",
    `class App {\n  static final List A0 = List.of("x");\n${each((i) => `  static final List A${i + 1} = List.of(A${i}, A${i});\n`, 60)}  void f() { new ProcessBuilder(A60); }\n}\n`,
  ],
  [
    "doubling choices",
    "Program.cs",
    `class Program {\n  static readonly string A0 = "x";\n${each((i) => `  static readonly string A${i + 1} = B ? A${i} : A${i};\n`, 60)}  void F() { Process.Start(A60); }\n}\n`,
  ],
  [
    "doubling lists",
    "main.go",
    `package main\n\nvar a0 = []string{"x"}\n${each((i) => `var a${i + 1} = []any{a${i}, a${i}}\n`, 60)}\nfunc main() { exec.Command("a", a60...) }\n`,
  ],
  ["functions in functions", "app.py", each((i) => `${" ".repeat(i)}def f${i}():\n`, 300)],
  [
    "doubling choices",
    "src/app.ts",
    `const a0 = "x";\n${each((i) => `const a${i + 1} = b ? a${i} : c ? a${i} : a${i};\n`, 60)}fetch(a60);\n`,
  ],
  ["sums", "src/app.ts", `const a = ${'"b" + '.repeat(count)}"c";\nfetch(a);\n`],
  ["chains", "src/app.ts", `const a = b${".c(d)".repeat(count)};\n`],
  ["assignments to itself", "src/app.ts", `let a = "b";\n${"a = a + a;\n".repeat(count)}fetch(a);\n`],
  [
    "functions of functions",
    "src/app.ts",
    each((i) => `function f${i}(a) { return f${i + 1}(a) + f${i + 1}(a); }\n`, 500),
  ],
  [
    "functions in functions",
    "src/app.ts",
    `const a = ${"() => ".repeat(count)}1;\n${"function f() {".repeat(150)}${"}".repeat(150)}\n`,
  ],
  ["otherwise", "src/app.ts", `if (a) { b(); }${" else if (c) { d(); }".repeat(count)}\n`],
  ["a long list", "src/app.ts", `export const a = [${'{ key: "value", secret: "x" },'.repeat(count)}];\n`],
  [
    "aliases of each other",
    "src/app.ts",
    "const a = b;\nconst b = a;\nlet c = d, d = c;\nfetch(a); exec(c);\nclass A extends B {}\nclass B extends A {}\n",
  ],
  [
    "calls",
    "src/app.ts",
    each(
      (i) => `app.get("/a${i}", (req, res) => { exec("a " + req.query.b); res.send(\`\${req.query.c}\`); });\n`,
      1000,
    ),
  ],
  [
    "doubling text",
    "app.py",
    `a0 = "x"\n${each((i) => `a${i + 1} = a${i} + a${i}\n`, 60)}${each((i) => `b${i} = f"{a${i}}{a${i}}"\n`, 60)}os.system(a60)\nos.system(b59)\n`,
  ],
  [
    "doubling maps",
    "app.py",
    `a0 = {"x": 1}\n${each((i) => `a${i + 1} = {**a${i}, "y": a${i}, "z": [a${i}, a${i}]}\n`, 60)}requests.get("http://x", **a60)\n`,
  ],
  ["sums", "app.py", `import os\na = ${'"b" + '.repeat(count)}"c"\nos.system(a)\n`],
  ["chains", "app.py", `a = b${".c(d)".repeat(count)}\n`],
  ["assignments to itself", "app.py", `a = "b"\n${"a = a + a\n".repeat(count)}os.system(a)\n`],
  ["blocks in blocks", "app.py", each((i) => `${" ".repeat(i)}if a:\n`, 500)],
  ["otherwise", "app.py", `if a:\n  b()\n${"elif c:\n  d()\n".repeat(count)}`],
  ["aliases of each other", "app.py", "a = b\nb = a\nclass A(B): pass\nclass B(A): pass\nos.system(a)\n"],
  [
    "calls",
    "app.py",
    each((i) => `@app.route("/a${i}")\ndef f${i}():\n    os.system("a " + request.args["b"])\n`, 1000),
  ],
  [
    "doubling text",
    "main.go",
    `package main\n\nconst a0 = "x"\n${each((i) => `const a${i + 1} = a${i} + a${i}\n`, 60)}\nfunc main() { exec.Command(a60) }\n`,
  ],
  ["sums", "main.go", `package main\n\nvar a = ${'"b" + '.repeat(count)}"c"\n`],
  ["chains", "main.go", `package main\n\nfunc main() { a${".b(c)".repeat(count)} }\n`],
  [
    "calls",
    "main.go",
    `package main\n\n${each((i) => `func f${i}(w http.ResponseWriter, r *http.Request) { exec.Command("sh", "-c", r.FormValue("a")).Run() }\n`, 1000)}`,
  ],
  [
    "doubling text",
    "App.java",
    `class App {\n  static final String A0 = "x";\n${each((i) => `  static final String A${i + 1} = A${i} + A${i};\n`, 60)}  void f() { Runtime.getRuntime().exec(A60); }\n}\n`,
  ],
  ["sums", "App.java", `class App { String a = ${'"b" + '.repeat(count)}"c"; }\n`],
  ["chains", "App.java", `class App { void f() { a${".b(c)".repeat(count)}; } }\n`],
  ["otherwise", "App.java", `class App { void f() { if (a) { b(); }${" else if (c) { d(); }".repeat(count)} } }\n`],
  [
    "calls",
    "App.java",
    `class App {\n${each((i) => `  @GetMapping("/a${i}") String f${i}(@RequestParam String a) { Runtime.getRuntime().exec(a); return a; }\n`, 1000)}}\n`,
  ],
  [
    "doubling text",
    "Program.cs",
    `class Program {\n  const string A0 = "x";\n${each((i) => `  const string A${i + 1} = A${i} + $"{A${i}}";\n`, 60)}  void F() { Process.Start(A60); }\n}\n`,
  ],
  ["sums", "Program.cs", `class Program { string a = ${'"b" + '.repeat(count)}"c"; }\n`],
  ["chains", "Program.cs", `a${".B(c)".repeat(count)};\n`],
  ["calls", "Program.cs", each((i) => `app.MapGet("/a${i}", (string a) => Process.Start(a));\n`, 1000)],
  ["doubling variables", ".env", `A0=x\n${each((i) => `A${i + 1}=\${A${i}}\${A${i}}\n`, 60)}`],
  ["doubling variables", "application.properties", `a0=x\n${each((i) => `a${i + 1}=\${a${i}}\${a${i}}\n`, 60)}`],
  [
    "doubling entities",
    "pom.xml",
    `<!DOCTYPE a [<!ENTITY a0 "x">${each((i) => `<!ENTITY a${i + 1} "&a${i};&a${i};">`, 60)}]><project><a>&a60;</a></project>\n`,
  ],
  ["nested elements", "pom.xml", `${"<a>".repeat(10_000)}x${"</a>".repeat(10_000)}`],
  ["doubling variables", "script.sh", `a0=x\n${each((i) => `a${i + 1}="$a${i}$a${i}"\n`, 60)}eval "$a60"\n`],
  ["nested fences", "notes.md", each((i) => `${"`".repeat(3 + (i % 90))}sh\npassword=x${i}\n`)],
];

describe("hostile texts", function () {
  this.timeout(60_000);
  for (const [what, text] of Object.entries(texts)) {
    describe(what, () => {
      for (const { file, before, after = "", beside = [] } of frames) {
        it(`${file} of nothing else`, () => passes(file, text, beside));
        it(`${file} with them inside`, () => passes(file, `${before}${text}${after}`, beside));
      }
    });
  }
});

describe("hostile programs", function () {
  this.timeout(60_000);
  for (const [what, file, text] of programs) {
    it(`${file}: ${what}`, () => passes(file, text, file.startsWith("chart/") ? chart : []));
  }
});

async function passes(file: string, text: string, beside: Frame["beside"] = []): Promise<void> {
  const analyser = await project([{ file, text }, ...beside], { preset: "strict" });
  const failed = analyser.problems(file).filter((p) => p.source === "rule");
  assert.deepEqual(failed, []);
  for (const { span } of analyser.findings(file)) assert.ok(span.start >= 0 && span.end <= text.length);
}
