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
  /** Request, client to server: no parameters, answered by {@link ServiceQuestion}s in the order in which they are asked. */
  serviceQuestions: "bulkhead/serviceQuestions",
  /** Request, client to server: {@link ServiceNameParams}, answered by what is wrong with the name as a sentence, or null. */
  serviceName: "bulkhead/serviceName",
  /** Request, client to server: {@link NewServiceParams}, answered by a {@link NewServiceAnswer}. Writes nothing. */
  newService: "bulkhead/newService",
  /** Request, server to client in a browser: no parameters, answered by the text of `templates.json`, or null. */
  templates: "bulkhead/templates",
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
  /** `[NewServiceParams]`: makes the files of a new service; the folder may be left out where there is one only. */
  newService: "bulkhead.newService",
} as const;

/** A command of Bulkhead's own client that code actions run once their edit is made: `["fix" | "fixAll"]`. */
export const appliedCommand = "bulkhead.applied";

export const fixAllKind = "source.fixAll.bulkhead";

export interface InitializationOptions {
  /** The client answers `bulkhead/list` and `bulkhead/read`, shows `bulkhead/status` and has the commands itself. */
  readonly bulkheadClient?: boolean;
  /** The client offers the snippets of `snippets/` by itself: the server does not offer them twice. */
  readonly offersSnippets?: boolean;
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

/** One step of choosing a new service. */
export interface ServiceQuestion {
  /** The field of {@link ServiceFields} that the answer belongs to. */
  readonly field: string;
  /** The default first. */
  readonly values: readonly {
    readonly value: string | boolean;
    readonly label: string;
    /** One line, no full stop. */
    readonly description: string;
  }[];
}

export interface ServiceNameParams {
  readonly name: string;
}

/** `name`, and the answers to the {@link ServiceQuestion}s; what has a default may be left out. */
export type ServiceFields = Readonly<Record<string, string | boolean>>;

export interface NewServiceParams extends ServiceFields {
  /** The URI of the folder that the service goes into. */
  readonly folder: string;
}

export interface ReplacedText {
  readonly range: {
    readonly start: { readonly line: number; readonly character: number };
    readonly end: { readonly line: number; readonly character: number };
  };
  readonly newText: string;
}

export type NewServiceAnswer =
  | {
      readonly kind: "plan";
      /** Files that do not exist yet, in the order of their names. */
      readonly creates: readonly {
        readonly uri: string;
        /** Relative to the folder, with `/`. */
        readonly file: string;
        readonly text: string;
      }[];
      /** Files that have no unsaved changes. */
      readonly changes: readonly {
        readonly uri: string;
        readonly file: string;
        /** Of the open document; null where it is closed. */
        readonly version: number | null;
        /** What the edits are edits of. */
        readonly before: string;
        readonly edits: readonly ReplacedText[];
      }[];
      /** What the user must still do, one sentence each. */
      readonly notes: readonly string[];
      /** The URI of the file to show afterwards. */
      readonly open: string;
    }
  | {
      readonly kind: "refused";
      /** One sentence each. */
      readonly reasons: readonly string[];
    };

/** The first message to the server's worker: what its parsers are made of. */
export interface WorkerStart {
  /** The bytes of `web-tree-sitter.wasm`. */
  readonly runtime: ArrayBuffer;
  /** The bytes of `tree-sitter-bash.wasm`. */
  readonly shell: ArrayBuffer;
}

/** Larger files are not read, in bytes. */
export const largestFile = 1_000_000;
