/** What kustomizations make of manifests: roles of files, patches within the kustomization, bases that overlays complete. */
import assert from "node:assert/strict";
import { Analyser, type Project, rule } from "../../engine/index";

const privileged = rule({
  id: "kubernetes/privileged",
  kind: "kubernetes",
  severity: "error",
  principle: "isolation",
  summary: "",
  why: "",
  refs: [],
  covers: [],
  fix: "none",
  examples: [],
  check: {
    container(container, report, { project }) {
      seen = project;
      const field = container.securityContext?.get("privileged");
      const edits = field?.rewrite("false");
      if (field?.boolean === true)
        report(field, "privileged", { fix: () => edits && { title: "no", applicability: "safe", edits } });
      if (!container.pod.isPartial && container.securityContext === undefined) report(container.anchor, "unprotected");
    },
  },
});

let seen: Project | undefined;

function analyserOf(files: Readonly<Record<string, string>>): Analyser {
  const analyser = new Analyser({ rules: [privileged], languages: { shell: undefined }, today: "2030-01-01" });
  for (const [file, text] of Object.entries(files)) analyser.setFile(file, text);
  analyser.setListing(Object.keys(files));
  return analyser;
}

/** `message: marked text` of each finding. */
const found = (analyser: Analyser, file: string): readonly string[] =>
  analyser.findings(file).map(({ message, span }) => `${message}: ${analyser.text(file)?.slice(span.start, span.end)}`);

const deployment = (container = ""): string => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: shop }
spec: { template: { spec: { containers: [{ name: app${container} }] } } }
`;
const object = { group: "apps", kind: "Deployment", name: "shop" };
const writable = [
  ["spec", "template", "spec", "containers", { name: "app", index: 0 }, "securityContext", "readOnlyRootFilesystem"],
] as const;

describe("kustomizations", () => {
  it("make a patch of what they name as one", () => {
    const analyser = analyserOf({
      "kustomization.yaml": "resources: [app-patch.yaml]\npatches: [{ path: more.yaml }]\n",
      "app-patch.yaml": deployment(),
      "more.yaml": deployment(),
    });
    assert.deepEqual(found(analyser, "app-patch.yaml"), ["unprotected: app"]);
    assert.deepEqual(found(analyser, "more.yaml"), []);
    analyser.setFile("kustomization.yaml", "resources: [more.yaml]\n");
    assert.deepEqual(found(analyser, "app-patch.yaml"), []);
    assert.deepEqual(found(analyser, "more.yaml"), ["unprotected: app"]);
  });

  it("have rules speak inside of their patches", () => {
    const text = `patches:
  - target: { kind: Deployment, name: shop }
    patch: |-
      - op: add
        path: /spec/template/spec/containers/0/securityContext
        value:
          privileged: true # (1)
      - { op: replace, path: /spec/template/spec/initContainers/0/securityContext/privileged, value: true }
  - patch: |
      apiVersion: apps/v1
      kind: Deployment
      metadata: { name: shop }
      spec: { template: { spec: { containers: [{ name: app, securityContext: { privileged: true } }] } } }
`;
    const analyser = analyserOf({ "kustomization.yaml": text });
    const findings = analyser.findings("kustomization.yaml");
    assert.deepEqual(
      findings.map((f) => f.span.start),
      [...text.matchAll(/true/g)].map((m) => m.index),
    );
    const fixed = findings.map((f) => f.fixes()[0]?.edits[0]);
    assert.deepEqual(
      fixed.map((e) => [e?.span.start, e?.text]),
      findings.map((f) => [f.span.start, "false"]),
    );
  });

  it("complete a base together, or not", () => {
    const patch = (key: string): string => deployment(`, securityContext: { ${key}: true }`);
    const analyser = analyserOf({
      "base/kustomization.yaml": "resources: [app.yaml]\n",
      "base/app.yaml": deployment(),
      "dev/kustomization.yaml": "resources: [../base]\nnamePrefix: dev-\npatches: [{ path: app.yaml }]\n",
      "dev/app.yaml": patch("readOnlyRootFilesystem"),
      "prod/kustomization.yaml": `resources: [../dev]
patches:
  - target: { kind: Deployment, name: dev-.* }
    patch: "[{ op: add, path: /spec/template/spec/containers/0/securityContext, value: { readOnlyRootFilesystem: true } }]"
`,
      "test/kustomization.yaml": "resources: [../base]\npatches: [{ path: app.yaml }]\n",
      "test/app.yaml": patch("readOnlyRootFilesystem"),
    });
    analyser.findings("base/app.yaml");
    const answer = () => seen?.kustomized("base/app.yaml", object, writable);
    assert.deepEqual(answer(), {
      answer: "yes",
      by: ["dev/kustomization.yaml", "prod/kustomization.yaml", "test/kustomization.yaml"],
    });
    analyser.setFile("test/app.yaml", patch("runAsNonRoot"));
    assert.equal(answer()?.answer, "no");
    analyser.removeFile("test/kustomization.yaml");
    assert.equal(answer()?.answer, "yes");
  });

  it("that take themselves in, or nothing, are left alone", () => {
    const analyser = analyserOf({
      "a/kustomization.yaml": "resources: [../b, ../a]\ncomponents: [../c]\n",
      "b/kustomization.yaml": "resources: [../a, app.yaml]\n",
      "c/kustomization.yaml": "kind: Component\ncomponents: [../c, ../d]\n",
      "b/app.yaml": deployment(),
      "e/kustomization.yaml": "",
    });
    assert.deepEqual(found(analyser, "b/app.yaml"), ["unprotected: app"]);
    assert.equal(seen?.kustomized("b/app.yaml", object, writable).answer, "no");
    for (const file of analyser.files) assert.deepEqual(analyser.problems(file), []);
  });
});
