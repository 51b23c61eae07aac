import { deepEqual, equal, ok } from "node:assert/strict";
import type { CodeAction, Range, TextDocumentEdit } from "vscode-languageserver/node";
import { able, both, type Editor, has, inVersion, lacks, startEditor } from "./editor";

const add = "dockerfile/add-instead-of-copy";
const workdir = "dockerfile/relative-workdir";
const root = "dockerfile/root-user";
const text = "FROM alpine:3.22\nADD one /one\nADD two /two\nWORKDIR app\nUSER root\n";
const whole: Range = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };

const titles = (actions: readonly CodeAction[]): string[] => actions.map((a) => a.title);

const editsOf = ({ edit }: CodeAction): TextDocumentEdit[] =>
  (edit?.documentChanges ?? []).filter((c): c is TextDocumentEdit => "textDocument" in c);

describe("server: code actions", () => {
  let editor: Editor;
  const open = async (given = text): Promise<void> => {
    editor.open("Dockerfile", given);
    await editor.diagnostics("Dockerfile", inVersion(1));
  };
  beforeEach(async () => {
    editor = await startEditor();
  });
  afterEach(() => editor.stop());

  it("come in order, one of them preferred", async () => {
    await open();
    const actions = await editor.actions("Dockerfile", editor.rangeOf("Dockerfile", "ADD"));
    deepEqual(titles(actions), [
      "Use COPY",
      `Fix all: ${add} in this file`,
      "Fix all safe problems in this file",
      `Ignore ${add} here, with a reason`,
      `Turn off ${add} in bulkhead.yaml`,
      `Explain ${add}`,
    ]);
    deepEqual(
      actions.map((a) => a.isPreferred === true),
      [true, false, false, false, false, false],
    );
    ok(actions.every((a) => a.kind === "quickfix"));
    deepEqual(
      actions[0]?.diagnostics?.map((d) => d.code),
      [add],
    );
    deepEqual(actions.at(-1)?.command?.arguments, [add]);
  });

  it("prefer one of all where several findings are selected", async () => {
    await open();
    const actions = await editor.actions("Dockerfile", whole);
    equal(actions.filter((a) => a.isPreferred).length, 1);
    equal(actions.filter((a) => a.title === `Explain ${add}`).length, 1);
  });

  it("fix one finding, in the version that they were made for", async () => {
    await open();
    const action = await editor.action("Dockerfile", editor.rangeOf("Dockerfile", "ADD"), "Use COPY");
    deepEqual(editsOf(action), [
      {
        textDocument: { uri: editor.uri("Dockerfile"), version: 1 },
        edits: [{ range: { start: { line: 1, character: 0 }, end: { line: 1, character: 3 } }, newText: "COPY" }],
      },
    ]);
    ok(action.edit);
    editor.apply(action.edit);
    equal(editor.text("Dockerfile"), text.replace("ADD", "COPY"));
  });

  it("fix all of a rule, and leave the others", async () => {
    await open();
    const action = await editor.action("Dockerfile", editor.rangeOf("Dockerfile", "ADD"), "Fix all: ");
    ok(action.edit);
    editor.apply(action.edit);
    equal(editor.text("Dockerfile"), text.replaceAll("ADD", "COPY"));
    await editor.diagnostics("Dockerfile", both(lacks(add), has(workdir)));
  });

  it("fix all that is safe on source.fixAll, and nothing more the second time", async () => {
    await open();
    const only = ["source.fixAll"];
    const action = await editor.action("Dockerfile", whole, "", { only });
    equal(action.kind, "source.fixAll.bulkhead");
    ok(action.edit);
    editor.apply(action.edit);
    equal(editor.text("Dockerfile"), text.replaceAll("ADD", "COPY").replace("WORKDIR app", "WORKDIR /app"));
    await editor.diagnostics("Dockerfile", both(lacks(add, workdir), has(root)));
    deepEqual(await editor.actions("Dockerfile", whole, { only }), []);
  });

  it("edit nothing but what they change", async () => {
    await open();
    const action = await editor.action("Dockerfile", whole, "", { only: ["source.fixAll.bulkhead"] });
    deepEqual(
      editsOf(action).flatMap((e) =>
        e.edits.map(({ range: { start, end } }) => [start.line, start.character, end.line]),
      ),
      [
        [1, 0, 1],
        [2, 0, 2],
        [3, 8, 3],
      ],
    );
  });

  it("leave the findings as they are until the edit is made", async () => {
    await open();
    await editor.action("Dockerfile", whole, "", { only: ["source.fixAll.bulkhead"] });
    const actions = await editor.actions("Dockerfile", editor.rangeOf("Dockerfile", "ADD"));
    equal(actions[0]?.title, "Use COPY");
  });

  it("keep CRLF", async () => {
    await open(text.replaceAll("\n", "\r\n"));
    const action = await editor.action("Dockerfile", whole, "", { only: ["source.fixAll.bulkhead"] });
    ok(action.edit);
    editor.apply(action.edit);
    const fixed = text.replaceAll("ADD", "COPY").replace("WORKDIR app", "WORKDIR /app");
    equal(editor.text("Dockerfile"), fixed.replaceAll("\n", "\r\n"));
  });

  it("honour the kinds that are asked for", async () => {
    await open();
    const at = editor.rangeOf("Dockerfile", "ADD");
    deepEqual(await editor.actions("Dockerfile", at, { only: ["refactor"] }), []);
    deepEqual(await editor.actions("Dockerfile", at, { only: ["source.organizeImports"] }), []);
    equal((await editor.actions("Dockerfile", at, { only: ["source"] })).length, 1);
    ok((await editor.actions("Dockerfile", at, { only: ["quickfix"] })).every((a) => a.kind === "quickfix"));
  });

  it("are resolved as they are where they only run a command", async () => {
    await open();
    const action = await editor.action("Dockerfile", editor.rangeOf("Dockerfile", "ADD"), "Explain");
    equal(action.command?.command, "bulkhead.explainRule");
  });

  it("are none where nothing is found", async () => {
    await open("FROM scratch\nLABEL a=b\nADD one /one\n");
    deepEqual(await editor.actions("Dockerfile", editor.rangeOf("Dockerfile", "LABEL")), []);
  });

  it("are made from the newest text", async () => {
    await open();
    editor.replace("Dockerfile", "ADD one", "COPY x /x\nADD one");
    const action = await editor.action("Dockerfile", editor.rangeOf("Dockerfile", "ADD"), "Use COPY");
    equal(editsOf(action)[0]?.textDocument.version, 2);
    equal(editsOf(action)[0]?.edits[0]?.range.start.line, 2);
  });

  it("leave a choice as a snippet", async () => {
    await open();
    const actions = await editor.actions("Dockerfile", editor.rangeOf("Dockerfile", "root"));
    const guided = actions.filter((a) => editsOf(a).some((e) => e.edits.some((edit) => "snippet" in edit)));
    ok(guided.some((a) => a.title.startsWith("Ignore ")));
    ok(guided.every((a) => a.isPreferred !== true));
  });

  it("ignore a finding with a reason, and it is gone", async () => {
    await open();
    const action = await editor.action("Dockerfile", editor.rangeOf("Dockerfile", "ADD two"), `Ignore ${add}`);
    const [edit] = editsOf(action).flatMap((e) => e.edits);
    ok(edit !== undefined && "snippet" in edit);
    equal(edit.snippet.value, `# bulkhead-ignore ${add} -- \${1:reason}\n`);
    ok(action.edit);
    editor.apply(action.edit);
    equal(editor.text("Dockerfile"), text.replace("ADD two", `# bulkhead-ignore ${add} -- reason\nADD two`));
    const { diagnostics } = await editor.diagnostics("Dockerfile", inVersion(2));
    deepEqual(
      diagnostics.filter((d) => d.code === add).map((d) => d.range.start.line),
      [1],
    );
    ok(!diagnostics.some((d) => String(d.code).startsWith("suppression/")));
  });

  it("turn a rule off in a new bulkhead.yaml, and it is silent", async () => {
    await open();
    const action = await editor.action("Dockerfile", editor.rangeOf("Dockerfile", "ADD"), `Turn off ${add}`);
    equal(action.edit?.documentChanges?.length, 2);
    ok(action.edit);
    editor.apply(action.edit);
    equal(editor.text("bulkhead.yaml"), `rules:\n  ${add}: off\n`);
    await editor.diagnostics("Dockerfile", both(lacks(add), has(workdir)));
  });

  const configs: readonly (readonly [name: string, before: string, after: string])[] = [
    ["without rules", "preset: strict # why\n", `preset: strict # why\nrules:\n  ${add}: off\n`],
    ["without a last newline", "preset: all", `preset: all\nrules:\n  ${add}: off\n`],
    ["with no rule in it yet", "rules:\n", `rules:\n  ${add}: off\n`],
    ["with empty braces", "rules: {}\npreset: all\n", `rules: { ${add}: off }\npreset: all\n`],
    ["with braces", `rules: {${workdir}: hint}\n`, `rules: { ${add}: off,${workdir}: hint}\n`],
    [
      "with other rules and comments",
      `# top\nrules:\n    # about it\n    ${workdir}: hint # yes\n\n# end\nignore: []\n`,
      `# top\nrules:\n    # about it\n    ${workdir}: hint # yes\n    ${add}: off\n\n# end\nignore: []\n`,
    ],
    ["that says otherwise", `rules:\n  ${add}: error # no\n`, `rules:\n  ${add}: off # no\n`],
    ["that says so in quotes", `rules:\n  "${add}": error\n`, `rules:\n  "${add}": off\n`],
    ["that has a level", `rules:\n  ${add}:\n    level: error\n`, `rules:\n  ${add}:\n    level: off\n`],
    ["that has a level in braces", `rules:\n  ${add}: { level: error }\n`, `rules:\n  ${add}: { level: off }\n`],
    ["with CRLF", `rules:\r\n  ${workdir}: hint\r\n`, `rules:\r\n  ${workdir}: hint\r\n  ${add}: off\r\n`],
  ];
  for (const [name, before, after] of configs) {
    it(`turn a rule off in a bulkhead.yaml ${name}, and keep the rest`, async () => {
      editor.open("bulkhead.yaml", before, "yaml");
      await open();
      const action = await editor.action("Dockerfile", editor.rangeOf("Dockerfile", "ADD"), `Turn off ${add}`);
      ok(action.edit);
      editor.apply(action.edit);
      equal(editor.text("bulkhead.yaml"), after);
      await editor.diagnostics("Dockerfile", lacks(add));
    });
  }

  it("do not turn a rule off in a file that they could not keep as it is", async () => {
    editor.open("bulkhead.yaml", "{ preset: all }\n", "yaml");
    await open();
    const actions = await editor.actions("Dockerfile", editor.rangeOf("Dockerfile", "ADD"));
    ok(!titles(actions).some((t) => t.startsWith("Turn off")));
  });

  it("do not speak of bulkhead.yaml in files of no folder", async () => {
    editor.open("untitled:Untitled-1", text);
    await editor.diagnostics("untitled:Untitled-1", has(add));
    const actions = await editor.actions("untitled:Untitled-1", whole);
    ok(actions.some((a) => a.title.startsWith("Ignore ")));
    ok(!actions.some((a) => a.title.startsWith("Turn off")));
  });
});

