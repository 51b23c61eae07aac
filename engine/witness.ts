/** Remembers what was looked at, so that what was made of it is made again only when something of that is another. */
export class Witness {
  private readonly seen = new Map<string, { readonly look: () => unknown; readonly value: unknown }>();

  /** What `look` gives, remembered under a key of its own. */
  look<T>(key: string, look: () => T): T {
    const known = this.seen.get(key);
    if (known !== undefined) return known.value as T;
    const value = look();
    this.seen.set(key, { look, value });
    return value;
  }

  /** Whether a second look would give the same. */
  get isCurrent(): boolean {
    for (const { look, value } of this.seen.values()) if (look() !== value) return false;
    return true;
  }
}
