import { SUBJECT } from '@penstock/contracts';
import { FleetingMap, type Clock } from '@penstock/resilience';
import type { Connection } from './connection.js';
import { publishDurably, type Publication } from './publish-durably.js';

/** How long an event may wait for others. */
const GATHER_MS = 5;

/** So many go on at once, however little time has passed. */
const MOST_EVENTS = 64;

/** The same, in characters: far below the largest message that a server takes. */
const MOST_LENGTH = 256 * 1024;

interface Gathered {
  readonly texts: string[];
  readonly publication: Promise<Publication>;
  readonly publish: () => void;
  length: number;
}

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
  private readonly gathering = new FleetingMap<string, Gathered>();

  constructor(
    private readonly connection: Pick<Connection, 'acks'>,
    private readonly clock: Pick<Clock, 'after'>,
  ) {}

  /** Resolves when the message with this event (its JSON) is stored, or is not. */
  tell(tenant: string, text: string): Promise<Publication> {
    const gathered = this.gathering.get(tenant) ?? this.begin(tenant);
    gathered.texts.push(text);
    gathered.length += text.length;
    if (gathered.texts.length >= MOST_EVENTS || gathered.length >= MOST_LENGTH) gathered.publish();
    return gathered.publication;
  }

  private begin(tenant: string): Gathered {
    const texts: string[] = [];
    let publish!: () => void;
    const publication = new Promise<Publication>((resolve) => {
      publish = () => {
        if (this.gathering.get(tenant) !== gathered) return;
        this.gathering.delete(tenant);
        resolve(publishDurably(this.connection, SUBJECT.outcomes(tenant), texts.join('\n')));
      };
    });
    const gathered: Gathered = { texts, publication, publish, length: 0 };
    this.gathering.set(tenant, gathered);
    this.clock.after(GATHER_MS, publish);
    return gathered;
  }
}
