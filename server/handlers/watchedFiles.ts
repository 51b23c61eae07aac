import { DidChangeWatchedFilesNotification, FileChangeType } from "vscode-languageserver";
import type { Session } from "../session";
import type { FileEvent } from "../workspace";
import type { Publisher } from "./diagnostics";

const changes: Readonly<Record<FileChangeType, FileEvent["change"]>> = {
  [FileChangeType.Created]: "created",
  [FileChangeType.Changed]: "changed",
  [FileChangeType.Deleted]: "deleted",
};

export function serveWatchedFiles(session: Session, publish: Publisher): void {
  session.connection.onDidChangeWatchedFiles(async (params) => {
    for (const { uri } of params.changes) publish.outdated(uri);
    const workspace = await session.workspace;
    workspace.disk(params.changes.map(({ uri, type }) => ({ uri, change: changes[type] })));
  });
}

/** All files: rules ask whether one exists, whatever it is. */
export function watchFiles({ connection, client }: Session): void {
  if (!client.registersWatchers) return;
  void connection.client.register(DidChangeWatchedFilesNotification.type, { watchers: [{ globPattern: "**/*" }] });
}
