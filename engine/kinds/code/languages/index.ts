/** The readers of languages; a language without one gives no facts. */
import type { CodeLanguage } from "../facts";
import { readCsharp } from "./csharp/read";
import { readGo } from "./go/read";
import { readJava } from "./java/read";
import { readJavascript } from "./javascript/read";
import { readPython } from "./python/read";
import type { CodeReader } from "./reader";

export const readers: Readonly<Partial<Record<CodeLanguage, CodeReader>>> = Object.freeze({
  javascript: readJavascript,
  python: readPython,
  go: readGo,
  java: readJava,
  csharp: readCsharp,
});
