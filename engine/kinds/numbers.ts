/** A set of small numbers. Pieces of files keep one of some dozens each, and are asked for every rule. */
export class Numbers {
  #bits = new Uint32Array(48);

  has(number: number): boolean {
    return ((this.#bits[number >>> 5] ?? 0) & (1 << (number & 31))) !== 0;
  }

  add(number: number): void {
    const at = number >>> 5;
    if (at >= this.#bits.length) {
      const wider = new Uint32Array(at + 16);
      wider.set(this.#bits);
      this.#bits = wider;
    }
    this.#bits[at] = (this.#bits[at] ?? 0) | (1 << (number & 31));
  }
}
