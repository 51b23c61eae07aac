import type { Languages } from "../engine/index";
import type { Templates } from "../scaffold/index";

/** The files of one place. Nothing here fails: what cannot be had is undefined. */
export interface Files {
  /**
   * The names of all files below a folder, relative to it and with `/`. Of `.git` only `.git/HEAD` is named, of
   * `node_modules` nothing. Undefined where the URI is no folder, or the folder cannot be read as a whole.
   */
  list(uri: string): Promise<readonly string[] | undefined>;
  /** Undefined where there is no such file, it is larger than `largestFile`, or it is not UTF-8. */
  read(uri: string): Promise<string | undefined>;
}

/** What the place gives in which the server runs. */
export interface Host {
  /** Never rejects: a parser that cannot be loaded is left out. */
  readonly languages: Promise<Languages>;
  /** The texts that a new service is made of; undefined where they cannot be loaded. Asked for when somebody wants one. */
  templates(): Promise<Templates | undefined>;
  /** Undefined for URIs that only the client can open. */
  filesOf(uri: string): Files | undefined;
  /** `YYYY-MM-DD`. */
  today(): string;
  /** Calls back once the message that is being handled is done, before or after the next one. */
  soon(run: () => void): void;
  /** Calls back when a client that was just answered has had the time to send its next message: some milliseconds. */
  later(run: () => void): void;
  /** Is called when all is done that was asked for: time for what would otherwise delay the next answer. */
  rest(): void;
}
