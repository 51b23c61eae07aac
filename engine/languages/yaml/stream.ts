/** Where the documents of a YAML stream begin. */

const isMarker = (text: string, at: number, mark: string): boolean =>
  text.startsWith(mark, at) && /^[ \t\r\n]?$/.test(text.charAt(at + 3));

const nextLine = (text: string, at: number): number => {
  const newline = text.indexOf("\n", at);
  return newline < 0 ? text.length : newline + 1;
};

/** Length of the byte order mark that a text may begin with. */
export const markLength = (text: string): 0 | 1 => (text.charCodeAt(0) === 0xfeff ? 1 : 0);

/**
 * The texts of the documents, in order; together they are the whole text behind its byte order mark. A line that begins with `---` begins a
 * document and one that begins with `...` ends it, whatever stands around them (YAML 1.2.2, 9.1.2 and rule
 * `c-forbidden`), so that an open quote or bracket in one document cannot swallow the next.
 */
export function splitDocuments(text: string): readonly string[] {
  const starts: number[] = [markLength(text)];
  let isOpen = false;
  const beforeNextMarker = markersIn(text);
  for (let at: number = markLength(text); at < text.length; at = nextLine(text, at)) {
    if (isMarker(text, at, "---")) {
      if (isOpen) starts.push(at);
      isOpen = true;
    } else if (isMarker(text, at, "...")) {
      isOpen = false;
      starts.push(nextLine(text, at));
    } else if (!isOpen) isOpen = !isLead(text, at);
    if (isOpen) at = beforeNextMarker(at);
  }
  if (!isOpen && starts.length > 1) starts.pop();
  return starts.map((start, i) => text.slice(start, starts[i + 1] ?? text.length));
}

/** Whether the line may stand before a document's `---`: blank, a comment or a directive. */
function isLead(text: string, at: number): boolean {
  const line = text.slice(at, nextLine(text, at)).trim();
  return line === "" || line.startsWith("#") || text.charAt(at) === "%";
}

/**
 * Gives an offset on the line before the next marker, which `indexOf` finds faster than a walk over the lines. Asked
 * with growing offsets, it looks at each part of the text once for each of the two marks.
 */
function markersIn(text: string): (at: number) => number {
  const next = (mark: string): ((at: number) => number) => {
    let found = -1;
    return (at) => {
      if (found >= at) return found;
      const index = text.indexOf(mark, at);
      found = index < 0 ? text.length : index;
      return found;
    };
  };
  const [start, end] = [next("\n---"), next("\n...")];
  return (at) => Math.min(start(at), end(at));
}
