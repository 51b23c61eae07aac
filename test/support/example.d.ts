/** Reads the examples of rules: `«…»` marks spans, lines `-- path --` begin further files. */
export interface MarkedFile {
  readonly file: string;
  readonly text: string;
  readonly marks: readonly {
    readonly start: number;
    readonly end: number;
  }[];
}
/** The files of an example, indentation of the template literal taken away; the first is the rule's own. */
export declare function readExample(source: string, kind: string, file?: string): MarkedFile[];
/** Drops the first line where it is empty, the common indentation, and the last line's indentation. */
export declare function dedent(source: string): string;
/** Puts the marks back, for a readable comparison. */
export declare function withMarks(
  text: string,
  spans: readonly {
    readonly start: number;
    readonly end: number;
  }[],
): string;
