/** Our own sources as syntax trees: rules hold whole files of other languages in their texts, which no pattern tells apart. */
import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { Language, type Node, Parser } from "web-tree-sitter";
import { root } from "./engine";

export interface Source {
  /** From the project's root, with `/`. */
  readonly file: string;
  readonly text: string;
  /** The text without comments, texts and regular expressions. */
  readonly code: string;
  readonly comments: readonly string[];
  /** Packages as named; files of ours from the root, without ending. */
  readonly imports: readonly string[];
  readonly expressions: readonly { readonly line: number; readonly source: string; readonly flags: string }[];
}

const skipped = new Set(["node_modules", "out", "dist", ".git", "workspaces"]);
const folders = ["engine", "rules", "completions", "server", "cli", "client"];

let reading: Promise<readonly Source[]> | undefined;

/** Read once for the whole run of the tests. */
export function sources(): Promise<readonly Source[]> {
  reading ??= read();
  return reading;
}

async function read(): Promise<readonly Source[]> {
  const modules = join(root, "node_modules");
  await Parser.init({ wasmBinary: readFileSync(join(modules, "web-tree-sitter", "web-tree-sitter.wasm")) });
  const grammar = readFileSync(join(modules, "tree-sitter-typescript", "tree-sitter-typescript.wasm"));
  const parser = new Parser();
  parser.setLanguage(await Language.load(grammar));
  return folders.flatMap(filesIn).map((file) => sourceOf(file, parser));
}

const filesIn = (folder: string): string[] =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const file = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return skipped.has(entry.name) ? [] : filesIn(file);
    return file.endsWith(".ts") ? [file] : [];
  });

function sourceOf(file: string, parser: Parser): Source {
  const text = readFileSync(join(root, file), "utf8");
  const tree = parser.parse(text);
  if (tree === null) throw new Error(`${file} cannot be read`);
  const all = (...types: string[]): Node[] => tree.rootNode.descendantsOfType(types).filter((n) => n !== null);
  const imports = [
    ...all("import_statement", "export_statement").flatMap((n) => n.childForFieldName("source")?.text ?? []),
    ...all("call_expression").flatMap((n) => calledModule(n) ?? []),
  ].map((quoted) => quoted.slice(1, -1));
  const comments = all("comment");
  const texts = all("string", "template_string", "regex").filter((n) => !isInside(n, "template_string"));
  const source: Source = {
    file,
    text,
    code: without(text, [...comments, ...texts]),
    comments: comments.map((n) => n.text),
    imports: imports.map((i) => (i.startsWith(".") ? posix.join(posix.dirname(file), i) : i)),
    expressions: all("regex").map((n) => {
      const [, body = "", flags = ""] = /^\/(.*)\/([a-z]*)$/s.exec(n.text) ?? [];
      return { line: n.startPosition.row + 1, source: body, flags };
    }),
  };
  tree.delete();
  return source;
}

/** `import("x")`, `require("x")`, quoted. */
function calledModule(call: Node): string | undefined {
  const name = call.childForFieldName("function")?.text;
  const [first] = call.childForFieldName("arguments")?.namedChildren ?? [];
  return (name === "import" || name === "require") && first?.type === "string" ? first.text : undefined;
}

function isInside(node: Node, type: string): boolean {
  for (let up = node.parent; up !== null; up = up.parent) if (up.type === type) return true;
  return false;
}

function without(text: string, nodes: readonly Node[]): string {
  let code = "";
  let at = 0;
  for (const node of [...nodes].sort((a, b) => a.startIndex - b.startIndex)) {
    if (node.startIndex < at) continue;
    code += text.slice(at, node.startIndex);
    at = node.endIndex;
  }
  return code + text.slice(at);
}
