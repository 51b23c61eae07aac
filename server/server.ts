/** The language server, wherever it runs: the connection and the host are given. */
import {
  type Connection,
  type InitializeParams,
  type InitializeResult,
  PositionEncodingKind,
  TextDocuments,
  TextDocumentSyncKind,
} from "vscode-languageserver";
import { triggerCharacters } from "../completions/index";
import { rules } from "../rules/index";
import { readClient } from "./client";
import { clientFiles } from "./clientFiles";
import { documentKeeping } from "./convert";
import { codeActionKinds, serveCodeActions } from "./handlers/codeAction";
import { serveCompletion } from "./handlers/completion";
import { serveCommands } from "./handlers/commands";
import { serveConfiguration, watchConfiguration } from "./handlers/configuration";
import { publisher } from "./handlers/diagnostics";
import { serveHover } from "./handlers/hover";
import { serveNewService } from "./handlers/newService";
import { serveWatchedFiles, watchFiles } from "./handlers/watchedFiles";
import type { Host } from "./host";
import { commands, type InitializationOptions, methods, type Status } from "./protocol";
import type { Session } from "./session";
import { Workspace } from "./workspace";

/** Serves a connection; the caller listens on it afterwards. */
export function startServer(connection: Connection, host: Host): void {
  let initial: InitializeParams = { processId: null, rootUri: null, capabilities: {} };
  let started: (workspace: Workspace) => void = () => undefined;
  let workspace: Workspace | undefined;
  const session: Session = {
    connection,
    host,
    rules,
    documents: new TextDocuments(documentKeeping),
    client: readClient(initial),
    workspace: new Promise((resolve) => {
      started = resolve;
    }),
  };
  const publish = publisher(session, () => workspace);
  const settings = serveConfiguration(session, () => optionsOf(initial)?.settings);

  connection.onInitialize((params): InitializeResult => {
    initial = params;
    session.client = readClient(params);
    return { capabilities: capabilitiesFor(session), serverInfo: { name: "bulkhead" } };
  });

  connection.onInitialized(async () => {
    watchConfiguration(session);
    watchFiles(session);
    watchFolders(session);
    const languages = await host.languages;
    const ours = clientFiles(connection);
    workspace = new Workspace({
      rules,
      languages,
      today: host.today(),
      filesOf: (uri) => host.filesOf(uri) ?? (session.client.ours ? ours : undefined),
      settingsOf: (uri) => settings.of(uri),
      changed: () => publish.refresh(),
      busy: (folders) => tellStatus(session, { busy: folders > 0 }),
      failed: (error) => connection.console.error(placeOf(error)),
      soon: (run) => host.soon(run),
    });
    workspace.addFolders(foldersOf(initial));
    for (const document of session.documents.all()) workspace.set(document);
    started(workspace);
    publish.refresh();
  });

  serveDocuments(session, () => workspace, publish);
  serveCodeActions(session);
  serveHover(session);
  serveCompletion(session);
  serveCommands(session, publish);
  serveNewService(session);
  serveWatchedFiles(session, publish);
}

function serveDocuments(
  { documents, connection }: Session,
  workspace: () => Workspace | undefined,
  publish: ReturnType<typeof publisher>,
): void {
  documents.onDidChangeContent(({ document }) => {
    workspace()?.set(document);
    publish.changed(document.uri);
  });
  documents.onDidSave(({ document }) => publish.saved(document.uri));
  documents.onDidClose(({ document }) => {
    workspace()?.close(document.uri);
    publish.closed(document.uri);
  });
  documents.listen(connection);
}

/** Where an error happened; its own words may hold text of a file, which has no place in a log. */
function placeOf(error: unknown): string {
  if (!(error instanceof Error)) return "failed";
  const frames = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  return [error.name, ...frames].join("\n");
}

const optionsOf = (params: InitializeParams): InitializationOptions | null | undefined =>
  params.initializationOptions as InitializationOptions | null | undefined;

function foldersOf({ workspaceFolders, rootUri }: InitializeParams): string[] {
  if (workspaceFolders != null) return workspaceFolders.map((f) => f.uri);
  return rootUri === null ? [] : [rootUri];
}

function capabilitiesFor({ client }: Session): InitializeResult["capabilities"] {
  return {
    positionEncoding: PositionEncodingKind.UTF16,
    textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: { includeText: false } },
    codeActionProvider: { codeActionKinds, resolveProvider: client.resolvesEdits },
    hoverProvider: true,
    completionProvider: { triggerCharacters: [...triggerCharacters], resolveProvider: true },
    // Our own client has these commands itself and would otherwise register them twice.
    ...(client.ours ? {} : { executeCommandProvider: { commands: Object.values(commands) } }),
    workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
  };
}

function watchFolders(session: Session): void {
  if (!session.client.workspaceFolders) return;
  session.connection.workspace.onDidChangeWorkspaceFolders(async ({ added, removed }) => {
    const workspace = await session.workspace;
    workspace.removeFolders(removed.map((f) => f.uri));
    workspace.addFolders(added.map((f) => f.uri));
  });
}

function tellStatus({ connection, client }: Session, status: Status): void {
  if (client.ours) void connection.sendNotification(methods.status, status);
}
