/** Templates read as YAML, and the files of charts. */
import assert from "node:assert/strict";
import type { Field } from "../../engine/kinds/kubernetes/field";
import { ManifestFile } from "../../engine/kinds/kubernetes/model";
import { hole, maskTemplate } from "../../engine/kinds/kubernetes/template";
import { parseYaml } from "../../engine/languages/yaml/document";
import { applyEdits, rule, suppressionText } from "../../engine/index";
import { dedent } from "../support/example";
import { project } from "../support/engine";

const shown = (text: string): string =>
  maskTemplate(dedent(text))
    .text.replaceAll(hole, "#")
    .replace(/#+/g, "#")
    .replace(/[ \t]+$/gm, "");

const fileOf = (text: string, role: "whole" | "template" = "template"): ManifestFile =>
  new ManifestFile("templates/a.yaml", dedent(text), role, undefined);

const rootOf = (text: string): Field => {
  const manifest = fileOf(`apiVersion: v1\nkind: Pod\n${dedent(text)}`).manifests[0];
  assert.ok(manifest);
  return manifest.root;
};

describe("a template read as YAML", () => {
  const cases: readonly (readonly [name: string, template: string, masked: string])[] = [
    ["values", 'a: {{ .x }}\nb: "{{ .y }}-z"\nc: {{ .r }}:latest\n', 'a: #\nb: "#-z"\nc: #:latest\n'],
    ["strings with braces", 'a: {{ printf "}}" }}\nb: {{ `}}` }}\n', "a: #\nb: #\n"],
    ["comments", "{{- /* a: }} b */ -}}\na: 1 # {{ .x }}\n", "\na: 1 # #\n"],
    ["lines of their own", "a: 1\n{{- toYaml .x | nindent 2 }}\n{{ $a := 1 }} {{ .b }}\nc: 2\n", "a: 1\n\n\nc: 2\n"],
    [
      "a map that goes on",
      'a: {{- include "x" . | nindent 2 }}\n  b: 1\nc: {{ .d | nindent 2 }}\n- e\n',
      "a:\n  b: 1\nc:\n- e\n",
    ],
    ["a map that does not", "a: {{- toYaml .x | nindent 2 }}\nb: 1\n", "a: #\nb: 1\n"],
    [
      "branches in a value",
      'a: {{ if .x }}b{{ else }}"c"{{ end }}\nd: e{{ with .t }}:{{ . }}{{ end }}\n',
      "a: #\nd: e#\n",
    ],
    [
      "a condition before a key",
      "  {{- if .x }}a: true{{- end }}\n  {{ if .y -}} b: {{ .z }} {{- else }}c: 1{{ end }}\n",
      "a: true\nb: #\n",
    ],
    ["an empty branch", "a:\n{{- if .x }}\n  b: 1\n{{- else }}\n  {}\n{{- end }}\n", "a:\n\n  b: 1\n\n\n\n"],
    ["over several lines", 'a: {{ include "x" (dict\n  "b" 1) }}\nc: 2\n', "a: #\n\nc: 2\n"],
    ["tabs", "a:\n\t{{ if .x }}\n  b: 1\n\t{{ end }}\n", "a:\n\n  b: 1\n\n"],
    [
      "in a block scalar",
      "a: |\n  {{- if .x }}\n  b {{ .c }}\n{{ toYaml .d | indent 2 }}\n  {{- end }}\ne: 1\n",
      "a: |\n\n  b #\n  #\n\ne: 1\n",
    ],
    ["a whole block scalar", "a: |- {{ .x | nindent 2 }}\nb: 1\n", "a: #\nb: 1\n"],
    [
      "definitions",
      '{{- define "a" -}}\nx: 1\n{{- end }}\n{{ define "b" }}\ny: 1\n{{ end }}\n',
      "---\nx: 1\n---\n---\ny: 1\n---\n",
    ],
    ["an action without an end", "a: {{ .x\nb: {{ .y }}\n", "a: #\nb: #\n"],
    ["keys", '{{ .k }}: 1\n{{ template "t" . }}: |\n  x\n', "#: 1\n#: |\n  x\n"],
  ];
  for (const [name, template, masked] of cases) it(name, () => assert.equal(shown(template), masked));

  it("keeps every line in its place, whatever ends it", () => {
    const text = "a: {{ .x }}\r\n{{ if .y }}b: 1{{ end }}\r\nc: {{ f (dict\r\n 1) }}\r\n";
    const { text: masked } = maskTemplate(text);
    assert.equal(masked.length, text.length);
    assert.deepEqual(
      [...masked.matchAll(/\r\n/g)].map((m) => m.index),
      [...text.matchAll(/\r\n/g)].map((m) => m.index),
    );
    assert.deepEqual(
      parseYaml(masked).documents.flatMap((d) => d.problems),
      [],
    );
  });

  it("says where a key behind a condition really stands", () => {
    const text = "spec:\n  {{- if .Values.debug }}hostNetwork: true{{- end }}\n";
    const field = rootOf(text).at("spec", "hostNetwork");
    assert.equal(field?.boolean, true);
    assert.equal(field.isConditional, true);
    const whole = `apiVersion: v1\nkind: Pod\n${text}`;
    assert.equal(whole.slice(field.start, field.end), "true");
    assert.equal(whole.slice(field.key?.start, field.key?.end), "hostNetwork");
    assert.equal(field.remove(), undefined);
  });
});

describe("a field of a template", () => {
  it("is conditional inside a branch, not where the branch is around the whole object", () => {
    const [manifest] = fileOf(`
      {{- if .Values.enabled }}
      apiVersion: v1
      kind: Pod
      spec:
        hostPID: true
        {{- if .Values.debug }}
        hostIPC: true
        {{- else }}
        hostNetwork: true
        {{- end }}
      {{- end }}
      `).manifests;
    const spec = manifest?.spec;
    assert.deepEqual(
      ["hostPID", "hostIPC", "hostNetwork"].map((key) => spec?.get(key)?.isConditional),
      [false, true, true],
    );
  });

  it("tells which objects are for some clusters only", () => {
    const [manifest] = fileOf(`
      {{- if .Capabilities.APIVersions.Has "policy/v1" }}
      apiVersion: policy/v1
      {{- else }}
      apiVersion: policy/v1beta1
      {{- end }}
      kind: PodDisruptionBudget
      `).manifests;
    assert.equal(manifest?.root.get("apiVersion")?.isForSomeClusters, true);
    assert.equal(manifest.root.get("kind")?.isForSomeClusters, false);
  });

  it("is unknown where a value stands, open where lines are printed", () => {
    const root = rootOf(`
      spec:
        a: "x{{ .y }}"
        b: |
          {{ .z }}
        c:
          d: 1
          {{- toYaml .e | nindent 2 }}
        f:
          g: {{ .h }}
      `);
    assert.equal(root.at("spec", "a")?.string, undefined);
    assert.deepEqual(root.at("spec", "a")?.fragments, ["x", ""]);
    assert.equal(root.at("spec", "b")?.string, undefined);
    assert.equal(root.at("spec", "c")?.isOpen, true);
    assert.equal(root.at("spec", "f")?.isOpen, false);
  });

  it("is edited only where every action stays whole", () => {
    const text = dedent(`
      spec:
        a: { b: true, c: {{ .x }} }
        {{- if .y }}
        d: 1
        {{- end }}
        e:
          f: 1
          {{- toYaml .z | nindent 4 }}
        g:
        - h: 1
        {{- if .i }}
        - j: 1
        {{- end }}
      `);
    const root = rootOf(text);
    const whole = `apiVersion: v1\nkind: Pod\n${text}`;
    const replaced = root.at("spec", "a", "b")?.replace(false);
    assert.ok(replaced && applyEdits(whole, replaced).includes("a: { b: false, c: {{ .x }} }"));
    assert.ok(root.at("spec", "d")?.remove());
    assert.equal(root.at("spec", "e", "f")?.remove(), undefined);
    assert.equal(root.get("spec")?.set(["new"], 1), undefined);
    assert.equal(root.get("spec")?.append(["g"], 1), undefined);
    assert.equal(root.at("spec", "g")?.remove(), undefined);
  });
});

describe("a plain manifest with braces in its texts", () => {
  it("is judged as a whole", () => {
    const text = `
      apiVersion: v1
      kind: ConfigMap
      data:
        alert: "{{ $labels.instance }} is down"
        rules: |
          {{ if eq 1 1 }}
          x
          {{ end }}
      `;
    assert.equal(fileOf(text, "whole").manifests[0]?.role, "whole");
    assert.equal(fileOf(`${text}  {{- include "x" . }}\n`, "whole").manifests[0]?.role, "whole");
  });

  it("is none where Jinja fills it in", () => {
    assert.deepEqual(fileOf("{% if x %}\napiVersion: v1\nkind: Pod\n{% endif %}\n", "whole").manifests, []);
  });
});

describe("the files of a chart", () => {
  const spy = (seen: string[]) =>
    rule({
      id: "helm/spy",
      kind: "helm",
      severity: "hint",
      principle: "build",
      summary: "Looks on",
      why: "It stands for any rule.",
      refs: [],
      covers: [],
      fix: "none",
      examples: [],
      check: {
        chart: (chart) => void seen.push(`${chart.part} ${chart.name} ${chart.dependencies.map((d) => d.name)}`),
        setting: (setting) => void seen.push(`${setting.values.role} ${setting.title}${setting.isOff ? " off" : ""}`),
        notes: (notes) => void seen.push(`notes ${notes.actions.length}`),
        partials: (partials) => void seen.push(`partials ${partials.actions.length}`),
      },
    });

  it("are walked where a chart is around them", async () => {
    const seen: string[] = [];
    const files = [
      { file: "shop/Chart.yaml", text: "name: shop\ndependencies:\n- name: redis\n" },
      { file: "shop/values.yaml", text: "a: { enabled: false, b: [{ c: 1 }] }\n" },
      { file: "shop/ci/test-values.yaml", text: "d: 1\n" },
      { file: "shop/values-prod.yaml", text: "e: 1\n" },
      { file: "shop/templates/NOTES.txt", text: "{{ .x }}\n" },
      { file: "shop/templates/_a.tpl", text: '{{ define "a" }}{{ end }}\n' },
      { file: "other/values.yaml", text: "x: 1\n" },
      { file: "ansible/requirements.yaml", text: "- src: x\n" },
    ];
    const analyser = await project(files, { rules: [spy(seen)] });
    for (const { file } of files) analyser.findings(file);
    assert.deepEqual(seen, [
      "chart shop redis",
      "default a",
      "default a.enabled off",
      "default a.b off",
      "default a.b[0].c off",
      "trial d",
      "other e",
      "notes 1",
      "partials 2",
    ]);
    assert.equal(analyser.kindOf("ansible/requirements.yaml"), "text");
    assert.deepEqual(
      files.flatMap(({ file }) => analyser.problems(file)),
      [],
    );
  });

  it("take comments that silence findings", async () => {
    const noisy = rule({
      ...spy([]),
      id: "helm/noisy",
      check: {
        setting: (setting, report) => report(setting.field, "x"),
        notes: (notes, report) => {
          for (const action of notes.actions) if (action.kind === "value") report(action, "x");
        },
      },
    });
    const files = [
      { file: "Chart.yaml", text: "name: shop\n" },
      { file: "values.yaml", text: "a: 1\nb: 2\n" },
      { file: "templates/NOTES.txt", text: "see\n  {{ .x }} and {{ .y }}\n" },
    ];
    const analyser = await project(files, { rules: [noisy] });
    for (const { file, text } of files.slice(1)) {
      const [first] = analyser.findings(file);
      assert.ok(first);
      const comment = analyser.insertComment(file, first.span, suppressionText("helm/noisy", "of the test"));
      assert.ok(comment);
      analyser.setFile(file, applyEdits(text, [comment]));
      const open = analyser.findings(file).filter((f) => f.rule === "helm/noisy" && f.suppressed === null);
      assert.equal(open.length, 1, applyEdits(text, [comment]));
    }
  });
});
