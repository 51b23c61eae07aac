import { deepEqual, equal, ok } from "node:assert/strict";
import { both, type Editor, has, inVersion, lacks, rulesOf, startEditor } from "./editor";

const add = "dockerfile/add-instead-of-copy";
const workdir = "dockerfile/relative-workdir";

describe("server: diagnostics", () => {
  let editor: Editor;
  beforeEach(async () => {
    editor = await startEditor();
  });
  afterEach(() => editor.stop());

  it("come with version, code, link, severity and fingerprint", async () => {
    editor.open("Dockerfile", "FROM alpine:3.22\nADD app /app\n");
    const { version, diagnostics } = await editor.diagnostics("Dockerfile", has(add));
    equal(version, 1);
    const found = diagnostics.find((d) => d.code === add);
    deepEqual(found?.range, { start: { line: 1, character: 0 }, end: { line: 1, character: 3 } });
    equal(found?.source, "bulkhead");
    equal(found?.severity, 4);
    ok(found?.codeDescription?.href.endsWith(`/docs/rules/${add}.md`));
    ok(/^\{"fingerprint":"[0-9a-f]{16}"\}$/.test(JSON.stringify(found?.data)));
    ok(!JSON.stringify(found?.message).includes(add));
  });

  it("follow incremental edits, the last of several at once", async () => {
    editor.open("Dockerfile", "FROM alpine:3.22\nCOPY app /app\n");
    await editor.diagnostics("Dockerfile", both(lacks(add), inVersion(1)));
    editor.replace("Dockerfile", "COPY", "ADD");
    await editor.diagnostics("Dockerfile", both(has(add), inVersion(2)));
    const line = { start: { line: 1, character: 0 }, end: { line: 1, character: 0 } };
    editor.change("Dockerfile", { range: line, text: "# one\n" }, { range: line, text: "# two\n" });
    editor.change("Dockerfile", { range: line, text: "WORKDIR app\n" });
    const { diagnostics } = await editor.diagnostics("Dockerfile", inVersion(4));
    equal(diagnostics.find((d) => d.code === add)?.range.start.line, 4);
    equal(diagnostics.find((d) => d.code === workdir)?.range.start.line, 1);
  });

  it("stand for half a text, and go on afterwards", async () => {
    editor.open("Dockerfile", "");
    const text = 'FROM alpine:3.22\nADD ["app", "/app"]\nRUN echo "${x:-\'" <<EOF\n';
    for (const character of text) {
      const end = editor.documents.get(editor.uri("Dockerfile"))?.positionAt(Number.MAX_SAFE_INTEGER);
      ok(end);
      editor.change("Dockerfile", { range: { start: end, end }, text: character });
    }
    await editor.diagnostics("Dockerfile", both(has(add), inVersion(1 + text.length)));
  });

  it("have positions in UTF-16, after CRLF, tabs and characters beyond the BMP", async () => {
    editor.open("Dockerfile", 'FROM alpine:3.22\r\nLABEL a="🚢🚢"\r\nWORKDIR 🚢/app\r\n\tADD 🚢 /app\r\n');
    const { diagnostics } = await editor.diagnostics("Dockerfile", has(add, workdir));
    const found = diagnostics.find((d) => d.code === add);
    deepEqual(found?.range, { start: { line: 3, character: 1 }, end: { line: 3, character: 4 } });
    const relative = diagnostics.find((d) => d.code === workdir);
    deepEqual(relative?.range, { start: { line: 2, character: 8 }, end: { line: 2, character: 14 } });
  });

  it("go when the document is closed, and come from the saved text when it is opened again", async () => {
    editor.open("Dockerfile", "FROM alpine:3.22\nADD app /app\n");
    await editor.diagnostics("Dockerfile", has(add));
    editor.close("Dockerfile");
    deepEqual((await editor.diagnostics("Dockerfile", (d) => d.length === 0)).diagnostics, []);
    editor.open("Dockerfile", "FROM alpine:3.22\nCOPY app /app\nWORKDIR x\n");
    await editor.diagnostics("Dockerfile", both(lacks(add), has(workdir)));
  });

  it("are given by language id or by name, in files of no folder and in unsaved ones too", async () => {
    editor.open("build/image.txt", "FROM alpine:3.22\nADD app /app\n");
    editor.open("Containerfile.dev", "FROM alpine:3.22\nADD app /app\n", "plaintext");
    editor.open("untitled:Untitled-1", "FROM alpine:3.22\nADD app /app\n");
    editor.open("file:///nowhere/at/all/Dockerfile", "FROM alpine:3.22\nADD app /app\n");
    for (const uri of [...editor.documents.keys()]) await editor.diagnostics(uri, has(add));
  });

  it("are not given for other documents", async () => {
    editor.open("notes.md", "FROM alpine\nADD app /app\n", "markdown");
    editor.open(".gitignore", "node_modules\n", "ignore");
    editor.open("Dockerfile", "FROM alpine:3.22\nADD app /app\n");
    await editor.diagnostics("Dockerfile", has(add));
    deepEqual([...new Set(editor.published.map((p) => p.uri))], [editor.uri("Dockerfile")]);
  });

  it("leave suppressed findings out", async () => {
    editor.open(
      "Dockerfile",
      `FROM alpine:3.22\n# bulkhead-ignore ${add} -- unpacked by hand\nADD app /app\nWORKDIR x\n`,
    );
    const { diagnostics } = await editor.diagnostics("Dockerfile", has(workdir));
    ok(!rulesOf(diagnostics).includes(add));
  });

  it("mark what is of no use", async () => {
    editor.open("Dockerfile", `FROM alpine:3.22\n# bulkhead-ignore ${add} -- not so\nCOPY app /app\n`);
    const { diagnostics } = await editor.diagnostics("Dockerfile", has("suppression/unused"));
    deepEqual(diagnostics.find((d) => d.code === "suppression/unused")?.tags, [1]);
  });

  it("wait for the save where the user wants it so", async () => {
    editor.settings = () => ({ run: "onSave" });
    editor.notify("workspace/didChangeConfiguration", { settings: null });
    editor.open("Dockerfile", "FROM alpine:3.22\nCOPY app /app\n");
    await editor.diagnostics("Dockerfile", inVersion(1));
    editor.replace("Dockerfile", "COPY", "ADD");
    const [action] = await editor.actions("Dockerfile", editor.rangeOf("Dockerfile", "ADD"));
    ok(action, "actions are made from the text as it is");
    ok(editor.published.every((p) => p.version === 1));
    editor.save("Dockerfile");
    await editor.diagnostics("Dockerfile", both(has(add), inVersion(2)));
  });
});

