import { basename } from "../../text/path";
import { lineTerminator } from "../../text/lines";
import type { Kind } from "../kind";
import { Dockerignore } from "./model";
import { summariseDockerignore } from "./summarise";

const names = /(?:^|\.)(?:docker|container)ignore$/i;

export const dockerignoreKind: Kind<"dockerignore", Dockerignore> = {
  id: "dockerignore",
  recognises: (file, _text, languageId) => languageId === "dockerignore" || names.test(basename(file)),
  mayBe: (file) => names.test(basename(file)),
  parse: (text) => new Dockerignore(text),
  comments: (file) =>
    file.comments.map((c) => {
      const end = c.at + c.text.length;
      const next = file.patterns.find((p) => p.start >= end);
      const governs = next === undefined ? { start: c.at, end } : { start: next.start, end: next.end };
      return { start: c.at, end, text: c.text.replace(/^#+\s*/, ""), governs };
    }),
  insertComment(file, span, text) {
    const line = span.start === 0 ? 0 : file.text.lastIndexOf("\n", span.start - 1) + 1;
    const start = line === 0 && file.text.startsWith("\ufeff") ? 1 : line;
    return { span: { start, end: start }, text: `# ${text}${lineTerminator(file.text)}` };
  },
  removeComment(file, span) {
    const newline = file.text.indexOf("\n", span.end);
    return { span: { start: span.start, end: newline < 0 ? file.text.length : newline + 1 }, text: "" };
  },
  summarise: summariseDockerignore,
  walk(file, runs) {
    for (const run of runs) run.attempt(() => run.check.file?.(file, run.report, run.context));
    for (const pattern of file.patterns) {
      for (const run of runs) run.attempt(() => run.check.pattern?.(pattern, run.report, run.context));
    }
  },
};
