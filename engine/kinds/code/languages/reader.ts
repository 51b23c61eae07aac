import type { SyntaxNode } from "../../../languages/tree/node";
import type { CodeFacts } from "../facts";

/** Turns the syntax of one language into facts. Never throws; what it cannot read gives no facts. */
export type CodeReader = (root: SyntaxNode, text: string) => CodeFacts;
