/** The parsers of programming languages, over `web-tree-sitter`: loaded when somebody needs them, incremental. */
import { Edit, Language, Parser, type Tree } from "web-tree-sitter";
import type { SyntaxNode } from "./node";

/** Grammars of service code; TypeScript with and without markup are two. */
export const codeGrammars = ["tsx", "typescript", "python", "go", "java", "csharp"] as const;
export type CodeGrammar = (typeof codeGrammars)[number];

/** The file that holds a grammar, in the package that brings it. */
export const grammarFiles: Readonly<Record<CodeGrammar, { readonly package: string; readonly file: string }>> =
  Object.freeze({
    tsx: { package: "tree-sitter-typescript", file: "tree-sitter-tsx.wasm" },
    typescript: { package: "tree-sitter-typescript", file: "tree-sitter-typescript.wasm" },
    python: { package: "tree-sitter-python", file: "tree-sitter-python.wasm" },
    go: { package: "tree-sitter-go", file: "tree-sitter-go.wasm" },
    java: { package: "tree-sitter-java", file: "tree-sitter-java.wasm" },
    csharp: { package: "tree-sitter-c-sharp", file: "tree-sitter-c_sharp.wasm" },
  });

/** What a text was parsed to. */
export interface Syntax {
  readonly text: string;
  readonly root: SyntaxNode;
}

/** Parses texts; never fails: what it cannot read are nodes of type `ERROR`. */
export interface TreeParser {
  /**
   * Only what differs from an earlier text is parsed anew, as long as the earlier one is among the last few. Its tree
   * must not be used afterwards: what stayed the same is taken out of it.
   */
  parse(text: string, previous?: Syntax): Syntax;
}

/** The parsers that have arrived. */
export interface CodeParsers {
  get(grammar: CodeGrammar): TreeParser | undefined;
  /** Whether the parser is there now; it never rejects. Further calls wait for the first. */
  load(grammar: CodeGrammar): Promise<boolean>;
}

/** For those who do without. */
export const noCodeParsers: CodeParsers = Object.freeze({ get: () => undefined, load: () => Promise.resolve(false) });

/**
 * Makes the store; nothing is loaded yet. `runtime` gives the bytes of web-tree-sitter's own module: it is asked for
 * before the first grammar, and must not be at work for another parser at that moment. `grammar` gives a grammar's bytes.
 */
export function createCodeParsers(
  runtime: () => Promise<Uint8Array>,
  grammar: (grammar: CodeGrammar) => Promise<Uint8Array>,
): CodeParsers {
  const loaded = new Map<CodeGrammar, TreeParser>();
  const loading = new Map<CodeGrammar, Promise<boolean>>();
  let started: Promise<void> | undefined;
  const load = async (name: CodeGrammar): Promise<boolean> => {
    try {
      const bytes = grammar(name);
      started ??= runtime().then((wasmBinary) => Parser.init({ wasmBinary }));
      await started;
      loaded.set(name, treeParser(await Language.load(await bytes)));
      return true;
    } catch {
      return false;
    }
  };
  return {
    get: (name) => loaded.get(name),
    load(name) {
      const known = loading.get(name);
      if (known !== undefined) return known;
      const fresh = load(name);
      loading.set(name, fresh);
      return fresh;
    },
  };
}

/** Trees live outside the garbage collector: only those of the texts that were parsed last are kept. */
const kept = 4;

/** Nodes below this depth are cut off: deeper code is made to break parsers. */
const deepest = 200;

interface Grammar {
  readonly types: readonly string[];
  readonly named: readonly boolean[];
  readonly fields: readonly (string | undefined)[];
}

function grammarOf(language: Language): Grammar {
  const types = Array.from({ length: language.nodeTypeCount }, (_, id) => language.nodeTypeForId(id) ?? "");
  const named = types.map((_, id) => language.nodeTypeIsNamed(id));
  const fields = Array.from({ length: language.fieldCount + 1 }, (_, id) => language.fieldNameForId(id) ?? undefined);
  return { types, named, fields };
}

interface Parsed {
  readonly syntax: Syntax;
  readonly tree: Tree;
  readonly byId: Map<number, Plain>;
}

