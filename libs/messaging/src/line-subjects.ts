import { lineJobId, SUBJECT, type LineId } from '@penstock/contracts';

/** Lines whose results go in one message, at most: each is a token of its subject, and a filter of who looks for one. */
export const LINES_TOGETHER = 8;

/** Lines of a batch that have a branch of the subjects to themselves: who looks for one passes the others of its branch. */
const LINES_OF_SHELF = 512;

/** Behind the last line, so that a line is never the last token, and one form of filter finds it anywhere. */
const END = 'end';

/** Lines whose results may go in one message are of one shelf. */
export function shelfOf(line: number): number {
  return Math.floor((line - 1) / LINES_OF_SHELF);
}

/** Where the results of lines lie together. All of one shelf; no more of them than go together. */
export function subjectOfLines(tenant: string, batch: string, lines: readonly number[]): string {
  return SUBJECT.lineResults(tenant, batch, [shelfOf(lines[0] ?? 1), ...lines, END].join('.'));
}

/** Filters of which each message with a line's result matches one: the line may stand in any place. */
export function filtersOfLine(tenant: string, { batch, line }: LineId): string[] {
  const places = Array.from({ length: LINES_TOGETHER }, (_, before) =>
    SUBJECT.lineResults(tenant, batch, [shelfOf(line), ...'*'.repeat(before), line, '>'].join('.')),
  );
  return [...places, aloneOf(tenant, { batch, line })];
}

/** Where a result lay before lines had one message together. An update must not lose those that are being gathered. */
export function aloneOf(tenant: string, id: LineId): string {
  return SUBJECT.result(tenant, lineJobId(id));
}
