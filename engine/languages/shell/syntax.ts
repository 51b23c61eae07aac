/** The syntax trees of POSIX shell texts, over `web-tree-sitter` and the bash grammar (the only file that imports it). */
import { Language, Parser } from "web-tree-sitter";

/** A syntax node as plain data; offsets are UTF-16 code units of the parsed text. */
export interface ShellNode {
  readonly type: string;
  readonly named: boolean;
  readonly from: number;
  readonly to: number;
  readonly children: readonly ShellNode[];
}

/** Parses shell texts; never fails: what it cannot read are nodes of type `ERROR`. */
export interface ShellParser {
  parse(text: string): ShellNode;
}

/** Longer scripts are not looked into: their meaning stays unknown. */
export const longestScript = 200_000;

/** Makes the parser from the bytes of web-tree-sitter's own module and of the bash grammar. */
export async function createShellParser(runtime: Uint8Array, grammar: Uint8Array): Promise<ShellParser> {
  await Parser.init({ wasmBinary: runtime });
  const parser = new Parser();
  parser.setLanguage(await Language.load(grammar));
  return {
    parse(text) {
      const empty: ShellNode = { type: "program", named: true, from: 0, to: text.length, children: [] };
      if (text.length > longestScript) return empty;
      const tree = parser.parse(text);
      if (tree === null) return empty;
      try {
        return copy(tree.walk());
      } finally {
        tree.delete();
      }
    },
  };
}

type Cursor = ReturnType<NonNullable<ReturnType<Parser["parse"]>>["walk"]>;

/** Depth at which a tree is cut off: deeper ones are made to break parsers, not to build images. */
const deepest = 200;

function copy(cursor: Cursor): ShellNode {
  const read = (depth: number): ShellNode => {
    const node = {
      type: cursor.nodeType,
      named: cursor.nodeIsNamed,
      from: cursor.startIndex,
      to: cursor.endIndex,
      children: [] as ShellNode[],
    };
    if (depth < deepest && cursor.gotoFirstChild()) {
      do node.children.push(read(depth + 1));
      while (cursor.gotoNextSibling());
      cursor.gotoParent();
    }
    return node;
  };
  try {
    return read(0);
  } finally {
    cursor.delete();
  }
}
