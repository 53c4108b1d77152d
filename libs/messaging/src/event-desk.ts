import { SUBJECT } from '@penstock/contracts';
import type { Clock } from '@penstock/resilience';
import type { Connection } from './connection.js';
import { Gathering } from './gathering.js';
import { publishDurably, type Publication } from './publish-durably.js';

/** How long an event may wait for others. */
const GATHER_MS = 5;

/** So many go on at once, however little time has passed. */
const MOST_EVENTS = 64;

/** The same, in characters: far below the largest message that a server takes. */
const MOST_LENGTH = 256 * 1024;

/**
 * Tells of the ends of jobs that nobody waits for one by one, many in one message: what a message costs (its place in
 * the stream, its way to every reader, its acknowledgements) was a sixth of what a batch line costs.
 *
 * A message is of one tenant, because the tenant in its subject is what a server's permissions guard. Nothing is
 * written down before `tell` resolves, and an event told twice, in whatever company, is harmless: what it becomes is
 * unique by its attempt or its job. So a message has no id of its own: one made of its events would have the server take
 * a second try in other company for the first, and drop who had joined.
 */
export class EventDesk {
  private readonly gathering: Gathering<string, Publication>;

  constructor(connection: Pick<Connection, 'acks'>, clock: Pick<Clock, 'after'>) {
    this.gathering = new Gathering(clock, {
      ...{ forMs: GATHER_MS, mostItems: MOST_EVENTS, mostLength: MOST_LENGTH },
      send: (tenant, texts) => publishDurably(connection, SUBJECT.outcomes(tenant), texts.join('\n')),
    });
  }

  /** Resolves when the message with this event (its JSON) is stored, or is not. */
  tell(tenant: string, text: string): Promise<Publication> {
    return this.gathering.add(tenant, text, text.length);
  }
}
