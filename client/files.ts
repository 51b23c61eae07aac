/** Answers the server's questions for files that it cannot open itself. */
import { type Disposable, FileType, RelativePattern, Uri, workspace } from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient";
import { largestFile, type ListParams, methods, type ReadParams } from "../server/protocol";

export function answerFileRequests(client: BaseLanguageClient): Disposable[] {
  return [
    client.onRequest(methods.list, ({ uri }: ListParams) => list(Uri.parse(uri))),
    client.onRequest(methods.read, ({ uri }: ReadParams) => read(Uri.parse(uri))),
  ];
}

const hidden = "**/{node_modules,.git}/**";

/** Null, rather than an empty list, where the search finds nothing: not every provider can search. */
async function list(folder: Uri): Promise<readonly string[] | null> {
  if (((await typeOf(folder)) & FileType.Directory) === 0) return null;
  const found = await workspace.findFiles(new RelativePattern(folder, "**/*"), hidden);
  const prefix = folder.path.endsWith("/") ? folder.path : `${folder.path}/`;
  const names = found.filter((uri) => uri.path.startsWith(prefix)).map((uri) => uri.path.slice(prefix.length));
  if (names.length === 0) return null;
  const head = ".git/HEAD";
  if (((await typeOf(Uri.joinPath(folder, head))) & FileType.File) !== 0) names.push(head);
  return names.sort();
}

async function read(file: Uri): Promise<string | null> {
  try {
    const { type, size } = await workspace.fs.stat(file);
    if ((type & FileType.File) === 0 || size > largestFile) return null;
    return new TextDecoder("utf-8", { fatal: true }).decode(await workspace.fs.readFile(file));
  } catch {
    return null;
  }
}

const typeOf = (uri: Uri): Thenable<FileType> =>
  workspace.fs.stat(uri).then(
    ({ type }) => type,
    () => FileType.Unknown,
  );
