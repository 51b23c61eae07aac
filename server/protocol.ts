/** What Bulkhead's own client and server say to each other beyond the language server protocol. Plain data only. */

export const methods = {
  /** Request, server to client: {@link ListParams}, answered by names or null. */
  list: "bulkhead/list",
  /** Request, server to client: {@link ReadParams}, answered by a text or null. */
  read: "bulkhead/read",
  /** Request, server to client in a browser: {@link GrammarParams}, answered by bytes, or null where there is no such file. */
  grammar: "bulkhead/grammar",
  /** Request, client to server: no parameters, answered by {@link RuleEntry}s in the order of their ids. */
  rules: "bulkhead/rules",
  /** Request, client to server: {@link RulePageParams}, answered by Markdown, or null where there is no such rule. */
  rulePage: "bulkhead/rulePage",
  /** Notification, server to client: {@link Status}. */
  status: "bulkhead/status",
} as const;

/** Commands of the server for clients that have none of their own; the client uses the same names. */
export const commands = {
  /** `[uri]`: applies every safe fix to an open document. */
  fixAll: "bulkhead.fixAll",
  /** `[rule id]`: shows what a rule is about. */
  explainRule: "bulkhead.explainRule",
  /** `[]`: looks through every text file of the workspace, closed ones too. */
  checkWorkspace: "bulkhead.checkWorkspace",
} as const;

export const fixAllKind = "source.fixAll.bulkhead";

export interface InitializationOptions {
  /** The client answers `bulkhead/list` and `bulkhead/read`, shows `bulkhead/status` and has the commands itself. */
  readonly bulkheadClient?: boolean;
  /** The `bulkhead` settings, for clients that cannot be asked for them. */
  readonly settings?: unknown;
}

export interface ListParams {
  /** Of a folder. The answer names every file below it, relative and with `/`; null where it is none. */
  readonly uri: string;
}

export interface ReadParams {
  /** Of a file. The answer is null where it does not exist, is too large or is no text. */
  readonly uri: string;
}

export interface GrammarParams {
  /** Of a grammar beside the bundles: `tree-sitter-python.wasm`. */
  readonly file: string;
}

export interface RuleEntry {
  readonly id: string;
  readonly summary: string;
  readonly severity: string;
  readonly preset: string;
}

export interface RulePageParams {
  readonly id: string;
}

export interface Status {
  /** The files of the workspace are being looked through. */
  readonly busy: boolean;
}

/** The first message to the server's worker: what its parsers are made of. */
export interface WorkerStart {
  /** The bytes of `web-tree-sitter.wasm`. */
  readonly runtime: ArrayBuffer;
  /** The bytes of `tree-sitter-bash.wasm`. */
  readonly shell: ArrayBuffer;
}

/** Larger files are not read, in bytes. */
export const largestFile = 1_000_000;
