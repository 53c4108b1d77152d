import type { Page } from '@penstock/contracts';

/** A page of a list, of rows that were asked for with one more than the limit. */
export function toPage<Row, Shown extends { readonly id: string }>(
  rows: readonly Row[],
  limit: number,
  show: (row: Row) => Shown,
): Page<Shown> {
  const data = rows.slice(0, limit).map(show);
  return {
    object: 'list',
    data,
    has_more: rows.length > limit,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
  };
}
