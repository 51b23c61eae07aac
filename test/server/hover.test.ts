import { deepEqual, equal, ok } from "node:assert/strict";
import type { MarkupContent } from "vscode-languageserver/node";
import { type Editor, has, startEditor } from "./editor";

const add = "dockerfile/add-instead-of-copy";
const text = "FROM alpine:3.22\nADD app /app\nUSER root\n";

describe("server: hover", () => {
  let editor: Editor;
  afterEach(() => editor.stop());
  const open = async (): Promise<void> => {
    editor.open("Dockerfile", text);
    await editor.diagnostics("Dockerfile", has(add));
  };

  it("explains the finding", async () => {
    editor = await startEditor();
    await open();
    const hover = await editor.hover("Dockerfile", { line: 1, character: 1 });
    ok(hover);
    const { kind, value } = hover.contents as MarkupContent;
    equal(kind, "markdown");
    for (const part of [
      "**ADD where COPY would do**",
      `\`${add}\``,
      "hadolint:DL3020",
      "Use COPY (safe)",
      "supply-chain",
    ]) {
      ok(value.includes(part), part);
    }
    equal(hover.range?.start.line, 1);
  });

  it("shows no secret, and nothing is logged", async () => {
    const secret = "ghp_Zk3vN8qXw2RtLb7HsYd5JmPcF1gAeU0oTi94";
    editor = await startEditor();
    editor.open(
      "Dockerfile",
      `FROM alpine:3.22\nENV GITHUB_TOKEN=${secret}\nRUN curl -u me:${secret} https://example.com\n`,
    );
    const { diagnostics } = await editor.diagnostics("Dockerfile", (d) => d.length > 0);
    const hovers = await Promise.all(diagnostics.map((d) => editor.hover("Dockerfile", d.range.start)));
    ok(!JSON.stringify([diagnostics, hovers, editor.logged]).includes(secret.slice(4)));
    equal(editor.logged.length, 0);
  });

  it("says nothing elsewhere, nor in other documents", async () => {
    editor = await startEditor();
    await open();
    equal(await editor.hover("Dockerfile", { line: 1, character: 8 }), null);
    editor.open("notes.md", text, "markdown");
    equal(await editor.hover("notes.md", { line: 1, character: 1 }), null);
    equal(await editor.hover("never-opened", { line: 1, character: 1 }), null);
  });

  it("is plain text for clients that show no other", async () => {
    editor = await startEditor({ capabilities: {} });
    await open();
    const hover = await editor.hover("Dockerfile", { line: 1, character: 1 });
    ok(hover);
    const { kind, value } = hover.contents as MarkupContent;
    equal(kind, "plaintext");
    ok(!/\*\*|`|\]\(/.test(value), value);
  });
});

describe("server: commands", () => {
  let editor: Editor;
  afterEach(() => editor.stop());

  it("fixes all that is safe", async () => {
    editor = await startEditor();
    editor.open("Dockerfile", text);
    await editor.diagnostics("Dockerfile", has(add));
    const command = { command: "bulkhead.fixAll", arguments: [editor.uri("Dockerfile")] };
    await editor.connection.sendRequest("workspace/executeCommand", command);
    equal(editor.text("Dockerfile"), text.replace("ADD", "COPY"));
    await editor.connection.sendRequest("workspace/executeCommand", { ...command, arguments: ["file:///none"] });
    await editor.connection.sendRequest("workspace/executeCommand", { command: "bulkhead.fixAll" });
  });

  it("look through closed files, but not through those that git leaves out", async () => {
    editor = await startEditor({
      files: {
        ".gitignore": "out/\n",
        "a/Dockerfile": text,
        "out/Dockerfile": text,
        "b/Dockerfile": "FROM alpine:3.22\nCOPY app /app\nUSER 10001\n",
        "logo.bin": "\0",
      },
    });
    const check = (): Promise<unknown> =>
      editor.connection.sendRequest("workspace/executeCommand", { command: "bulkhead.checkWorkspace" });
    const last = (file: string): readonly unknown[] | undefined =>
      editor.published.filter((p) => p.uri === editor.uri(file)).at(-1)?.diagnostics;
    await check();
    ok(editor.published.some((p) => p.uri === editor.uri("a/Dockerfile") && p.diagnostics.some((d) => d.code === add)));
    deepEqual([...new Set(editor.published.map((p) => p.uri))], [editor.uri("a/Dockerfile")]);
    await editor.write("a/Dockerfile", "FROM alpine:3.22\nCOPY app /app\nUSER 10001\n");
    await editor.write("b/Dockerfile", text);
    await check();
    deepEqual(last("a/Dockerfile"), []);
    ok((last("b/Dockerfile") ?? []).length > 0);
  });

  it("shows the page of a rule in the browser", async () => {
    editor = await startEditor();
    await editor.connection.sendRequest("workspace/executeCommand", {
      command: "bulkhead.explainRule",
      arguments: [add],
    });
    ok(editor.shown[0]?.endsWith(`/${add}.md`));
  });

  it("gives pages and a list of all rules", async () => {
    editor = await startEditor();
    const rules = await editor.connection.sendRequest<{ id: string }[]>("bulkhead/rules");
    ok(rules.some((r) => r.id === add) && rules.some((r) => r.id === "suppression/unused"));
    for (const { id } of rules) {
      const page = await editor.connection.sendRequest<string>("bulkhead/rulePage", { id });
      ok(page.startsWith("# ") && page.includes(id) && !/[«»]/.test(page), id);
    }
    equal(await editor.connection.sendRequest("bulkhead/rulePage", { id: "no/such" }), null);
  });
});
