import { table } from '../quality/documents/markdown.js';

/** Results of a matrix: a row for a client's feature, a column for a provider. */
export class Table {
  private readonly rows = new Map<string, Map<string, string>>();

  constructor(private readonly columns: readonly string[]) {}

  set(client: string, feature: string, column: string, result: string): void {
    const row = `${client}\t${feature}`;
    this.rows.set(row, (this.rows.get(row) ?? new Map<string, string>()).set(column, result));
  }

  /** Whether every row has a result in every column. */
  get complete(): boolean {
    return [...this.rows.values()].every((cells) => cells.size === this.columns.length);
  }

  /** For a terminal. A cell that nobody set failed. */
  draw(): string {
    const width = Math.max(...this.columns.map((column) => column.length)) + 2;
    const line = (head: readonly string[], cells: readonly string[]) =>
      head.map((text) => text.padEnd(20)).join('') + cells.map((cell) => cell.padEnd(width)).join('');
    return [
      line(['client', 'feature'], this.columns),
      ...this.cells().map(({ head, cells }) => line(head, cells)),
    ].join('\n');
  }

  /** For a document. */
  markdown(): string {
    return table(
      ['Client', 'Feature', ...this.columns],
      this.cells().map(({ head, cells }) => [...head, ...cells]),
    );
  }

  private cells() {
    return [...this.rows].map(([row, cells]) => ({
      head: row.split('\t'),
      cells: this.columns.map((column) => cells.get(column) ?? 'FAILED'),
    }));
  }
}
