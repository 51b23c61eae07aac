/** One compose file by itself: its text, its documents, its comments. */
import type { ShellParser } from "../../languages/shell/syntax";
import { parseYaml, type YamlStream } from "../../languages/yaml/document";
import type { Edit } from "../../text/edit";
import type { Span } from "../../text/span";
import type { Comment } from "../kind";
import { commentAbove, commentsIn, withoutComment } from "../yamlComments";

export class ComposeFile {
  readonly stream: YamlStream;

  constructor(
    readonly text: string,
    previous: ComposeFile | undefined,
    readonly parser: ShellParser | undefined,
  ) {
    this.stream = parseYaml(text, previous?.stream);
  }

  get comments(): readonly Comment[] {
    return commentsIn(this.stream);
  }

  /** Writes a comment line above the entry or item around the place. */
  insertComment(at: Span, text: string): Edit {
    return commentAbove(this.text, at, text, this.stream.documents[0]?.terminator);
  }

  /** Takes a comment, or a part of one, away; with its line where nothing else is left on it. */
  removeComment(at: Span): Edit {
    return withoutComment(this.text, at);
  }
}
