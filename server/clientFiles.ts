import type { Connection } from "vscode-languageserver";
import type { Files } from "./host";
import { type ListParams, methods, type ReadParams } from "./protocol";

/** Files that only the client can open, by Bulkhead's own requests. */
export function clientFiles(connection: Connection): Files {
  const ask = async <T>(method: string, params: ListParams | ReadParams): Promise<T | undefined> => {
    try {
      return (await connection.sendRequest<T | null>(method, params)) ?? undefined;
    } catch {
      return undefined;
    }
  };
  return {
    list: (uri) => ask<readonly string[]>(methods.list, { uri }),
    read: (uri) => ask<string>(methods.read, { uri }),
  };
}
