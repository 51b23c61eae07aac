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

  /** The keys of what is another now. */
  get stale(): readonly string[] {
    return [...this.seen].filter(([, { look, value }]) => look() !== value).map(([key]) => key);
  }

  /** Remembers what another one did, as it is now. */
  renew(other: Witness): void {
    for (const [key, { look }] of other.seen) this.look(key, look);
  }

  /** Whether a second look would give the same. */
  get isCurrent(): boolean {
    for (const { look, value } of this.seen.values()) if (look() !== value) return false;
    return true;
  }
}
