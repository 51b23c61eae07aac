/** The pieces that a document's text is read in, and what is found in each. */
import type { YamlAlias, YamlComment, YamlEntry, YamlItem, YamlNode, YamlOrigin } from "./node";
import type { YamlProblem } from "./problem";
import type { YamlDocument } from "./document";
import type { Booleans } from "./scalar";

/** A document's text; moves when the texts before it change. */
export class DocumentOrigin implements YamlOrigin {
  /** The newest document that was read from it. */
  document: YamlDocument | undefined;

  constructor(
    public at: number,
    public text: string,
    readonly booleans: Booleans,
  ) {}
}

/** What was found in one origin's text beside its nodes, in the order of the text; headers' anchors are not among it. */
export class Findings {
  readonly comments: YamlComment[] = [];
  readonly anchored: YamlNode[] = [];
  readonly aliases: YamlAlias[] = [];
  readonly problems: YamlProblem[] = [];
}

/**
 * The lines from the first line of an entry (or item) up to the next segment. `level` 0: an entry of the root; where its
 * value is a collection on the lines below, the segment is its `header` only, and the collection's entries follow as
 * segments of level 1.
 */
export class Segment implements YamlOrigin {
  readonly found = new Findings();
  child!: YamlEntry | YamlItem;
  header = false;

  constructor(
    public document: DocumentOrigin,
    /** From the document's start. */
    public offset: number,
    readonly text: string,
    readonly level: 0 | 1,
  ) {}

  get at(): number {
    return this.document.at + this.offset;
  }

  get booleans(): Booleans {
    return this.document.booleans;
  }
}
