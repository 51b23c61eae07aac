/**
 * Something that is made when somebody asks for it first. A class, because V8 keeps what the getters of an object
 * literal hold until its next long collection.
 */
export class Once<T extends object> {
  private known: T | undefined;

  constructor(private readonly make: () => T) {}

  /** It, where somebody asked for it. */
  get made(): T | undefined {
    return this.known;
  }

  get value(): T {
    this.known ??= this.make();
    return this.known;
  }
}
