import { deepEqual, equal, ok } from "node:assert/strict";
import { rename } from "node:fs/promises";
import { join } from "node:path";
import { FileChangeType } from "vscode-languageserver/node";
import { both, type Editor, has, inVersion, lacks, rulesOf, startEditor } from "./editor";

const add = "dockerfile/add-instead-of-copy";
const workdir = "dockerfile/relative-workdir";
const text = "FROM alpine:3.22\nADD app /app\nWORKDIR app\n";
const off = (rule: string): string => `rules:\n  ${rule}: off\n`;

const prefixed = (prefix: string, files: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(files).map(([name, content]) => [prefix + name, content]));

describe("server: configuration", () => {
  let editor: Editor;
  afterEach(() => editor.stop());

  it("is read before the first diagnostics are shown", async () => {
    editor = await startEditor({ files: { "bulkhead.yaml": off(add) } });
    editor.open("Dockerfile", text);
    await editor.diagnostics("Dockerfile", has(workdir));
    ok(editor.published.every((p) => !rulesOf(p.diagnostics).includes(add)));
  });

  it("is read anew when the file changes on the disk, appears or goes", async () => {
    editor = await startEditor();
    editor.open("Dockerfile", text);
    await editor.diagnostics("Dockerfile", has(add, workdir));
    await editor.write("bulkhead.yaml", off(add), FileChangeType.Created);
    await editor.diagnostics("Dockerfile", both(lacks(add), has(workdir)));
    await editor.write("bulkhead.yaml", off(workdir));
    await editor.diagnostics("Dockerfile", both(has(add), lacks(workdir)));
    await editor.remove("bulkhead.yaml");
    await editor.diagnostics("Dockerfile", has(add, workdir));
  });

  it("holds while it is edited, and as it was saved when it is closed", async () => {
    editor = await startEditor({ files: { "bulkhead.yaml": off(add) } });
    editor.open("Dockerfile", text);
    await editor.diagnostics("Dockerfile", both(lacks(add), has(workdir)));
    editor.open("bulkhead.yaml", off(add), "yaml");
    editor.replace("bulkhead.yaml", add, workdir);
    await editor.diagnostics("Dockerfile", both(has(add), lacks(workdir)));
    editor.close("bulkhead.yaml");
    await editor.diagnostics("Dockerfile", both(lacks(add), has(workdir)));
  });

  it("tells what is wrong with it at its place, until it is right", async () => {
    editor = await startEditor({ files: { "bulkhead.yaml": `rules:\n  ${add}: loud\n` } });
    const { diagnostics } = await editor.diagnostics("bulkhead.yaml", (d) => d.length > 0);
    deepEqual(diagnostics[0]?.range, {
      start: { line: 1, character: add.length + 4 },
      end: { line: 1, character: add.length + 8 },
    });
    equal(diagnostics[0]?.severity, 1);
    equal(diagnostics[0]?.source, "bulkhead");
    editor.open("bulkhead.yaml", `rules:\n  ${add}: loud\n`, "yaml");
    editor.replace("bulkhead.yaml", "loud", "[");
    await editor.diagnostics(
      "bulkhead.yaml",
      both((d) => d.length > 0, inVersion(2)),
    );
    editor.replace("bulkhead.yaml", "[", "off");
    await editor.diagnostics("bulkhead.yaml", (d) => d.length === 0);
    editor.open("Dockerfile", text);
    await editor.diagnostics("Dockerfile", both(lacks(add), has(workdir)));
  });

  it("names files that are not looked at", async () => {
    editor = await startEditor({ files: { "bulkhead.yaml": "ignore: [vendor]\n" } });
    editor.open("vendor/Dockerfile", text);
    editor.open("Dockerfile", text);
    await editor.diagnostics("Dockerfile", has(add));
    ok(editor.published.every((p) => p.uri !== editor.uri("vendor/Dockerfile") || p.diagnostics.length === 0));
    deepEqual(await editor.actions("vendor/Dockerfile", editor.rangeOf("vendor/Dockerfile", "ADD")), []);
  });

  it("goes before the editor's settings, which change without a restart", async () => {
    editor = await startEditor({
      files: { "bulkhead.yaml": `rules:\n  ${add}: error\n` },
      settings: () => ({ rules: { [add]: "off", [workdir]: "warning" } }),
    });
    editor.open("Dockerfile", text);
    const { diagnostics } = await editor.diagnostics("Dockerfile", has(add, workdir));
    equal(diagnostics.find((d) => d.code === add)?.severity, 1);
    equal(diagnostics.find((d) => d.code === workdir)?.severity, 2);
    editor.settings = () => ({ rules: { [workdir]: "off" } });
    editor.notify("workspace/didChangeConfiguration", { settings: null });
    await editor.diagnostics("Dockerfile", both(has(add), lacks(workdir)));
    editor.settings = () => ({ enable: false });
    editor.notify("workspace/didChangeConfiguration", { settings: null });
    await editor.diagnostics("Dockerfile", (d) => d.length === 0);
    editor.settings = () => ({});
    editor.notify("workspace/didChangeConfiguration", { settings: null });
    await editor.diagnostics("Dockerfile", has(add, workdir));
  });

  it("comes from the initialization and from notifications where the client cannot be asked", async () => {
    const initializationOptions = { settings: { rules: { [add]: "off" } } };
    editor = await startEditor({ capabilities: {}, initializationOptions });
    editor.open("Dockerfile", text);
    await editor.diagnostics("Dockerfile", both(lacks(add), has(workdir)));
    editor.notify("workspace/didChangeConfiguration", { settings: { bulkhead: { rules: { [workdir]: "off" } } } });
    await editor.diagnostics("Dockerfile", both(has(add), lacks(workdir)));
  });

  it("survives settings of any shape", async () => {
    editor = await startEditor({ settings: () => ({ preset: 7, rules: "x", ignore: [1], run: {}, enable: "?" }) });
    editor.open("Dockerfile", text);
    await editor.diagnostics("Dockerfile", has(add));
  });
});

