export interface Column {
  readonly title: string;
  /** Numbers stand at the right. Default left. */
  readonly align?: 'left' | 'right';
}

/**
 * Sets rows in aligned columns, two spaces between them, with a rule under the titles. Returns lines without
 * an end of their own.
 */
export function tableOf(columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  const titles = columns.map(({ title }) => title);
  const widths = columns.map((_, at) => Math.max(...[titles, ...rows].map((row) => row[at]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    columns
      .map(({ align }, at) => {
        const cell = cells[at] ?? '';
        return align === 'right' ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0);
      })
      .join('  ')
      .trimEnd();
  return [line(titles), line(widths.map((width) => '─'.repeat(width))), ...rows.map(line)];
}
