/** Results of a matrix: a row for a client's feature, a column for a provider. */
export class Table {
  private readonly rows = new Map<string, Map<string, string>>();

  constructor(private readonly columns: readonly string[]) {}

  set(client: string, feature: string, column: string, result: string): void {
    const row = `${client.padEnd(20)}${feature}`;
    this.rows.set(row, (this.rows.get(row) ?? new Map<string, string>()).set(column, result));
  }

  /** A cell that nobody set failed. */
  draw(): string {
    const line = (head: string, cells: readonly string[]) =>
      head.padEnd(38) + cells.map((cell) => cell.padEnd(14)).join('');
    return [
      line('client              feature', this.columns),
      ...[...this.rows].map(([head, cells]) =>
        line(
          head,
          this.columns.map((column) => cells.get(column) ?? 'FAILED'),
        ),
      ),
    ].join('\n');
  }
}
