/** An editor without windows: starts the real server as a process and speaks the protocol with it. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  type ClientCapabilities,
  type CodeAction,
  type CodeActionContext,
  type CompletionContext,
  type CompletionItem,
  createProtocolConnection,
  type Diagnostic,
  FileChangeType,
  type Hover,
  type InitializeResult,
  type Position,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
  type Range,
  type SnippetTextEdit,
  StreamMessageReader,
  StreamMessageWriter,
  type TextEdit,
  type WorkspaceEdit,
} from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";

const serverFile = join(__dirname, "..", "..", "server", "node", "main.js");

/** A client that can do everything that the server asks about. */
export const able: ClientCapabilities = {
  workspace: {
    applyEdit: true,
    configuration: true,
    workspaceFolders: true,
    didChangeConfiguration: { dynamicRegistration: true },
    didChangeWatchedFiles: { dynamicRegistration: true },
    workspaceEdit: {
      documentChanges: true,
      resourceOperations: ["create"],
      changeAnnotationSupport: {},
      snippetEditSupport: true,
    },
  },
  textDocument: {
    publishDiagnostics: {
      relatedInformation: true,
      tagSupport: { valueSet: [1, 2] },
      codeDescriptionSupport: true,
      dataSupport: true,
      versionSupport: true,
    },
    codeAction: { dataSupport: true, resolveSupport: { properties: ["edit"] }, isPreferredSupport: true },
    hover: { contentFormat: ["markdown", "plaintext"] },
    completion: {
      completionItem: {
        snippetSupport: true,
        labelDetailsSupport: true,
        documentationFormat: ["markdown", "plaintext"],
        insertTextModeSupport: { valueSet: [1, 2] },
        resolveSupport: { properties: ["documentation"] },
      },
    },
  },
  window: { showDocument: { support: true } },
};

export interface EditorOptions {
  readonly capabilities?: ClientCapabilities;
  /** The texts of files, by path relative to the temporary folder. */
  readonly files?: Readonly<Record<string, string>>;
  /** Folders of the workspace, relative to the temporary folder; the folder itself by default. */
  readonly folders?: readonly string[];
  /** Answers the server's question for the `bulkhead` settings of a URI. */
  readonly settings?: (uri: string) => unknown;
  readonly initializationOptions?: unknown;
}

export type Wanted = (diagnostics: readonly Diagnostic[], version: number | undefined) => boolean;

export class Editor {
  readonly documents = new Map<string, TextDocument>();
  readonly registered: string[] = [];
  readonly shown: string[] = [];
  readonly logged: string[] = [];
  /** Messages for the person. */
  readonly told: string[] = [];
  /** What Bulkhead's own client is told: whether the workspace is being looked through. */
  readonly statuses: boolean[] = [];
  readonly published: PublishDiagnosticsParams[] = [];
  settings: (uri: string) => unknown;
  result: InitializeResult | undefined;
  private readonly latest = new Map<string, PublishDiagnosticsParams>();
  private readonly watchers = new Set<() => void>();

  constructor(
    readonly root: string,
    readonly process: ChildProcess,
    readonly connection: ProtocolConnection,
    options: EditorOptions,
  ) {
    this.settings = options.settings ?? (() => null);
    connection.onNotification("textDocument/publishDiagnostics", (params: PublishDiagnosticsParams) => {
      this.published.push(params);
      this.latest.set(params.uri, params);
      for (const look of [...this.watchers]) look();
    });
    connection.onNotification("window/logMessage", ({ message }: { message: string }) => {
      this.logged.push(message);
    });
    connection.onNotification("window/showMessage", ({ message }: { message: string }) => {
      this.told.push(message);
    });
    connection.onNotification("bulkhead/status", ({ busy }: { busy: boolean }) => {
      this.statuses.push(busy);
      for (const look of [...this.watchers]) look();
    });
    connection.onRequest("workspace/configuration", ({ items }: { items: { scopeUri?: string }[] }) =>
      items.map((item) => this.settings(item.scopeUri ?? "")),
    );
    connection.onRequest("client/registerCapability", ({ registrations }: { registrations: { method: string }[] }) => {
      this.registered.push(...registrations.map((r) => r.method));
      for (const look of [...this.watchers]) look();
      return null;
    });
    connection.onRequest("window/showDocument", ({ uri }: { uri: string }) => {
      this.shown.push(uri);
      return { success: true };
    });
    connection.onRequest("workspace/applyEdit", ({ edit }: { edit: WorkspaceEdit }) => {
      this.apply(edit);
      return { applied: true };
    });
  }