describe("server: several folders", () => {
  let editor: Editor;
  afterEach(() => editor.stop());

  it("have configurations and settings of their own", async () => {
    editor = await startEditor({
      folders: ["one", "two words"],
      files: { "one/bulkhead.yaml": off(add), "two words/.bulkhead.yaml": off(workdir) },
    });
    editor.open("one/Dockerfile", text);
    editor.open("two words/Dockerfile", text);
    await editor.diagnostics("one/Dockerfile", both(lacks(add), has(workdir)));
    await editor.diagnostics("two words/Dockerfile", both(has(add), lacks(workdir)));
  });

  it("come and go, and take open documents along", async () => {
    editor = await startEditor({ folders: [], files: { "one/bulkhead.yaml": off(add) } });
    editor.open("one/Dockerfile", text);
    await editor.diagnostics("one/Dockerfile", has(add, workdir));
    const folder = { uri: editor.uri("one"), name: "one" };
    editor.notify("workspace/didChangeWorkspaceFolders", { event: { added: [folder], removed: [] } });
    await editor.diagnostics("one/Dockerfile", both(lacks(add), has(workdir)));
    editor.notify("workspace/didChangeWorkspaceFolders", { event: { added: [], removed: [folder] } });
    await editor.diagnostics("one/Dockerfile", has(add, workdir));
  });

  it("may lie in each other: the nearest counts", async () => {
    editor = await startEditor({
      folders: ["", "one"],
      files: { "bulkhead.yaml": off(add), "one/bulkhead.yaml": off(workdir) },
    });
    editor.open("one/Dockerfile", text);
    editor.open("Dockerfile", text);
    await editor.diagnostics("one/Dockerfile", both(has(add), lacks(workdir)));
    await editor.diagnostics("Dockerfile", both(lacks(add), has(workdir)));
  });

  it("know a file however its URI is spelled", async () => {
    editor = await startEditor({ folders: ["a b"], files: { "a b/bulkhead.yaml": off(add) } });
    const uri = editor.uri("a b/Dockerfile").replace("%20", " ").replace("Dockerfile", "%44ockerfile");
    editor.open(uri, text);
    await editor.diagnostics(uri, both(lacks(add), has(workdir)));
  });
});

