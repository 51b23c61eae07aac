import type { CodeParsers } from "../languages/tree/parser";
import type { ShellParser } from "../languages/shell/syntax";
import type { Checks, Context, KindId, KubernetesSettings, Report } from "../rule";
import type { Project, Summaries } from "../project";
import type { Embedded } from "./embedded";
import type { Compositions } from "./compose/compositions";
import type { Edit } from "../text/edit";
import type { Span } from "../text/span";

/** The parsers that were loaded; a kind does without what is missing. */
export interface Languages {
  readonly shell: ShellParser | undefined;
  /** They may arrive later. */
  readonly code?: CodeParsers | undefined;
}

/** A comment, its marks left out of `text`. */
export interface Comment extends Span {
  readonly text: string;
  /** What a suppression in it speaks of: the next thing, or the line that it ends. */
  readonly governs: Span;
}

/** One rule at work on one file. */
export interface RuleRun<C> {
  /** The rule's place in the analyser's list. */
  readonly index: number;
  /** The same object as long as nothing was configured anew. */
  readonly setting: object;
  /** Grows with each report, and each look at the project. */
  readonly uses: number;
  /** Grows like `uses`, but not with values of `Context.once` that were made without a look at the project. */
  readonly needs: number;
  readonly check: C;
  readonly report: Report;
  readonly context: Context;
  /** Runs a piece of the check; a throw ends this rule's run on this file, and no other's. */
  attempt(piece: () => void): void;
}

/** What a kind may ask besides the text of a file. */
export interface Around {
  readonly file: string;
  /** What the editor takes the file for. */
  readonly languageId?: string | undefined;
  readonly project: Project;
  readonly compositions: Pick<Compositions, "projectsOf">;
}

/** What is said about a place. */
export interface Explanation {
  readonly span: Span;
  /** Markdown. */
  readonly text: string;
}

/** A kind of file: what it means and how rules walk it. */
export interface Kind<K extends KindId, M> {
  readonly id: K;
  recognises(file: string, text: string, languageId?: string): boolean;
  /** Whether a host should read the file at all, judged by its name. */
  mayBe(file: string): boolean;
  /** What other files decide about how the file is read. */
  circumstances?(around: Around): readonly string[];
  /** Never fails; `previous` is the model of an earlier text of the file, or of other circumstances. */
  parse(text: string, previous: M | undefined, languages: Languages, circumstances: readonly string[]): M;
  comments(model: M): readonly Comment[];
  /** Lets a comment line speak of what stands at `span`; undefined where the file can have no comment. */
  insertComment(model: M, span: Span, text: string): Edit | undefined;
  /** Takes away a comment, or only the part of it at `span`. */
  removeComment(model: M, span: Span): Edit;
  summarise(model: M): Summaries[K];
  /** What a person who points at the offset may want to know beside the findings. */
  explain?(model: M, offset: number, around: Around, settings: KubernetesSettings): Explanation | undefined;
  /** Files of other kinds that stand in it. */
  embedded?(model: M, around: Around): readonly Embedded[];
  /** Places that findings in other files may point at, by number. */
  landmarks?(model: M): readonly Span[];
  walk(model: M, runs: readonly RuleRun<Checks[K]>[], around: Around): void;
}
