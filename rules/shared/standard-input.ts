/** Texts that the Dockerfile itself gives a command to read. */
import type { Command, ShellWord, Span } from "../../engine/index";

export interface GivenText {
  /** Variables as written. */
  readonly text: string;
  /** Where a piece of the text stands. */
  locate(piece: string): Span;
}

/** What the pipe (`echo x | c`), a here-document or a here-string gives the command. */
export function givenTexts(command: Command): readonly GivenText[] {
  const texts: GivenText[] = [];
  for (let at: Command | undefined = command; at !== undefined; at = at.upstream) {
    const { origin } = at.script;
    if (at !== command && (at.name === "echo" || at.name === "printf")) texts.push(...at.args.map(ofWord));
    texts.push(...at.documents.map((d) => ofDocument(origin.at, d)));
    const strings = at.redirects.filter((r) => r.operator === "<<<");
    texts.push(...strings.flatMap((r) => (r.target === undefined ? [] : [ofWord(r.target)])));
  }
  return texts;
}

const ofWord = (word: ShellWord): GivenText => ({
  text: word.source,
  locate: (piece) => word.find(piece) ?? word,
});

function ofDocument(origin: number, { body }: Command["documents"][number]): GivenText {
  return {
    text: body.text,
    locate(piece) {
      const index = Math.max(0, body.text.indexOf(piece));
      return { start: origin + body.startOf(index), end: origin + body.endOf(index + piece.length) };
    },
  };
}