describe("server: watched files", () => {
  let editor: Editor;
  afterEach(() => editor.stop());

  it("give way to what is typed, and count again when it is closed", async () => {
    editor = await startEditor({ files: { "bulkhead.yaml": off(add) } });
    editor.open("bulkhead.yaml", off(workdir), "yaml");
    editor.open("Dockerfile", text);
    await editor.diagnostics("Dockerfile", both(has(add), lacks(workdir)));
    await editor.write("bulkhead.yaml", "rules: {}\n");
    editor.close("bulkhead.yaml");
    await editor.diagnostics("Dockerfile", has(add, workdir));
  });

  const unignored = "dockerignore/sensitive-file-not-ignored";
  const context = { Dockerfile: "FROM alpine:3.22\nCOPY . /app\n", ".env": "PASSWORD=x\n" };
  const openIgnoreFile = async (): Promise<void> => {
    editor.open(".dockerignore", "*.log\n", "ignore");
    await editor.diagnostics(".dockerignore", has(unignored));
  };

  it("are known with their texts once the folder was looked through, and when they change", async () => {
    editor = await startEditor({ folders: ["here"], files: prefixed("here/", context) });
    editor.open("here/.dockerignore", "*.log\n", "ignore");
    await editor.diagnostics("here/.dockerignore", has(unignored));
    await editor.write("here/Dockerfile", "FROM alpine:3.22\nCOPY src /app\n");
    await editor.diagnostics("here/.dockerignore", lacks(unignored));
    await editor.write("here/Dockerfile", context.Dockerfile);
    await editor.diagnostics("here/.dockerignore", has(unignored));
    await editor.remove("here/Dockerfile");
    await editor.diagnostics("here/.dockerignore", lacks(unignored));
  });

  it("come and go", async () => {
    editor = await startEditor({ files: context });
    await openIgnoreFile();
    await editor.remove(".env");
    await editor.diagnostics(".dockerignore", lacks(unignored));
    await editor.write(".env", "PASSWORD=x\n", FileChangeType.Created);
    await editor.diagnostics(".dockerignore", has(unignored));
  });

  it("come and go with their folders", async () => {
    const { Dockerfile } = context;
    editor = await startEditor({
      folders: ["here"],
      files: { "here/Dockerfile": Dockerfile, "away/x/.env": "PASSWORD=x\n" },
    });
    editor.open("here/.dockerignore", "*.log\n", "ignore");
    await editor.diagnostics("here/.dockerignore", lacks(unignored));
    await rename(join(editor.root, "away"), join(editor.root, "here", "config"));
    editor.watched("here/config", FileChangeType.Created);
    await editor.diagnostics("here/.dockerignore", has(unignored));
    await rename(join(editor.root, "here", "config"), join(editor.root, "away"));
    editor.watched("here/config", FileChangeType.Deleted);
    await editor.diagnostics("here/.dockerignore", lacks(unignored));
  });

  it("change findings in other open documents as those are typed", async () => {
    editor = await startEditor({ files: context });
    await openIgnoreFile();
    editor.open("Dockerfile", context.Dockerfile);
    editor.replace("Dockerfile", "COPY . ", "COPY src ");
    await editor.diagnostics(".dockerignore", lacks(unignored));
    editor.close("Dockerfile");
    await editor.diagnostics(".dockerignore", has(unignored));
  });

  it("are read where rules ask for them", async () => {
    const files = { "package.json": '{ "engines": { "node": "22.1.0" } }' };
    editor = await startEditor({ files, initializationOptions: { bulkheadClient: true } });
    editor.open("Dockerfile", "FROM node\nUSER node\n");
    await editor.diagnostics("Dockerfile", has("dockerfile/unpinned-image"));
    await editor.known();
    const action = await editor.action("Dockerfile", editor.rangeOf("Dockerfile", "node"), "22.1.0");
    equal(action.isPreferred, true);
  });

  it("survive events of files that are gone", async () => {
    editor = await startEditor();
    editor.watched("nothing/Dockerfile", FileChangeType.Created);
    editor.watched("nothing/Dockerfile", FileChangeType.Changed);
    editor.watched("nothing", FileChangeType.Deleted);
    editor.watched("package.json", FileChangeType.Changed);
    editor.open("Dockerfile", text);
    await editor.diagnostics("Dockerfile", has(add));
  });
});
