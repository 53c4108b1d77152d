import type { LineId } from '@penstock/contracts';
import { FleetingMap, type Clock } from '@penstock/resilience';
import type { Connection } from './connection.js';
import { encodeLines, type LineResult } from './line-result.js';
import { LINES_TOGETHER, shelfOf, subjectOfLines } from './line-subjects.js';
import { publishDurably, type Publication } from './publish-durably.js';

/** How long a result may wait for others. */
const GATHER_MS = 5;

/** Bytes of one message, unless a single result is longer: several of that length would be more than a server takes. */
const MOST_BYTES = 256 * 1024;

interface Gathered {
  readonly lines: LineResult[];
  readonly publication: Promise<Publication>;
  readonly publish: () => void;
  bytes: number;
}

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
  private readonly gathering = new FleetingMap<string, Gathered>();

  constructor(
    private readonly connection: Pick<Connection, 'acks'>,
    private readonly clock: Pick<Clock, 'after'>,
  ) {}

  /** Resolves when the message with this result is stored, or is not. One that is `hurried` waits for no others. */
  keep(tenant: string, { batch }: LineId, result: LineResult, hurried: boolean): Promise<Publication> {
    const shelf = `${tenant}.${batch}.${shelfOf(result.line)}`;
    const bytes = result.answer.body.length + result.event.length;
    let gathered = this.gathering.get(shelf);
    // Nor the same line twice: each has one token of the subject.
    if (
      gathered &&
      (gathered.bytes + bytes > MOST_BYTES || gathered.lines.some(({ line }) => line === result.line))
    ) {
      gathered.publish();
      gathered = undefined;
    }
    gathered ??= this.begin(shelf, tenant, batch);
    gathered.lines.push(result);
    gathered.bytes += bytes;
    if (hurried || gathered.lines.length >= LINES_TOGETHER) gathered.publish();
    return gathered.publication;
  }

  private begin(shelf: string, tenant: string, batch: string): Gathered {
    const lines: LineResult[] = [];
    let publish!: () => void;
    const publication = new Promise<Publication>((resolve) => {
      publish = () => {
        if (this.gathering.get(shelf) !== gathered) return;
        this.gathering.delete(shelf);
        lines.sort((a, b) => a.line - b.line);
        const numbers = lines.map(({ line }) => line);
        const subject = subjectOfLines(tenant, batch, numbers);
        resolve(publishDurably(this.connection, subject, encodeLines(lines), { first: true }));
      };
    });
    const gathered: Gathered = { lines, publication, publish, bytes: 0 };
    this.gathering.set(shelf, gathered);
    this.clock.after(GATHER_MS, publish);
    return gathered;
  }
}
