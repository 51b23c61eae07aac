/** How many items are kept or shown at most: no answer and no memory grows without end. */
export const maxItems = 1_000;

export interface Item {
  readonly id: string;
  readonly name: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
}

/** Where items are kept. Every call rejects when that place does not answer. */
export interface Items {
  /** Newest first, at most `maxItems`. */
  list(): Promise<readonly Item[]>;
  add(item: Item): Promise<void>;
  check(): Promise<void>;
  close(): Promise<void>;
}
