import fc from 'fast-check';

import { Ledger } from './ledger.js';
import type { LedgerEntry } from './ledger-entry.js';

function call(n: number, more: Partial<LedgerEntry> = {}): Omit<LedgerEntry, 'sequence'> {
  return {
    attempt: `att_${n}`,
    api: 'openai.chat',
    model: `m${n % 3}`,
    key: 'none',
    startedAtMs: n,
    endedAtMs: n + 0.5,
    outcome: 'completed',
    fault: null,
    status: 200,
    streamed: n % 2 === 0,
    callerLeft: false,
    inputTokens: n,
    outputTokens: 2 * n,
    cachedTokens: 0,
    cacheWriteTokens: 0,
    reasoningTokens: 0,
    ...more,
  };
}

describe('the ledger', () => {
  it('gives back the newest entries as they were put in, page by page, and counts those it dropped', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3000 }),
        fc.nat(4000),
        fc.integer({ min: 1, max: 900 }),
        (capacity, count, limit) => {
          const ledger = new Ledger(capacity);
          for (let n = 1; n <= count; n++) ledger.append(call(n));
          const read: LedgerEntry[] = [];
          for (let after: number | undefined = 0; after !== undefined;) {
            const page = ledger.read({}, after, limit);
            read.push(...page.entries);
            after = page.next;
          }
          const first = Math.max(1, count - capacity + 1);
          const kept = Array.from({ length: count - first + 1 }, (_, i) => ({
            ...call(first + i),
            sequence: first + i,
          }));
          expect(read).toEqual(kept);
          expect({ size: ledger.size, dropped: ledger.dropped }).toEqual({
            size: kept.length,
            dropped: first - 1,
          });
        },
      ),
      { numRuns: 30 },
    );
  });

  it('filters by model, attempt, outcome and time', () => {
    const ledger = new Ledger(100);
    for (let n = 1; n <= 9; n++) ledger.append(call(n));
    ledger.append(call(10, { outcome: 'faulted', fault: 'cut', status: 0, callerLeft: true }));
    const sequences = (filter: Parameters<Ledger['read']>[0]) =>
      ledger.read(filter, 0, 99).entries.map((e) => e.sequence);
    expect(sequences({ model: 'm1' })).toEqual([1, 4, 7, 10]);
    expect(sequences({ attempt: 'att_4' })).toEqual([4]);
    expect(sequences({ outcome: 'faulted' })).toEqual([10]);
    expect(sequences({ fromMs: 3.5, toMs: 5.5 })).toEqual([3, 4]);
    expect(ledger.read({ attempt: 'att_10' }, 0, 1).entries[0]).toMatchObject({
      fault: 'cut',
      status: 0,
      callerLeft: true,
    });
  });

  it('forgets when cleared, and goes on counting', () => {
    const ledger = new Ledger(2);
    for (let n = 1; n <= 3; n++) ledger.append(call(n));
    ledger.clear();
    expect({ size: ledger.size, dropped: ledger.dropped, page: ledger.read({}, 0, 9) }).toEqual({
      size: 0,
      dropped: 0,
      page: { entries: [] },
    });
    ledger.append(call(4));
    expect(ledger.read({}, 0, 9).entries).toMatchObject([{ sequence: 4, attempt: 'att_4' }]);
  });
});
