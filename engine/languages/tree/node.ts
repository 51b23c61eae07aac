/** A syntax tree as plain objects, the same for every grammar of tree-sitter. */
import type { Span } from "../../text/span";

/** A node; offsets are UTF-16 code units of the parsed text. Unnamed nodes are kept where they stand in a field: operators. */
export interface SyntaxNode extends Span {
  /** As the grammar names it; of an anonymous node its text: `||`. `ERROR` for what could not be read. */
  readonly type: string;
  /** The name under which the parent has it. */
  readonly field: string | undefined;
  readonly children: readonly SyntaxNode[];
}

/** The first child under the field's name. */
export function child(node: SyntaxNode, field: string): SyntaxNode | undefined {
  for (const c of node.children) if (c.field === field) return c;
  return undefined;
}

export const childrenOf = (node: SyntaxNode, field: string): readonly SyntaxNode[] =>
  node.children.filter((c) => c.field === field);

export function firstOf(node: SyntaxNode, type: string): SyntaxNode | undefined {
  for (const c of node.children) if (c.type === type) return c;
  return undefined;
}

export const isComment = ({ type }: SyntaxNode): boolean =>
  type === "comment" || type === "line_comment" || type === "block_comment";

/** Its children without comments. */
export function parts({ children }: SyntaxNode): readonly SyntaxNode[] {
  // Hardly any has one, and this is asked of every node.
  return children.some(isComment) ? children.filter((c) => !isComment(c)) : children;
}

/** The innermost node around the span, and those around it, the outermost first. */
export function pathTo(root: SyntaxNode, at: Span): readonly SyntaxNode[] {
  const path: SyntaxNode[] = [];
  let node: SyntaxNode | undefined = root;
  while (node !== undefined) {
    path.push(node);
    node = node.children.find((c) => c.start <= at.start && at.end <= c.end);
  }
  return path;
}
