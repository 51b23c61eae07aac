/** A zero-based line and a UTF-16 character in it. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

/** Where the lines of one text begin; `\n`, `\r\n` and a lone `\r` end a line, as in the language server protocol. */
export class LineTable {
  private readonly starts: number[] = [0];
  private readonly length: number;

  constructor(private readonly text: string) {
    this.length = text.length;
    for (let i = 0; i < text.length; i++) {
      const c = text.charCodeAt(i);
      if (c === 13 && text.charCodeAt(i + 1) === 10) i++;
      if (c === 10 || c === 13) this.starts.push(i + 1);
    }
  }

  get count(): number {
    return this.starts.length;
  }

  /** Offsets outside the text are taken as its nearest end. */
  positionAt(offset: number): Position {
    const clamped = Math.max(0, Math.min(offset, this.length));
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.starts[middle] ?? 0) <= clamped) low = middle;
      else high = middle - 1;
    }
    return { line: low, character: clamped - (this.starts[low] ?? 0) };
  }

  /** Positions outside the text are taken as the nearest one inside. */
  offsetAt(position: Position): number {
    if (position.line < 0) return 0;
    const start = this.starts[position.line];
    if (start === undefined) return this.length;
    return Math.min(start + Math.max(0, position.character), this.endOfLine(position.line));
  }

  startOfLine(line: number): number {
    return this.starts[line] ?? this.length;
  }

  /** Before the line's terminator. */
  endOfLine(line: number): number {
    let end = this.starts[line + 1] ?? this.length;
    if (line + 1 < this.starts.length) {
      if (this.text.charCodeAt(end - 1) === 10) end--;
      if (this.text.charCodeAt(end - 1) === 13 && end > this.startOfLine(line)) end--;
    }
    return end;
  }
}

/** The line terminator that a text uses: the first one found, `\n` where there is none. */
export function lineTerminator(text: string): "\n" | "\r\n" {
  const newline = text.indexOf("\n");
  return newline > 0 && text.charCodeAt(newline - 1) === 13 ? "\r\n" : "\n";
}