describe("server: start and end", () => {
  it("ends with 0 after shutdown", async () => {
    const editor = await startEditor();
    equal(await editor.stop(), 0);
  });

  it("shows what it knows before it has looked through the folder", async () => {
    const editor = await startEditor({ capabilities: {} });
    editor.open("Dockerfile", "FROM alpine:3.22\nADD app /app\n");
    const { diagnostics } = await editor.diagnostics("Dockerfile", has(add));
    ok(diagnostics.every((d) => d.codeDescription === undefined && d.tags === undefined));
    equal(await editor.stop(), 0);
  });

  it("says what it can do", async () => {
    const editor = await startEditor();
    const capabilities = editor.result?.capabilities;
    deepEqual(capabilities?.codeActionProvider, {
      codeActionKinds: ["quickfix", "source.fixAll.bulkhead"],
      resolveProvider: true,
    });
    equal(capabilities?.positionEncoding, "utf-16");
    deepEqual(capabilities?.executeCommandProvider?.commands, [
      "bulkhead.fixAll",
      "bulkhead.explainRule",
      "bulkhead.checkWorkspace",
      "bulkhead.newService",
    ]);
    await editor.until(() => (editor.registered.length === 2 ? true : undefined));
    await editor.stop();
  });

  it("leaves the commands to Bulkhead's own client", async () => {
    const editor = await startEditor({ initializationOptions: { bulkheadClient: true } });
    equal(editor.result?.capabilities.executeCommandProvider, undefined);
    await editor.stop();
  });
});
