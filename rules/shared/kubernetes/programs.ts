/** The programs that a container's words, and the scripts among them, start. */
import type { Container, Field } from "../../../engine/index";

/** A word, with the place of its first character in the item that it stands in. */
export interface ProgramWord {
  readonly text: string;
  readonly field: Field;
  readonly from: number;
}

/** A program and its arguments. */
export type Program = readonly ProgramWord[];

const shells = /(?:^|\/)(?:ba|da|a|z|k)?sh$/;
/** Longer texts are programs in the clothes of an argument. */
const longestScript = 20_000;

/** Words that stand before the program that they start. */
const prefixes = new Set([
  ...["if", "then", "else", "elif", "while", "until", "do", "!", "{", "exec", "env", "command", "nohup", "time"],
  "nice",
]);

/** Of the command and its arguments, of probes and of hooks. */
export function programsOf(container: Container): readonly Program[] {
  const hooks = ["postStart", "preStop"].map((hook) => container.field.at("lifecycle", hook));
  const lists = [...container.probes, ...hooks].map((at) => at?.at("exec", "command")?.items ?? []);
  return [container.words, ...lists].flatMap(programsIn);
}

function programsIn(items: readonly Field[]): readonly Program[] {
  const scripts = items.filter((item, i) => i > 0 && isScript(item, items));
  const plain = items.filter((item) => !scripts.includes(item));
  const words = plain.flatMap((field) => (field.string === undefined ? [] : [{ text: field.string, field, from: 0 }]));
  return [words, ...scripts.flatMap(programsOfScript)].filter((program) => program.length > 0);
}

const isScript = ({ string }: Field, items: readonly Field[]): boolean =>
  string !== undefined &&
  string.length <= longestScript &&
  /\s/.test(string) &&
  items.some((item) => shells.test(item.string ?? ""));

const tokens = /#[^\n]*|[;&|()`\n]+|"[^"\n]*"|'[^'\n]*'|[^\s;&|()`"']+/g;

/** Cut up roughly: comments are left out, and a quoted text is one word with its quotes. */
function programsOfScript(field: Field): readonly Program[] {
  const programs: ProgramWord[][] = [[]];
  for (const { 0: text, index: from } of (field.string ?? "").matchAll(tokens)) {
    if (/^[;&|()`\n]/.test(text)) programs.push([]);
    else if (!text.startsWith("#")) programs.at(-1)?.push({ text, field, from });
  }
  return programs.map(started).filter((program) => program.length > 0);
}

/** From the program on: assignments and words that only start another one are passed over. */
function started(words: readonly ProgramWord[]): Program {
  const at = words.findIndex(({ text }) => !/^\w+=/.test(text) && !prefixes.has(text));
  return at < 0 ? [] : words.slice(at);
}

export const nameOf = (word: ProgramWord | undefined): string => (word?.text ?? "").replace(/^.*\//, "");
