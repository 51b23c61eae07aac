import { deepEqual, equal, ok } from "node:assert/strict";
import type {
  CompletionContext,
  CompletionItem,
  InsertTextMode,
  MarkupContent,
  TextEdit,
} from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import { able, type Editor, type EditorOptions, inVersion, startEditor } from "./editor";

const container = (part: string): string => `apiVersion: v1
kind: Pod
metadata:
  name: orders
  namespace: shop
spec:
  containers:
    - name: orders
      image: registry.example.com/orders:1.4.2
${part}`;

const languageOf = (name: string): string =>
  /\.ya?ml$/.test(name) ? "yaml" : /ockerfile/.test(name) ? "dockerfile" : "plaintext";

describe("server: completion", () => {
  let editor: Editor;
  afterEach(() => editor.stop());

  const start = async (options: EditorOptions = {}): Promise<void> => {
    editor = await startEditor({ ...options, settings: () => ({ preset: "all" }) });
    await settled();
  };

  /** The settings are known, so that the folder is spoken of. */
  async function settled(): Promise<void> {
    editor.open("settled.dockerfile", "FROM node:18\n");
    await editor.diagnostics("settled.dockerfile", (d) => d.length > 0);
  }

  /** What is offered at `|` of a document that is opened for it. */
  async function at(name: string, marked: string, context?: CompletionContext): Promise<CompletionItem[]> {
    const offset = marked.indexOf("|");
    const text = marked.slice(0, offset) + marked.slice(offset + 1);
    editor.open(name, text, languageOf(name));
    return editor.complete(name, TextDocument.create("", "", 0, text).positionAt(offset), context);
  }

  const labelsOf = (items: readonly CompletionItem[]): string[] => items.map((i) => i.label);

  function named(items: readonly CompletionItem[], label: string): CompletionItem {
    const found = items.find((i) => i.label === label);
    ok(found, `${label} is not among ${labelsOf(items).join(", ")}`);
    return found;
  }

  it("is announced, with few trigger characters", async () => {
    await start();
    const provider = editor.result?.capabilities.completionProvider;
    deepEqual(provider, { triggerCharacters: [" ", ":", "-", '"'], resolveProvider: true });
  });

  it("offers a security context's keys, and says why when it is asked", async () => {
    await start();
    const items = await at("pod.yaml", container("      securityContext:\n        allow|\n"));
    const item = named(items, "allowPrivilegeEscalation: false");
    deepEqual(item.textEdit, {
      range: { start: { line: 10, character: 8 }, end: { line: 10, character: 13 } },
      newText: "allowPrivilegeEscalation: false",
    });
    deepEqual([item.insertTextFormat, item.insertTextMode, item.documentation], [1, 2, undefined]);
    const resolved = await editor.connection.sendRequest<CompletionItem>("completionItem/resolve", item);
    const { kind, value } = resolved.documentation as MarkupContent;
    equal(kind, "markdown");
    ok(value.includes("docs/rules/kubernetes/privilege-escalation-allowed.md"), value);
    ok(value.includes("never have more rights"), value);
  });

  it("inserts what brings no finding, into half-typed texts of any line ends", async () => {
    await start();
    for (const [i, text] of [
      container("      securityContext:\n        |\n      tty: true\n"),
      container("      securityContext:\n        |").replaceAll("\n", "\r\n"),
    ].entries()) {
      const name = `pod-${i}.yaml`;
      const item = named(await at(name, text), "harden: all that is missing");
      const edit = item.textEdit as TextEdit;
      equal(edit.newText.includes("\r\n"), text.includes("\r\n"));
      const newText = edit.newText.replace(/\n/g, "\n        ");
      editor.change(name, { range: edit.range, text: newText });
      const { diagnostics } = await editor.diagnostics(name, inVersion(2));
      const left = diagnostics.map((d) => String(d.code));
      for (const rule of ["privilege-escalation-allowed", "writable-root-filesystem", "seccomp-profile-missing"]) {
        ok(!left.includes(`kubernetes/${rule}`), `${rule} in\n${editor.text(name)}`);
      }
    }
  });

  it("offers snippets with stops, their preview, and not twice", async () => {
    await start();
    const items = await at("Dockerfile", "bh-|");
    const [item] = items;
    ok(item !== undefined && items.every((i) => i.label.startsWith("bh-") && i.kind === 15));
    equal(item.insertTextFormat, 2);
    const { documentation } = await editor.connection.sendRequest<CompletionItem>("completionItem/resolve", item);
    ok(/```dockerfile\n[^$]*FROM/.test((documentation as MarkupContent).value));
    for (const [name, language] of [
      ["a.ts", "javascript"],
      ["a.py", "python"],
      ["a.go", "go"],
    ] as const) {
      const ofCode = named(await at(name, "bh-|"), "bh-jwt-verify");
      const shown = await editor.connection.sendRequest<CompletionItem>("completionItem/resolve", ofCode);
      const { value } = shown.documentation as MarkupContent;
      ok(value.includes(`\`\`\`${language}`), `${name}: ${value}`);
    }
    await editor.stop();
    await start({ initializationOptions: { bulkheadClient: true, offersSnippets: true } });
    deepEqual(await at("Dockerfile", "bh-|"), []);
    ok((await at("b.dockerfile", "FROM node:|")).length > 0);
  });

  it("gives plain texts with their indentation to clients that can do no more", async () => {
    await start({ capabilities: { ...able, textDocument: {} } });
    const item = named(await at("pod.yaml", container("      res|\n")), "resources");
    deepEqual([item.insertTextFormat, item.insertTextMode], [1, undefined]);
    equal(
      (item.textEdit as TextEdit).newText,
      "resources:\n        requests: { cpu: 100m, memory: 128Mi }\n        limits: { memory: 256Mi }",
    );
    const { documentation } = await editor.connection.sendRequest<CompletionItem>("completionItem/resolve", item);
    equal((documentation as MarkupContent).kind, "plaintext");
    equal(item.labelDetails, undefined);
    const [snippet] = await at("Dockerfile", "|");
    ok(snippet !== undefined && !/\$\{?\d/.test((snippet.textEdit as TextEdit).newText));
  });

  it("leaves the indentation of snippets to clients that say nothing of it, and writes it where they say that they add none", async () => {
    const textOf = async (valueSet: readonly InsertTextMode[] | undefined): Promise<readonly string[]> => {
      const completionItem = {
        snippetSupport: true,
        ...(valueSet === undefined ? {} : { insertTextModeSupport: { valueSet: [...valueSet] } }),
      };
      await start({ capabilities: { textDocument: { completion: { completionItem } } } });
      const items = await at("pod.yaml", container("      |\n"));
      const texts = ["resources", "securityContext"].map((l) => (named(items, l).textEdit as TextEdit).newText);
      return texts.map((text) => /\n *(?=\w)/.exec(text)?.[0] ?? "");
    };
    deepEqual(await textOf(undefined), ["\n  ", "\n        "]);
    await editor.stop();
    deepEqual(await textOf([1]), ["\n        ", "\n        "]);
    await editor.stop();
    deepEqual(await textOf([1, 2]), ["\n  ", "\n  "]);
  });

  it("goes on with what is typed behind trigger characters, and is silent where somebody indents", async () => {
    await start();
    const typed = (triggerCharacter: string): CompletionContext => ({ triggerKind: 2, triggerCharacter });
    const tag = named(await at("a.dockerfile", "FROM node:|", typed(":")), "node:24-slim");
    equal(tag.detail, "Node.js 24, supported until 2028-04-30");
    deepEqual(tag.labelDetails, { description: "until 2028-04-30" });
    deepEqual(await at("a.yaml", container("      |\n"), typed(" ")), []);
    deepEqual(labelsOf(await at("compose.yaml", "services:\n  a:\n    ports:\n      - |", typed(" "))), [
      "127.0.0.1:8080:8080",
    ]);
  });

  it("judges odd texts right, and says nothing about what it does not know", async () => {
    await start();
    const odd = "services:\n   web:\n        image: nginx:1.30\n        cap_|\n   db:\n    image: postgres:18\n";
    ok(labelsOf(await at("compose.yaml", odd)).includes("cap_drop: [ALL]"));
    for (const [name, text] of [
      ["compose.yaml", "services:\n\tweb:\n\t\t|\n"],
      ["pod.yaml", container("      securityContext: {|}\n")],
      ["pod.yaml", container("      # sec|\n")],
      ["notes.yaml", "a:\n  |\n"],
      ["notes.md", "|"],
      ["notes.txt", "FROM |"],
    ] as const) {
      editor.close(name);
      deepEqual(await at(name, text), [], `${name} ${text}`);
    }
    deepEqual(await editor.complete("never-opened", { line: 0, character: 0 }), []);
    editor.open("Dockerfile", "FROM node:");
    ok(Array.isArray(await editor.complete("Dockerfile", { line: 99, character: 99 })));
  });

  it("keeps to files that are looked at", async () => {
    editor = await startEditor({ files: { "bulkhead.yaml": 'ignore: ["legacy/**"]\n' } });
    editor.open("legacy/Dockerfile", "FROM node:");
    editor.open("Dockerfile", "FROM node:");
    await settled();
    ok((await editor.complete("Dockerfile", { line: 0, character: 10 })).length > 0);
    deepEqual(await editor.complete("legacy/Dockerfile", { line: 0, character: 10 }), []);
  });
});
