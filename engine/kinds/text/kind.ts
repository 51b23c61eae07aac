import type { Kind } from "../kind";
import type { TextFile } from "./file";
import { readText } from "./read";

/** Every text file: what is no file of another kind, and a layer over those that are. */
export const textKind: Kind<"text", TextFile> = {
  id: "text",
  recognises: () => true,
  mayBe: () => false,
  circumstances: ({ file }) => [file],
  parse: (text, previous, languages, [file = ""]) => readText(text, previous, languages, { file }),
  comments: (file) => file.comments,
  insertComment: (file, span, text) => file.insertComment(span, text),
  removeComment: (file, span) => file.removeComment(span),
  summarise: () => ({}),
  walk(file, runs) {
    for (const run of runs) run.attempt(() => run.check.file(file, run.report, run.context));
  },
};
