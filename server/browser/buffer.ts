/**
 * dockerfile-ast asks Node's `Buffer` for the bytes of a text, and nothing else of it. Must be imported before the
 * engine.
 */
const scope = globalThis as { Buffer?: { from(text: string): Uint8Array } };

scope.Buffer ??= { from: (text) => new TextEncoder().encode(text) };

export {};
