import { deepEqual, equal, ok } from "node:assert/strict";
import type { CodeAction, MarkupContent } from "vscode-languageserver/node";
import { parseAllDocuments } from "yaml";
import { able, type Editor, has, inVersion, lacks, startEditor } from "./editor";

const open = "kubernetes/network-policy-missing";
const fence = "Add default-deny NetworkPolicy with DNS";
const account = "Add ServiceAccount orders";
const harden = "Harden this pod";

const deployment = (name: string) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name, namespace: "shop" },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name, image: `acme/${name}:1.4.2`, ports: [{ containerPort: 8080 }] }] },
    },
  },
});

/** From the key of the first pod to its containers. */
const podOf = (text: string): string => {
  const end = text.search(/"?containers/);
  return text.slice(text.lastIndexOf("spec", end), end);
};

const block = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: orders
  namespace: shop
spec:
  selector:
    matchLabels: { app: orders }
  template:
    metadata:
      labels: { app: orders }
    spec:
      containers:
        - name: orders
          image: acme/orders:1.4.2
          ports:
            - containerPort: 8080
---
${JSON.stringify(deployment("mail"))}
`;
const list = JSON.stringify({ apiVersion: "v1", kind: "List", items: ["orders", "mail"].map(deployment) }, null, 2);

const kindsIn = (text: string): unknown[] =>
  parseAllDocuments(text).flatMap((document) => {
    deepEqual(document.errors, []);
    const object = document.toJS() as { kind: string; items?: { kind: string }[] };
    return object.items?.map((item) => item.kind) ?? [object.kind];
  });

describe("server: fixes of manifests", () => {
  let editor: Editor;
  beforeEach(async () => {
    editor = await startEditor({ settings: () => ({ preset: "strict" }) });
  });
  afterEach(() => editor.stop());

  const offered = async (name: string, text: string, title: string, at: string): Promise<CodeAction | undefined> => {
    editor.open(name, text, name.endsWith(".json") ? "json" : "yaml");
    await editor.diagnostics(name, inVersion(1));
    const actions = await editor.actions(name, editor.rangeOf(name, at));
    return actions.find((a) => a.title === title);
  };

  const made = (name: string, action: CodeAction | undefined): string => {
    ok(action?.edit, "is offered");
    const [[id, annotation] = []] = Object.entries(action.edit.changeAnnotations ?? {});
    equal(annotation?.needsConfirmation, true, "is shown before it is made");
    for (const change of action.edit.documentChanges ?? [])
      ok("edits" in change && change.edits.every((edit) => "annotationId" in edit && edit.annotationId === id));
    equal(action.isPreferred, undefined);
    editor.apply(action.edit);
    return editor.text(name);
  };

  const deployments = ["Deployment", "Deployment"];
  const policies = ["NetworkPolicy", "NetworkPolicy", "NetworkPolicy"];
  for (const [style, name, text] of [
    ["block style", "app.yaml", block],
    ["block style with CRLF", "app.yaml", block.replaceAll("\n", "\r\n")],
    ["a JSON list", "k8s/app.json", list],
  ] as const) {
    it(`add policies that deny all but DNS and the namespace, in ${style}`, async () => {
      const after = made(name, await offered(name, text, fence, "orders"));
      deepEqual(kindsIn(after), [...deployments, ...policies]);
      equal(/[^\r]\n/.test(after), !text.includes("\r\n"), "keeps its line ends");
      for (const part of ["kube-system", "kube-dns", "UDP", "TCP", "53", "Egress", "Ingress"])
        ok(after.includes(part), part);
      equal(after.match(/default-deny/g)?.length, 1);
      ok(!/\$\{\d/.test(after));
      await editor.diagnostics(name, lacks(open));
    });

    it(`add an account of its own, in ${style}`, async () => {
      const after = made(name, await offered(name, text, account, podOf(text)));
      deepEqual(kindsIn(after), [...deployments, "ServiceAccount"]);
      equal(/[^\r]\n/.test(after), !text.includes("\r\n"), "keeps its line ends");
      ok(/serviceAccountName"?: "?orders/.test(after), after);
      ok(/automountServiceAccountToken"?: false/.test(after), after);
    });
  }

  it("harden a pod", async () => {
    const after = made("app.yaml", await offered("app.yaml", block, harden, "- name: orders"));
    ok(after.includes("runAsNonRoot: true"), after);
  });

  it("add no document to a JSON text that is one object", async () => {
    const text = JSON.stringify(deployment("orders"), null, 2);
    equal(await offered("k8s/app.json", text, account, podOf(text)), undefined);
  });

  it("say so in their titles where the client does not ask", async () => {
    await editor.stop();
    editor = await startEditor({ capabilities: { ...able, workspace: {} }, initializationOptions: {} });
    editor.open("app.yaml", block, "yaml");
    await editor.diagnostics("app.yaml", has(open));
    const actions = await editor.actions("app.yaml", editor.rangeOf("app.yaml", "orders"));
    ok(actions.some((a) => a.title === `${fence} (may change what the program does)`));
  });
});

describe("server: a workload under the pointer", () => {
  const spec = "{ containers: [{ name: web, image: acme/web, env: [] }], securityContext: { runAsNonRoot: true } }";
  const pod = `apiVersion: v1\nkind: Pod\nmetadata: { name: web, namespace: shop }\nspec: ${spec}\n`;
  const namespace = (version: string): string =>
    `---\napiVersion: v1\nkind: Namespace\nmetadata: { name: shop, labels: { pod-security.kubernetes.io/enforce-version: ${version} } }\n`;

  const verdict = async (text: string, config = ""): Promise<string> => {
    const editor = await startEditor({ files: { "bulkhead.yaml": config } });
    editor.open("pod.yaml", text, "yaml");
    await editor.diagnostics("pod.yaml", inVersion(1));
    const hover = await editor.hover("pod.yaml", { line: 1, character: 7 });
    await editor.stop();
    ok(hover);
    return (hover.contents as MarkupContent).value;
  };

  it("is judged by the newest standards", async () => {
    const said = await verdict(pod);
    ok(said.includes("**Pod Security Standards 1.37**: allowed at baseline, refused at restricted: 3 controls"), said);
  });

  it("is judged by the configured version", async () => {
    const said = await verdict(pod, 'kubernetes: { podSecurityVersion: "1.20" }\n');
    ok(said.includes("**Pod Security Standards 1.20**: allowed at baseline, refused at restricted: 2 controls"), said);
  });

  it("is judged by the version that its namespace asks for", async () => {
    const said = await verdict(`${pod}${namespace("v1.5")}`, 'kubernetes: { podSecurityVersion: "1.20" }\n');
    ok(said.includes("**Pod Security Standards 1.5** (as Namespace shop asks): allowed at restricted"), said);
  });
});
