import fc from 'fast-check';

import { KEEP_EVENTS_MS, KEEP_EVENTS_PRESSED_MS, trimEvents, type EventLog } from './trim-events.js';

interface Stored {
  readonly sequence: number;
  readonly atMs: number;
}

/** A stream in memory: the port's meaning, written down as plainly as it goes. */
class ArrayLog implements EventLog {
  constructor(
    public messages: Stored[],
    private readonly settled: readonly number[],
    private readonly last = messages.at(-1)?.sequence ?? 0,
    private readonly taken = 0,
  ) {}

  filled = () => Promise.resolve(this.taken);
  lastSequence = () => Promise.resolve(this.last);
  settledSequences = () => Promise.resolve(this.settled);

  firstSequenceSince(instantMs: number) {
    return Promise.resolve(this.messages.find(({ atMs }) => atMs >= instantMs)?.sequence);
  }

  removeBefore(sequence: number) {
    const before = this.messages.length;
    this.messages = this.messages.filter((message) => message.sequence >= sequence);
    return Promise.resolve(before - this.messages.length);
  }
}

const NOW = 1_800_000_000_000;

function aged(...agesMs: number[]): Stored[] {
  return agesMs.map((ageMs, i) => ({ sequence: i + 1, atMs: NOW - ageMs }));
}

const OLD = KEEP_EVENTS_MS + 1;
const YOUNG = KEEP_EVENTS_MS - 1;

describe('trimEvents', () => {
  it('removes what everybody has and nobody needs any more', async () => {
    const log = new ArrayLog(aged(OLD, OLD, OLD, YOUNG), [4, 4]);
    expect(await trimEvents(log, NOW)).toBe(3);
    expect(log.messages.map(({ sequence }) => sequence)).toEqual([4]);
  });

  it('waits for the slowest consumer, however old the events get', async () => {
    const log = new ArrayLog(aged(OLD * 100, OLD * 100, OLD * 100), [3, 1]);
    expect(await trimEvents(log, NOW)).toBe(1);
    expect(log.messages.map(({ sequence }) => sequence)).toEqual([2, 3]);
  });

  it('removes nothing that a consumer has never seen', async () => {
    const log = new ArrayLog(aged(OLD, OLD), [0, 2]);
    expect(await trimEvents(log, NOW)).toBe(0);
  });

  it('leaves a stream alone that nobody reads durably', async () => {
    const log = new ArrayLog(aged(OLD, OLD), []);
    expect(await trimEvents(log, NOW)).toBe(0);
  });

  it('empties a stream in which all is old and settled', async () => {
    const log = new ArrayLog(aged(OLD, OLD), [2]);
    expect(await trimEvents(log, NOW)).toBe(2);
    expect(await trimEvents(log, NOW)).toBe(0);
  });

  it('keeps less of what everybody has when the stream fills up, and still all that somebody has not', async () => {
    const pressed = KEEP_EVENTS_PRESSED_MS;
    const log = new ArrayLog(aged(OLD, pressed + 1, pressed + 1, pressed - 1), [2, 4], 4, 0.51);
    expect(await trimEvents(log, NOW)).toBe(2);
    expect(log.messages.map(({ sequence }) => sequence)).toEqual([3, 4]);
  });

  it('never removes an event that is young or unsettled, and leaves no other', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 3 * KEEP_EVENTS_MS }), { maxLength: 30 }),
        fc.array(fc.nat({ max: 30 }), { minLength: 1, maxLength: 4 }),
        async (ages, settled) => {
          const messages = aged(...ages.sort((a, b) => b - a));
          const log = new ArrayLog(messages, settled);
          const floor = Math.min(...settled);
          await trimEvents(log, NOW);
          const due = ({ sequence, atMs }: Stored) => sequence <= floor && atMs < NOW - KEEP_EVENTS_MS;
          expect(log.messages).toEqual(messages.filter((message) => !due(message)));
        },
      ),
    );
  });
});
