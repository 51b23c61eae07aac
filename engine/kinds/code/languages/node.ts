/** Looks into nodes that may not be there: half-typed code has trees with holes. */
import {
  type SyntaxNode,
  child as childUnder,
  childrenOf as childrenUnder,
  isComment,
  parts,
} from "../../../languages/tree/node";

export { isComment, type SyntaxNode };

/** The first child in the field. */
export const child = (node: SyntaxNode | undefined, field: string): SyntaxNode | undefined =>
  node === undefined ? undefined : childUnder(node, field);

/** All children in the field. */
export const childrenIn = (node: SyntaxNode | undefined, field: string): readonly SyntaxNode[] =>
  node === undefined ? [] : childrenUnder(node, field);

/** The first child of one of the types. */
export const childOf = (node: SyntaxNode | undefined, ...types: readonly string[]): SyntaxNode | undefined =>
  node?.children.find((found) => types.includes(found.type));

/** All children of one of the types. */
export const childrenOf = (node: SyntaxNode | undefined, ...types: readonly string[]): readonly SyntaxNode[] =>
  node === undefined ? [] : node.children.filter((found) => types.includes(found.type));

const none: readonly SyntaxNode[] = Object.freeze([]);

/** The children without comments. */
export const meaningful = (node: SyntaxNode | undefined): readonly SyntaxNode[] =>
  node === undefined ? none : parts(node);

/** Calls `visit` with the node and everything in it, the outer ones first. */
export function walk(node: SyntaxNode, visit: (node: SyntaxNode) => void): void {
  visit(node);
  for (const inner of node.children) walk(inner, visit);
}
