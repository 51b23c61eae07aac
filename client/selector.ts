/** Where the extension runs: beside Node, or in a web worker. */
export type Place = "node" | "browser";

/** A filter that both the editor's own interface and the language client take. */
type Filter = { scheme: string } | { pattern: string };

/** Files that belong to the workspace, or are not saved yet; not the other side of a comparison or a review. */
const schemes = ["file", "untitled", "vscode-vfs", "vscode-remote", "vscode-test-web", "memfs"];

/** Every text file may hold a secret. On the web any provider may hold the files, so every scheme counts there. */
export const documentSelector = (place: Place): Filter[] =>
  place === "browser" ? [{ pattern: "**/*" }] : schemes.map((scheme) => ({ scheme }));