function treeParser(language: Language): TreeParser {
  const parser = new Parser();
  parser.setLanguage(language);
  const grammar = grammarOf(language);
  const recent: Parsed[] = [];
  return {
    parse(text, previous) {
      const index = previous === undefined ? -1 : recent.findIndex((p) => p.syntax === previous);
      const before = recent[index];
      if (before?.syntax.text === text) return before.syntax;
      if (before !== undefined) recent.splice(index, 1);
      const change = before === undefined ? undefined : differenceOf(before.syntax.text, text);
      if (before !== undefined && change !== undefined) before.tree.edit(editOf(before.syntax.text, text, change));
      const tree = parser.parse(text, before?.tree);
      if (tree === null) {
        before?.tree.delete();
        return { text, root: plain("ERROR", undefined, 0, text.length) };
      }
      const byId = new Map<number, Plain>();
      const reuse = before === undefined || change === undefined ? undefined : { ...change, byId: before.byId };
      const root = copy(tree, grammar, byId, reuse);
      before?.tree.delete();
      const syntax: Syntax = { text, root };
      recent.push({ syntax, tree, byId });
      if (recent.length > kept) recent.shift()?.tree.delete();
      return syntax;
    },
  };
}

/** The one range in which two texts differ: `from` the same in both, `to` its end in the first, `shift` longer the second. */
interface Difference {
  readonly from: number;
  readonly to: number;
  readonly shift: number;
}

function differenceOf(before: string, after: string): Difference {
  const shorter = Math.min(before.length, after.length);
  let from = 0;
  while (from < shorter && before.charCodeAt(from) === after.charCodeAt(from)) from++;
  let same = 0;
  while (
    same < shorter - from &&
    before.charCodeAt(before.length - 1 - same) === after.charCodeAt(after.length - 1 - same)
  )
    same++;
  return { from, to: before.length - same, shift: after.length - before.length };
}

function editOf(before: string, after: string, { from, to, shift }: Difference): Edit {
  return new Edit({
    startIndex: from,
    oldEndIndex: to,
    newEndIndex: to + shift,
    startPosition: pointAt(before, from),
    oldEndPosition: pointAt(before, to),
    newEndPosition: pointAt(after, to + shift),
  });
}

function pointAt(text: string, offset: number): { row: number; column: number } {
  let row = 0;
  let line = 0;
  for (let at = text.indexOf("\n"); at >= 0 && at < offset; at = text.indexOf("\n", at + 1)) {
    row++;
    line = at + 1;
  }
  return { row, column: offset - line };
}

interface Plain extends SyntaxNode {
  start: number;
  end: number;
  readonly children: Plain[];
}

const plain = (type: string, field: string | undefined, start: number, end: number, children: Plain[] = []): Plain => ({
  type,
  field,
  start,
  end,
  children,
});

interface Reuse extends Difference {
  readonly byId: ReadonlyMap<number, Plain>;
}

type Cursor = ReturnType<Tree["walk"]>;

/** Subtrees with fewer children are read faster than they are looked for. */
const worthKeeping = 3;

function copy(tree: Tree, grammar: Grammar, byId: Map<number, Plain>, reuse: Reuse | undefined): Plain {
  const cursor = tree.walk();
  try {
    return copyNode(cursor, grammar, byId, reuse, 0);
  } finally {
    cursor.delete();
  }
}

function copyNode(
  cursor: Cursor,
  grammar: Grammar,
  byId: Map<number, Plain>,
  reuse: Reuse | undefined,
  depth: number,
): Plain {
  const id = cursor.nodeTypeId;
  const type = grammar.types[id] ?? "ERROR";
  const start = cursor.startIndex;
  const end = cursor.endIndex;
  const field = depth === 0 ? undefined : grammar.fields[cursor.currentFieldId];
  const node = plain(type, field, start, end);
  if (depth >= deepest) return node;
  if (reuse !== undefined && depth > 0 && (end < reuse.from || start > reuse.to + reuse.shift)) {
    const known = reuse.byId.get(cursor.nodeId);
    const shift = end < reuse.from ? 0 : reuse.shift;
    if (known?.type === type && known.start + shift === start && known.end + shift === end) {
      const moved = move(known, shift, field);
      byId.set(cursor.nodeId, moved);
      return moved;
    }
  }
  if (!cursor.gotoFirstChild()) return node;
  do {
    const isMeant = grammar.named[cursor.nodeTypeId] !== false || cursor.currentFieldId !== 0;
    if (isMeant) node.children.push(copyNode(cursor, grammar, byId, reuse, depth + 1));
  } while (cursor.gotoNextSibling());
  cursor.gotoParent();
  if (node.children.length >= worthKeeping) byId.set(cursor.nodeId, node);
  return node;
}

/** The node at its new place. It stays the same object, so that an edit makes nothing anew of what it only moves. */
function move(node: Plain, shift: number, field: string | undefined): Plain {
  if (shift !== 0) shiftBy(node, shift);
  return node.field === field ? node : plain(node.type, field, node.start, node.end, node.children);
}

function shiftBy(node: Plain, shift: number): void {
  node.start += shift;
  node.end += shift;
  for (const inner of node.children) shiftBy(inner, shift);
}
