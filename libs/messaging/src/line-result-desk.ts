import type { LineId } from '@penstock/contracts';
import type { Clock } from '@penstock/resilience';
import type { Connection } from './connection.js';
import { Gathering } from './gathering.js';
import { encodeLines, type LineResult } from './line-result.js';
import { LINES_TOGETHER, shelfOf, subjectOfLines } from './line-subjects.js';
import { publishDurably, type Publication } from './publish-durably.js';

/** How long a result may wait for others. */
const GATHER_MS = 5;

/** Bytes of one message, unless a single result is longer: several of that length would be more than a server takes. */
const MOST_BYTES = 256 * 1024;

/**
 * Keeps the results of lines of a batch, those in one message that end within a few milliseconds of each other: what a
 * message costs in a stream, its acknowledgement and its way to the batch, was two thirds of what nats-server did for a
 * line. The lines of a message are those of one batch, and of one shelf of it, and its subject names each.
 *
 * A line may be kept twice, in different company: by two that ran it, or by a second try after a lost acknowledgement.
 * The first in the stream is its outcome, for everybody who reads. What is in the same company conflicts instead, since
 * a second message of a subject would take the place of the first.
 */
export class LineResultDesk {
  private readonly gathering: Gathering<LineResult, Publication>;

  constructor(connection: Pick<Connection, 'acks'>, clock: Pick<Clock, 'after'>) {
    this.gathering = new Gathering(clock, {
      ...{ forMs: GATHER_MS, mostItems: LINES_TOGETHER, mostLength: MOST_BYTES },
      send: (shelf, results) => {
        const [tenant = '', batch = ''] = shelf.split('.');
        results.sort((a, b) => a.line - b.line);
        const lines = results.map(({ line }) => line);
        const subject = subjectOfLines(tenant, batch, lines);
        return publishDurably(connection, subject, encodeLines(results), { first: true });
      },
    });
  }

  /** Resolves when the message with this result is stored, or is not. One that is `hurried` waits for no others. */
  keep(tenant: string, { batch }: LineId, result: LineResult, hurried: boolean): Promise<Publication> {
    const shelf = `${tenant}.${batch}.${shelfOf(result.line)}`;
    // A line has one token of the subject.
    if (this.gathering.waiting(shelf).some(({ line }) => line === result.line)) this.gathering.send(shelf);
    const kept = this.gathering.add(shelf, result, result.answer.body.length + result.event.length);
    if (hurried) this.gathering.send(shelf);
    return kept;
  }
}
