import { deepEqual, equal, match, ok } from "node:assert/strict";
import { readdirSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { WorkspaceEdit } from "vscode-languageserver/node";
import { parse } from "yaml";
import { able, type Editor, type EditorOptions, startEditor } from "./editor";

const ours: EditorOptions = { initializationOptions: { bulkheadClient: true } };

const compose = `# The shop.
services:
  web:
    image: nginx:1.29.3
`;

interface Plan {
  readonly kind: "plan";
  readonly creates: readonly { readonly uri: string; readonly file: string; readonly text: string }[];
  readonly changes: readonly {
    readonly uri: string;
    readonly file: string;
    readonly version: number | null;
    readonly before: string;
    readonly edits: readonly unknown[];
  }[];
  readonly notes: readonly string[];
  readonly open: string;
}

interface Refused {
  readonly kind: "refused";
  readonly reasons: readonly string[];
}

function planned(answer: Plan | Refused): asserts answer is Plan {
  equal(answer.kind, "plan", JSON.stringify(answer));
}

/** Every refusal is for this reason. */
function refused(answer: unknown, reason: RegExp): void {
  const { kind, reasons } = answer as Refused;
  equal(kind, "refused");
  ok(reasons.length > 0);
  for (const given of reasons) match(given, reason);
}

/** What lies on the disk, relative to the editor's folder. */
const onDisk = (editor: Editor): string[] =>
  readdirSync(editor.root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(editor.root.length + 1))
    .sort();

describe("server: a new service", () => {
  let editor: Editor;
  afterEach(() => editor.stop());

  const start = async (options: EditorOptions): Promise<void> => {
    editor = await startEditor(options);
  };
  const plan = (fields: object, folder = ""): Promise<Plan | Refused> =>
    editor.connection.sendRequest("bulkhead/newService", { folder: editor.uri(folder), ...fields });
  const command = (given?: object): Promise<{ kind: string; files: string[]; notes: string[] } & Refused> =>
    editor.connection.sendRequest("workspace/executeCommand", {
      command: "bulkhead.newService",
      arguments: given === undefined ? [] : [given],
    });
  const orders = { name: "orders", language: "typescript" };

  it("can be chosen step by step, with the default first", async () => {
    await start(ours);
    const questions: { field: string; values: { value: unknown; label: string; description: string }[] }[] =
      await editor.connection.sendRequest("bulkhead/serviceQuestions");
    deepEqual(
      questions.map(({ field }) => field),
      ["language", "database", "broker", "gateway", "manifests", "ci"],
    );
    deepEqual(
      questions.slice(1).map(({ values }) => values[0]?.value),
      ["none", "none", false, "none", "none"],
    );
    for (const { label, description } of questions.flatMap(({ values }) => values)) ok(label && description);
    const faultOf = (name: string): Promise<string | null> =>
      editor.connection.sendRequest("bulkhead/serviceName", { name });
    equal(await faultOf("order-intake"), null);
    for (const name of ["", "Orders", "1st", "a--b", "a-", "x".repeat(41)]) ok(await faultOf(name), name);
  });

  it("is planned, and nothing is written", async () => {
    await start(ours);
    const answer = await plan({ ...orders, database: "postgres", manifests: "kubernetes", ci: "github" });
    planned(answer);
    const files = answer.creates.map(({ file }) => file);
    for (const file of ["orders/Dockerfile", "compose.yaml", "orders/README.md", ".github/workflows/orders.yaml"])
      ok(files.includes(file), `${file} is not in ${files.join(", ")}`);
    ok(files.some((file) => file.startsWith("deploy/orders/")));
    for (const { uri, file, text } of answer.creates) {
      equal(uri, editor.uri(file));
      ok(text !== "" && !text.includes("<%"), file);
    }
    deepEqual(answer.changes, []);
    equal(answer.open, editor.uri("orders/README.md"));
    deepEqual(onDisk(editor), []);
  });

  it("says by name what is wrong with the choices", async () => {
    await start(ours);
    refused(await plan({ ...orders, name: "Orders" }), /`Orders`/);
    refused(await plan({ name: "orders" }), /`language` is one of typescript, python, go, java/);
    refused(await plan({ ...orders, gateway: "yes" }), /`gateway` is one of/);
    const both = await plan({ language: "cobol" });
    equal(both.kind === "refused" && both.reasons.length, 2);
  });

  it("goes into an existing compose file, in the version that is open", async () => {
    await start({ ...ours, files: { "compose.yaml": compose } });
    const closed = await plan(orders);
    planned(closed);
    deepEqual(
      closed.changes.map(({ uri, version, before }) => [uri, version, before]),
      [[editor.uri("compose.yaml"), null, compose]],
    );
    ok(!closed.creates.some(({ file }) => file === "compose.yaml"));
    editor.open("compose.yaml", compose, "dockercompose");
    const open = await plan(orders);
    planned(open);
    equal(open.changes[0]?.version, 1);
  });

  it("is refused while a file that would change has unsaved changes", async () => {
    await start({ ...ours, files: { "compose.yaml": compose } });
    editor.open("compose.yaml", compose, "dockercompose");
    editor.replace("compose.yaml", "1.29.3", "1.29.4");
    refused(await plan(orders), /`compose\.yaml` has unsaved changes/);
    await editor.write("compose.yaml", editor.text("compose.yaml"));
    planned(await plan(orders));
  });

  it("takes line ends that only the editor made alike for saved", async () => {
    const mixed = compose.replace("\n", "\r\n");
    await start({ ...ours, files: { "compose.yaml": mixed } });
    editor.open("compose.yaml", compose, "dockercompose");
    planned(await plan(orders));
  });

  it("is refused where one of its files exists", async () => {
    await start({ ...ours, files: { "orders/Dockerfile": "FROM scratch\n" } });
    refused(await plan(orders), /orders/);
    deepEqual(onDisk(editor), ["orders/Dockerfile"]);
    await editor.remove("orders");
    planned(await plan(orders));
  });

  it("goes into the folder that is meant", async () => {
    await start({ ...ours, files: { "shop/compose.yaml": compose, "mail/a.txt": "" }, folders: ["shop", "mail"] });
    const answer = await plan(orders, "mail");
    planned(answer);
    deepEqual(answer.changes, []);
    ok(answer.creates.every(({ uri }) => uri.startsWith(editor.uri("mail/"))));
    refused(await plan(orders, "nowhere"), /could not be read/);
  });

  it("reads a folder that only the client can open", async () => {
    await start({ ...ours, folders: [] });
    const files = new Map([["memfs:/shop/compose.yaml", compose]]);
    editor.connection.onRequest("bulkhead/list", () =>
      files.size === 0 ? null : [...files.keys()].map((uri) => uri.slice("memfs:/shop/".length)),
    );
    editor.connection.onRequest("bulkhead/read", ({ uri }: { uri: string }) => files.get(uri) ?? null);
    const answer = await plan(orders, "memfs:/shop");
    planned(answer);
    deepEqual(
      answer.changes.map(({ uri }) => uri),
      ["memfs:/shop/compose.yaml"],
    );
    files.clear();
    const empty = await plan(orders, "memfs:/shop");
    planned(empty);
    ok(empty.creates.some(({ uri }) => uri === "memfs:/shop/compose.yaml"));
  });

  describe("by a command, for editors without pickers", () => {
    const edits: WorkspaceEdit[] = [];
    const recorded = async (options: EditorOptions): Promise<void> => {
      await start(options);
      edits.length = 0;
      editor.connection.onRequest("workspace/applyEdit", ({ edit }: { edit: WorkspaceEdit }) => {
        edits.push(edit);
        editor.apply(edit);
        return { applied: true };
      });
    };

    it("is made by an edit that overwrites nothing and is shown first", async () => {
      await recorded({ files: { "compose.yaml": compose } });
      ok(editor.result?.capabilities.executeCommandProvider?.commands.includes("bulkhead.newService"));
      editor.open("compose.yaml", compose, "yaml");
      const answer = await command({ ...orders, broker: "kafka" });
      equal(answer.kind, "made", JSON.stringify(answer));
      const [edit] = edits;
      const annotations = Object.entries(edit?.changeAnnotations ?? {});
      deepEqual(
        annotations.map(([, { needsConfirmation }]) => needsConfirmation),
        [true],
      );
      for (const change of edit?.documentChanges ?? []) {
        if ("kind" in change) {
          equal(change.kind, "create");
          deepEqual(
            [change.annotationId, "options" in change && change.options],
            [annotations[0]?.[0], { overwrite: false, ignoreIfExists: false }],
          );
        } else for (const each of change.edits) equal("annotationId" in each && each.annotationId, annotations[0]?.[0]);
      }
      for (const file of answer.files) ok(editor.text(file) !== "", file);
      const { services } = parse(editor.text("compose.yaml")) as { services: Record<string, unknown> };
      ok("web" in services && "orders" in services, Object.keys(services).join(", "));
      match(editor.text("compose.yaml"), /^# The shop\.$/m);
      deepEqual(editor.shown, [editor.uri("orders/README.md")]);
      for (const note of answer.notes) ok(editor.told[0]?.includes(note));
    });

    it("is refused the second time, and changes nothing", async () => {
      await recorded({});
      equal((await command(orders)).kind, "made");
      for (const [uri, document] of editor.documents) {
        const path = join(editor.root, decodeURIComponent(uri.slice(editor.uri("").length + 1)));
        await mkdir(dirname(path), { recursive: true });
        await writeFile(path, document.getText());
      }
      const before = onDisk(editor);
      refused(await command(orders), /orders/);
      equal(edits.length, 1);
      deepEqual(onDisk(editor), before);
      match(editor.told.at(-1) ?? "", /orders/);
    });

    it("needs to know the folder where there are several", async () => {
      await recorded({ files: { "a/x": "", "b/x": "" }, folders: ["a", "b"] });
      refused(await command(orders), /folder/);
      equal((await command({ ...orders, folder: editor.uri("b") })).kind, "made");
      refused(await command(), /Say which service/);
    });

    it("says what helps where the editor makes no files", async () => {
      await recorded({ capabilities: { ...able, workspace: { ...able.workspace, workspaceEdit: {} } } });
      refused(await command(orders), /bulkhead new service/);
      deepEqual(edits, []);
    });

    it("tells when the editor did not make the edit", async () => {
      await start({});
      editor.connection.onRequest("workspace/applyEdit", () => ({ applied: false, failureReason: "No room." }));
      refused(await command(orders), /No room\./);
    });
  });
});
