import type { Found } from "./support/document";

/** What is wrong with `Dockerfile` in `test/workspaces/editor/`. */
export const inFixture: readonly Found[] = [
  ["dockerfile/add-instead-of-copy", 3, "ADD"],
  ["dockerfile/add-instead-of-copy", 4, "ADD"],
  ["dockerfile/root-user", 5, "root"],
];

/** What is left when every safe fix is made. */
export const afterSafeFixes: readonly Found[] = [["dockerfile/root-user", 5, "root"]];

export const withSafeFixes = (text: string): string => text.replaceAll("ADD", "COPY");

/** A new service that leaves nothing to ask. */
export const newService = (folder: string): Record<string, string> => ({ folder, name: "orders", language: "python" });