describe("server: code actions for a client that can do little", () => {
  let editor: Editor;
  beforeEach(async () => {
    editor = await startEditor({ capabilities: {} });
    editor.open("Dockerfile", text);
    await editor.diagnostics("Dockerfile", has(add));
  });
  afterEach(() => editor.stop());

  it("have their edits at once, as plain changes", async () => {
    const actions = await editor.actions("Dockerfile", whole);
    for (const action of actions) {
      ok(action.edit?.changes !== undefined || action.command !== undefined, action.title);
      ok(!JSON.stringify(action.edit ?? {}).includes("${"), action.title);
    }
    ok(!titles(actions).some((t) => t.startsWith("Turn off")), "a file cannot be made");
  });

  it("ignore with a plain reason", async () => {
    const action = await editor.action("Dockerfile", editor.rangeOf("Dockerfile", "ADD"), `Ignore ${add}`);
    ok(action.edit);
    editor.apply(action.edit);
    equal(editor.text("Dockerfile"), text.replace("ADD", `# bulkhead-ignore ${add} -- reason\nADD`));
  });
});

describe("server: fixes that may change the program", () => {
  const unsafe = "FROM alpine:3.22\nRUN curl -k -o /a https://example.com/a\n";
  const rule = "dockerfile/tls-verification-disabled";

  it("ask first, and are never part of fixing all", async () => {
    const editor = await startEditor();
    editor.open("Dockerfile", unsafe);
    await editor.diagnostics("Dockerfile", has(rule));
    const actions = await editor.actions("Dockerfile", editor.rangeOf("Dockerfile", "-k"));
    const asking = actions.filter((a) => a.edit?.changeAnnotations !== undefined);
    equal(asking.length, 1);
    const [action] = asking;
    ok(action);
    const [[id, annotation] = []] = Object.entries(action.edit?.changeAnnotations ?? {});
    equal(annotation?.needsConfirmation, true);
    ok(editsOf(action).every((e) => e.edits.every((edit) => "annotationId" in edit && edit.annotationId === id)));
    equal(action.isPreferred, undefined);
    const all = await editor.actions("Dockerfile", whole, { only: ["source.fixAll"] });
    ok(all.every((a) => a.edit === undefined || !JSON.stringify(a.edit).includes("-k")));
    await editor.stop();
  });

  it("say so in their titles where the client does not ask", async () => {
    const editor = await startEditor({ capabilities: { ...able, workspace: {} } });
    editor.open("Dockerfile", unsafe);
    await editor.diagnostics("Dockerfile", has(rule));
    const actions = await editor.actions("Dockerfile", editor.rangeOf("Dockerfile", "-k"));
    ok(titles(actions).some((t) => t.endsWith("(may change what the program does)")));
    await editor.stop();
  });
});
