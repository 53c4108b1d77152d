import type { Page } from '@penstock/contracts';

/** A reply is one NATS message of at most 1 MiB; a page that would not fit ends early and says that there is more. */
const MAX_PAGE_CHARACTERS = 256 * 1024;

/** A page of a list, of rows that were asked for with one more than the limit. */
export function toPage<Row, Shown extends { readonly id: string }>(
  rows: readonly Row[],
  limit: number,
  show: (row: Row) => Shown,
): Page<Shown> {
  const data: Shown[] = [];
  let characters = 0;
  for (const row of rows.slice(0, limit)) {
    const shown = show(row);
    characters += JSON.stringify(shown).length;
    if (characters > MAX_PAGE_CHARACTERS && data.length > 0) break;
    data.push(shown);
  }
  return {
    object: 'list',
    data,
    has_more: rows.length > data.length,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
  };
}
