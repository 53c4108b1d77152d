import { STREAM, type LineId } from '@penstock/contracts';
import type { Connection } from './connection.js';
import { readLines, type LineResult } from './line-result.js';
import { filtersOfLine } from './line-subjects.js';
import { readStored } from './read-stored.js';

/**
 * The result of a line of a batch: of several the first that was stored. Undefined when there is none. Rejects when the
 * server does not answer.
 */
export async function findLineResult(
  connection: Connection,
  tenant: string,
  id: LineId,
): Promise<LineResult | undefined> {
  const stored = await readStored(connection, STREAM.results, { multi_last: filtersOfLine(tenant, id) });
  for (const { subject, header: headers, data } of [...stored].sort((a, b) => a.seq - b.seq)) {
    const found = readLines({ subject, headers, data }).find(({ line }) => line === id.line);
    if (found) return found;
  }
  return undefined;
}
