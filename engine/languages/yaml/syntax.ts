/** The tokens of one YAML document and what is wrong with them, over `yaml` (the only file that imports it). */
import { Composer, Parser, type CST } from "yaml";

export type Token = CST.Token;
export type SourceToken = CST.SourceToken;
export type BlockMap = CST.BlockMap;
export type BlockSequence = CST.BlockSequence;
export type FlowCollection = CST.FlowCollection;
export type FlowScalar = CST.FlowScalar;
export type BlockScalar = CST.BlockScalar;
export type DocumentToken = CST.Document;
type Collection = BlockMap | BlockSequence | FlowCollection;

/** What is wrong, at `[start, end)` of the text that was parsed. */
export interface SyntaxProblem {
  readonly code: string;
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

export interface DocumentSyntax {
  readonly token: DocumentToken | undefined;
  /** Comments and directives that stand outside the document's own tokens. */
  readonly around: readonly Token[];
  readonly problems: readonly SyntaxProblem[];
  /** Stand-ins for nodes that were nested too deep to be read. */
  readonly cut: ReadonlySet<Token>;
}

/** Deeper nesting is not read: the parser recurses, and no real file comes near. */
export const deepest = 100;

/** Parses a text that holds at most one document. Never fails. */
export function parseSyntax(text: string): DocumentSyntax {
  const tokens = [...new Parser().parse(text)];
  const token = tokens.find((t): t is DocumentToken => t.type === "document");
  const cut = new Set<Token>();
  if (token?.value !== undefined && token.value !== null) cutDeep(token.value, cut);
  const problems: SyntaxProblem[] = [...cut].map((t) => ({
    code: "TOO_DEEP",
    message: `Nested deeper than ${deepest} levels`,
    start: t.offset,
    end: t.offset,
  }));
  const options = { prettyErrors: false, uniqueKeys: false, schema: "failsafe", resolveKnownTags: false } as const;
  for (const document of new Composer(options).compose(tokens)) {
    for (const { code, message, pos } of document.errors) {
      if (code === "TAG_RESOLVE_FAILED") continue;
      const start = clamp(pos[0], text.length);
      problems.push({ code, message, start, end: Math.max(start, clamp(pos[1], text.length)) });
    }
  }
  return { token, around: tokens.filter((t) => t !== token), problems, cut };
}

const clamp = (offset: number, length: number): number => Math.max(0, Math.min(offset, length));

const isCollection = (t: Token | null | undefined): t is Collection =>
  t?.type === "block-map" || t?.type === "block-seq" || t?.type === "flow-collection";

/** Replaces collections nested too deep by empty scalars, which it collects in `cut`. */
function cutDeep(root: Token, cut: Set<Token>): void {
  const open: { token: Token; depth: number }[] = [{ token: root, depth: 0 }];
  const keep = (child: Token | null | undefined, depth: number): Token | undefined => {
    if (!isCollection(child)) return child ?? undefined;
    if (depth < deepest) {
      open.push({ token: child, depth });
      return child;
    }
    const empty: Token = { type: "scalar", offset: child.offset, indent: child.indent, source: "" };
    cut.add(empty);
    return empty;
  };
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (!isCollection(next.token)) continue;
    for (const item of next.token.items as CST.CollectionItem[]) {
      const value = keep(item.value, next.depth + 1);
      if (value !== undefined) item.value = value;
      const key = keep(item.key, next.depth + 1);
      if (key !== undefined) item.key = key;
    }
  }
}
