/** What a service runs: its command, entrypoint, health test and hooks. */
import { execScript } from "../../languages/shell/exec";
import { readScript, type Command, type Script } from "../../languages/shell/script";
import type { ShellParser } from "../../languages/shell/syntax";
import { Excerpt, Located, type Origin } from "../../text/located";
import { YamlSource, type Datum, type Piece, type Scalar } from "./datum";
import { Part, Setting } from "./part";
import { piecesOf } from "./text";
import { wordsOf } from "./words";

/**
 * `exec`: the words run as they are; a text is split into words, and no shell reads it. `shell`: `/bin/sh -c` runs the
 * text. `none`: nothing is run, not even what the image says.
 */
export type Form = "exec" | "shell" | "none";

export class Program extends Part {
  private read: { readonly script: Script | undefined } | undefined;

  constructor(
    datum: Datum,
    path: readonly string[],
    readonly form: Form,
    /** Of a `shell` form the text alone. */
    readonly words: readonly Setting[],
    private readonly parser: ShellParser | undefined,
  ) {
    super(datum, path);
  }

  /** Some of its words cannot be known. */
  get isOpen(): boolean {
    return this.datum.kind === "unclear" || this.words.some((w) => !w.value.known);
  }

  /** Undefined where no parser is at hand, or the words are not written in one document. */
  get script(): Script | undefined {
    this.read ??= { script: this.readScript() };
    return this.read.script;
  }

  /** Every command that it runs, those of shells that it starts included. */
  get commands(): readonly Command[] {
    return this.script?.commands ?? [];
  }

  private readScript(): Script | undefined {
    const { source } = this;
    if (this.parser === undefined || !(source instanceof YamlSource) || this.words.length === 0) return undefined;
    const { origin } = source.home.document;
    const excerpts = this.words.map((w) => excerptOf(w.scalar, origin));
    const texts = excerpts.filter((e) => e !== undefined);
    if (texts.length < excerpts.length) return undefined;
    if (this.form === "shell") return texts[0] && readScript(this.parser, texts[0], origin);
    const strings = texts.map((value) => ({
      word: new Located(origin, value.startOf(0), value.endOf(value.text.length)),
      value,
    }));
    return execScript(this.parser, strings, origin);
  }
}

/** The text with the place of every character; an unknown variable is `${NAME}` in it. */
export function excerptOf(scalar: Scalar, origin: Origin): Excerpt | undefined {
  const offsets: number[] = [];
  let text = "";
  for (const piece of piecesOf(scalar)) {
    const written = piece.how === "unknown" ? `\${${piece.variable ?? "UNKNOWN"}}` : piece.text;
    if (written !== "" && piece.node === undefined) return undefined;
    for (let i = 0; i < written.length; i++) offsets.push(placeOf(piece, i, written.length) - origin.at);
    text += written;
  }
  const start = scalar.source.start - origin.at;
  return new Excerpt(text, offsets[0] ?? start, Int32Array.from(offsets));
}

function placeOf(piece: Piece, index: number, length: number): number {
  const isVerbatim = piece.how !== "unknown" && piece.to - piece.from === piece.text.length;
  const last = index === length - 1 ? Math.max(piece.from, piece.to - 1) : piece.from;
  const at = isVerbatim ? piece.from + index : last;
  return piece.node?.part(at, at + 1).start ?? 0;
}

/** A `command` or `entrypoint`; undefined where it is left to the image. */
export function programAt(
  datum: Datum | undefined,
  path: readonly string[],
  parser: ShellParser | undefined,
): Program | undefined {
  if (datum === undefined || (datum.kind === "scalar" && datum.type === "null") || datum.kind === "mapping")
    return undefined;
  const scalars = datum.kind === "scalar" ? wordsOf(datum) : datum.kind === "sequence" ? scalarsIn(datum) : undefined;
  const words = (scalars ?? []).map((s, i) => new Setting(s, [...path, String(i)]));
  const isEmpty = words.length === 0 && scalars !== undefined;
  return new Program(datum, path, isEmpty ? "none" : "exec", words, parser);
}

const scalarsIn = (datum: Datum): readonly Scalar[] | undefined => {
  const items = datum.kind === "sequence" ? datum.items : [];
  return items.every((i) => i.kind === "scalar") ? (items as readonly Scalar[]) : undefined;
};

/** A `healthcheck.test`. */
export function testAt(
  datum: Datum | undefined,
  path: readonly string[],
  parser: ShellParser | undefined,
): Program | undefined {
  if (datum === undefined || (datum.kind === "scalar" && datum.type === "null") || datum.kind === "mapping")
    return undefined;
  const settings = (scalars: readonly Scalar[]): readonly Setting[] =>
    scalars.map((s, i) => new Setting(s, [...path, String(i)]));
  if (datum.kind === "scalar") return new Program(datum, path, "shell", settings([datum]), parser);
  const [head, ...rest] = scalarsIn(datum) ?? [];
  if (head?.text === "NONE") return new Program(datum, path, "none", [], parser);
  return new Program(datum, path, head?.text === "CMD-SHELL" ? "shell" : "exec", settings(rest), parser);
}
