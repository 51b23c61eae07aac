/** Where the extension runs: beside Node, or in a web worker. */
export type Place = "node" | "browser";

const languages = ["dockerfile", "dockerignore", "dockercompose", "yaml"];

/** Names of files that the engine knows, whatever language the editor takes them for. */
const patterns = [
  "**/*{Dockerfile,dockerfile,DOCKERFILE,Containerfile,containerfile}*",
  "**/*.{dockerignore,containerignore}",
  "**/{bulkhead,.bulkhead}.yaml",
  "**/*.{yml,yaml}",
];

/** A filter that both the editor's own interface and the language client take. */
type Filter = { language: string; scheme?: string } | { pattern: string; scheme?: string };

/** Files that belong to the workspace, or are not saved yet; not the other side of a comparison or a review. */
const schemes = ["file", "untitled", "vscode-vfs", "vscode-remote", "vscode-test-web", "memfs"];

/** On the web any provider may hold the files, so every scheme counts there. */
export function documentSelector(place: Place): Filter[] {
  const filters: Filter[] = [
    ...languages.map((language) => ({ language })),
    ...patterns.map((pattern) => ({ pattern })),
  ];
  if (place === "browser") return filters;
  return schemes.flatMap((scheme) => filters.map((filter) => ({ ...filter, scheme })));
}
