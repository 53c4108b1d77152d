const MOST_NAMES = 65_536;
const OTHER = '(other)';

/** Small numbers for names that come again and again. Bounded: names beyond the bound share one number. */
export class NameTable {
  private readonly names = [OTHER];
  private readonly numbers = new Map([[OTHER, 0]]);

  indexOf(name: string): number {
    const known = this.numbers.get(name);
    if (known !== undefined) return known;
    if (this.names.length === MOST_NAMES) return 0;
    this.numbers.set(name, this.names.push(name) - 1);
    return this.names.length - 1;
  }

  name(index: number): string {
    return this.names[index] ?? '';
  }
}