  uri(name: string): string {
    return /^[a-z-]+:/.test(name) ? name : pathToFileURL(join(this.root, name)).href;
  }

  text(name: string): string {
    return this.document(name).getText();
  }

  open(name: string, text: string, languageId = "dockerfile"): void {
    const uri = this.uri(name);
    this.documents.set(uri, TextDocument.create(uri, languageId, 1, text));
    this.notify("textDocument/didOpen", { textDocument: { uri, languageId, version: 1, text } });
  }

  /** Edits a document bit by bit, as typing does. */
  change(name: string, ...changes: readonly { range: Range; text: string }[]): void {
    const before = this.document(name);
    const version = before.version + 1;
    this.documents.set(before.uri, TextDocument.update(before, [...changes], version));
    this.notify("textDocument/didChange", { textDocument: { uri: before.uri, version }, contentChanges: changes });
  }

  /** Replaces the first place where a text stands. */
  replace(name: string, what: string, by: string): void {
    this.change(name, { range: this.rangeOf(name, what), text: by });
  }

  rangeOf(name: string, what: string): Range {
    const document = this.document(name);
    const at = document.getText().indexOf(what);
    if (at < 0) throw new Error(`${name} has no ${JSON.stringify(what)}`);
    return { start: document.positionAt(at), end: document.positionAt(at + what.length) };
  }

  save(name: string): void {
    this.notify("textDocument/didSave", { textDocument: { uri: this.uri(name) } });
  }

  close(name: string): void {
    this.documents.delete(this.uri(name));
    this.notify("textDocument/didClose", { textDocument: { uri: this.uri(name) } });
  }

  /** Writes a file and tells the server that it did. */
  async write(name: string, text: string, type: FileChangeType = FileChangeType.Changed): Promise<void> {
    await mkdir(dirname(join(this.root, name)), { recursive: true });
    await writeFile(join(this.root, name), text);
    this.watched(name, type);
  }

  async remove(name: string): Promise<void> {
    await rm(join(this.root, name), { recursive: true });
    this.watched(name, FileChangeType.Deleted);
  }

  watched(name: string, type: FileChangeType): void {
    this.notify("workspace/didChangeWatchedFiles", { changes: [{ uri: this.uri(name), type }] });
  }

  /** Waits for the newest diagnostics of a document to be as wanted. */
  async diagnostics(name: string, wanted: Wanted): Promise<PublishDiagnosticsParams> {
    const uri = this.uri(name);
    return this.until(() => {
      const latest = this.latest.get(uri);
      return latest !== undefined && wanted(latest.diagnostics, latest.version) ? latest : undefined;
    });
  }

  /** Waits until the workspace was looked through; only for Bulkhead's own client. */
  async known(): Promise<void> {
    await this.until(() => (this.statuses.at(-1) === false ? true : undefined));
  }

  async until<T>(look: () => T | undefined): Promise<T> {
    const now = look();
    if (now !== undefined) return now;
    return new Promise((resolve) => {
      const watcher = (): void => {
        const found = look();
        if (found === undefined) return;
        this.watchers.delete(watcher);
        resolve(found);
      };
      this.watchers.add(watcher);
    });
  }

  async actions(name: string, range: Range, context: Partial<CodeActionContext> = {}): Promise<CodeAction[]> {
    const params = { textDocument: { uri: this.uri(name) }, range, context: { diagnostics: [], ...context } };
    return this.connection.sendRequest("textDocument/codeAction", params);
  }

  /** The one action whose title holds a text, with its edit. */
  async action(name: string, range: Range, title: string, context?: Partial<CodeActionContext>): Promise<CodeAction> {
    const actions = await this.actions(name, range, context);
    const [found, ...more] = actions.filter((a) => a.title.includes(title));
    if (found === undefined || more.length > 0) {
      throw new Error(`${more.length + 1} of ${JSON.stringify(actions.map((a) => a.title))} hold ${title}`);
    }
    return found.edit === undefined ? this.connection.sendRequest("codeAction/resolve", found) : found;
  }

