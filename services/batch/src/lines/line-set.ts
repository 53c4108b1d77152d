/** A set of line numbers, counted from 1, as one bit each: 50,000 lines are 6 KB, in memory and in Postgres. */
export class LineSet {
  private constructor(
    private readonly bits: Uint8Array,
    private count: number,
  ) {}

  static empty(lines: number): LineSet {
    return new LineSet(new Uint8Array(Math.ceil(lines / 8)), 0);
  }

  /** Reads what `toBytes` wrote. */
  static fromBytes(bytes: Uint8Array, lines: number): LineSet {
    const bits = new Uint8Array(Math.ceil(lines / 8));
    bits.set(bytes.subarray(0, bits.length));
    let count = 0;
    for (let byte of bits) for (; byte > 0; byte &= byte - 1) count++;
    return new LineSet(bits, count);
  }

  get size(): number {
    return this.count;
  }

  has(line: number): boolean {
    return ((this.bits[(line - 1) >> 3] ?? 0) & (1 << ((line - 1) & 7))) !== 0;
  }

  add(line: number): void {
    if (this.has(line)) return;
    this.bits[(line - 1) >> 3]! |= 1 << ((line - 1) & 7);
    this.count++;
  }

  /** The same lines and these, as a set of its own: what will be true once it is stored. */
  with(lines: Iterable<number>): LineSet {
    const next = new LineSet(this.bits.slice(), this.count);
    for (const line of lines) next.add(line);
    return next;
  }

  toBytes(): Uint8Array {
    return this.bits;
  }
}
