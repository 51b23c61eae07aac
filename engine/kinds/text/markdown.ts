/** Code blocks of Markdown, AsciiDoc and reStructuredText between fences, each by its own language. */
import type { TextValue } from "./file";
import { moved } from "./values";

export function readMarkdown(
  text: string,
  read: (block: string, language: string) => readonly TextValue[],
): readonly TextValue[] {
  const values: TextValue[] = [];
  const fences = /^[ \t]{0,12}(`{3,10}|~{3,10})[ \t]{0,4}\{?\.?([A-Za-z][\w+-]{0,30})?[^\n`]{0,200}$/gm;
  for (let open = fences.exec(text); open !== null; open = fences.exec(text)) {
    const fence = open[1] ?? "```";
    const start = open.index + open[0].length + 1;
    const end = closingFence(text, fence, start);
    const language = (open[2] ?? "").toLowerCase();
    if (language !== "") values.push(...moved(read(text.slice(start, end), language), start));
    fences.lastIndex = Math.min(text.length, end + fence.length + 1);
  }
  return values;
}

/** Where the line of the closing fence begins, or the text ends. */
function closingFence(text: string, fence: string, from: number): number {
  for (let at = text.indexOf(fence, from); at >= 0; at = text.indexOf(fence, at + fence.length)) {
    const line = text.lastIndexOf("\n", at) + 1;
    if (line >= from && /^[ \t>]*$/.test(text.slice(line, at))) return line;
  }
  return text.length;
}
