/** Something that the person at the terminal can put right; printed without a stack. */
export class Fault extends Error {
  constructor(
    message: string,
    readonly exitCode: 1 | 2 = 1,
  ) {
    super(message);
  }
}