  async hover(name: string, position: Position): Promise<Hover | null> {
    return this.connection.sendRequest("textDocument/hover", { textDocument: { uri: this.uri(name) }, position });
  }

  async complete(name: string, position: Position, context?: CompletionContext): Promise<CompletionItem[]> {
    return this.connection.sendRequest("textDocument/completion", {
      textDocument: { uri: this.uri(name) },
      position,
      context,
    });
  }

  /** Makes an edit: open documents are changed, other files written; choices of snippets keep their defaults. */
  apply(edit: WorkspaceEdit): void {
    for (const change of edit.documentChanges ?? []) {
      if ("kind" in change) {
        if (change.kind !== "create") throw new Error(`unexpected ${change.kind}`);
        this.open(change.uri, "", change.uri.endsWith(".yaml") ? "yaml" : "plaintext");
      } else {
        const { uri, version } = change.textDocument;
        if (version !== null && this.document(uri).version !== version) throw new Error(`stale edit of ${uri}`);
        this.applyTo(uri, change.edits);
      }
    }
    for (const [uri, edits] of Object.entries(edit.changes ?? {})) this.applyTo(uri, edits);
  }

  private applyTo(uri: string, edits: readonly (TextEdit | SnippetTextEdit)[]): void {
    const plain = edits.map((e) => ({
      range: e.range,
      newText: "snippet" in e ? withDefaults(e.snippet.value) : e.newText,
    }));
    const before = this.document(uri);
    const text = TextDocument.applyEdits(before, plain);
    this.change(uri, {
      range: { start: { line: 0, character: 0 }, end: before.positionAt(before.getText().length) },
      text,
    });
  }

  /** Ends the server as an editor does; its exit code. */
  async stop(): Promise<number | null> {
    const ended = new Promise<number | null>((resolve) => {
      if (this.process.exitCode !== null) resolve(this.process.exitCode);
      else this.process.once("exit", resolve);
    });
    await this.connection.sendRequest("shutdown");
    this.notify("exit");
    const code = await ended;
    this.connection.dispose();
    await rm(this.root, { recursive: true, force: true });
    return code;
  }

  notify(method: string, params?: unknown): void {
    void this.connection.sendNotification(method, params);
  }

  private document(name: string): TextDocument {
    const document = this.documents.get(this.uri(name));
    if (document === undefined) throw new Error(`${name} is not open`);
    return document;
  }
}

const withDefaults = (snippet: string): string =>
  snippet.replace(/\$\{\d+:((?:\\.|[^\\}])*)\}/g, "$1").replace(/\\([\\$}])/g, "$1");

/** Starts a server on a fresh folder. */
export async function startEditor(options: EditorOptions = {}): Promise<Editor> {
  const root = await mkdtemp(join(tmpdir(), "bulkhead-server-"));
  for (const [name, text] of Object.entries(options.files ?? {})) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), text);
  }
  const process = spawn(globalThis.process.execPath, [serverFile, "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
  const connection = createProtocolConnection(
    new StreamMessageReader(process.stdout),
    new StreamMessageWriter(process.stdin),
  );
  const editor = new Editor(root, process, connection, options);
  connection.listen();
  const folders = options.folders ?? [""];
  editor.result = await connection.sendRequest<InitializeResult>("initialize", {
    processId: globalThis.process.pid,
    rootUri: null,
    capabilities: options.capabilities ?? able,
    initializationOptions: options.initializationOptions,
    workspaceFolders: folders.map((f) => ({ uri: editor.uri(f), name: f })),
  });
  editor.notify("initialized", {});
  return editor;
}

export const rulesOf = (diagnostics: readonly Diagnostic[]): string[] => diagnostics.map((d) => String(d.code));

export const has =
  (...rules: readonly string[]): Wanted =>
  (diagnostics) =>
    rules.every((rule) => rulesOf(diagnostics).includes(rule));

export const lacks =
  (...rules: readonly string[]): Wanted =>
  (diagnostics) =>
    rules.every((rule) => !rulesOf(diagnostics).includes(rule));

export const inVersion =
  (version: number): Wanted =>
  (_, published) =>
    published === version;

export const both =
  (...all: readonly Wanted[]): Wanted =>
  (diagnostics, version) =>
    all.every((wanted) => wanted(diagnostics, version));
