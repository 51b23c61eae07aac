/** One run of the editor: where the extension runs, what it is shown, and which tests run beside it. */
export interface Suite {
  readonly name: string;
  readonly host: "node" | "worker";
  readonly trust: "trusted" | "restricted";
  /** A module of `test/editor/`, without extension, that exports `run()`. */
  readonly entry: string;
  /** Relative to the project; the editor is given a copy. */
  readonly workspace: string;
}

export const suites: readonly Suite[] = [
  { name: "Node host", host: "node", trust: "trusted", entry: "node", workspace: "test/workspaces/editor" },
  {
    name: "Restricted Mode",
    host: "node",
    trust: "restricted",
    entry: "restricted",
    workspace: "test/workspaces/editor",
  },
  { name: "web worker host", host: "worker", trust: "trusted", entry: "worker", workspace: "test/workspaces/editor" },
];

/** Takes the picture of the README. */
export const tour: Suite = {
  name: "tour",
  host: "node",
  trust: "trusted",
  entry: "tour",
  workspace: "examples/shop",
};
