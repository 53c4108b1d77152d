import { FleetingMap, type Clock } from '@penstock/resilience';

export interface GatheringTerms<Item, Sent> {
  /** How long an item may wait for others. */
  readonly forMs: number;
  /** So many go on at once, however little time has passed. */
  readonly mostItems: number;
  /** Items go on before they come to more than this together; one that is longer goes alone. */
  readonly mostLength: number;
  /** Sends items of one key, in the order in which they came. */
  readonly send: (key: string, items: Item[]) => Promise<Sent>;
}

interface Gathered<Item, Sent> {
  readonly items: Item[];
  readonly sent: Promise<Sent>;
  readonly send: () => void;
  length: number;
}

/** Puts off what nobody waits for by a few milliseconds, to send what comes by then with it: by key, in one message. */
export class Gathering<Item, Sent> {
  private readonly gathered = new FleetingMap<string, Gathered<Item, Sent>>();

  constructor(
    private readonly clock: Pick<Clock, 'after'>,
    private readonly terms: GatheringTerms<Item, Sent>,
  ) {}

  /** What waits under a key. */
  waiting(key: string): readonly Item[] {
    return this.gathered.get(key)?.items ?? [];
  }

  /** Resolves with what came of the message with this item. */
  add(key: string, item: Item, length: number): Promise<Sent> {
    const { mostItems, mostLength } = this.terms;
    if ((this.gathered.get(key)?.length ?? 0) + length > mostLength) this.send(key);
    const gathered = this.gathered.get(key) ?? this.begin(key);
    gathered.items.push(item);
    gathered.length += length;
    if (gathered.items.length >= mostItems) gathered.send();
    return gathered.sent;
  }

  /** Sends what waits under a key, now. */
  send(key: string): void {
    this.gathered.get(key)?.send();
  }

  private begin(key: string): Gathered<Item, Sent> {
    const items: Item[] = [];
    const { promise, resolve } = Promise.withResolvers<Sent>();
    const send = () => {
      if (this.gathered.get(key) !== gathered) return;
      this.gathered.delete(key);
      resolve(this.terms.send(key, items));
    };
    const gathered: Gathered<Item, Sent> = { items, sent: promise, send, length: 0 };
    this.gathered.set(key, gathered);
    this.clock.after(this.terms.forMs, send);
    return gathered;
  }
}
