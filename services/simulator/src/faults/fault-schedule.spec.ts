import { seededRandom } from '@penstock/resilience';

import type { Fault, FaultRule } from './fault.js';
import { FaultSchedule } from './fault-schedule.js';
import { readFault } from './read-fault.js';

const HANG: Fault = { kind: 'hang' };
const RESET: Fault = { kind: 'reset' };

function strikes(
  rules: readonly FaultRule[],
  calls: number,
  atMs: (call: number) => number = () => 0,
  seed = 1,
) {
  const schedule = new FaultSchedule(rules, seededRandom(seed), 0);
  return Array.from({ length: calls }, (_, i) => schedule.next(atMs(i + 1))?.kind);
}

describe('a fault schedule', () => {
  it('strikes the same calls under the same seed, and others under another', () => {
    const rules = [{ fault: HANG, rate: 0.3 }];
    expect(strikes(rules, 200)).toEqual(strikes(rules, 200));
    expect(strikes(rules, 200)).not.toEqual(strikes(rules, 200, undefined, 2));
  });

  it('strikes at the rates it was given, side by side', () => {
    const kinds = strikes(
      [
        { fault: HANG, rate: 0.3 },
        { fault: RESET, rate: 0.2 },
      ],
      10_000,
    );
    const share = (kind: string | undefined) => kinds.filter((found) => found === kind).length / kinds.length;
    expect(share('hang')).toBeCloseTo(0.3, 1);
    expect(share('reset')).toBeCloseTo(0.2, 1);
    expect(share(undefined)).toBeCloseTo(0.5, 1);
  });

  it('strikes every nth call, from one call to another, and between two times', () => {
    expect(strikes([{ fault: HANG, every: 3 }], 7)).toEqual([
      undefined,
      undefined,
      'hang',
      undefined,
      undefined,
      'hang',
      undefined,
    ]);
    expect(strikes([{ fault: HANG, fromCall: 2, toCall: 3 }], 4)).toEqual([
      undefined,
      'hang',
      'hang',
      undefined,
    ]);
    const byTime = strikes([{ fault: HANG, fromMs: 100, toMs: 200 }], 4, (call) => call * 60);
    expect(byTime).toEqual([undefined, 'hang', 'hang', undefined]);
  });

  it('takes the first rule that strikes', () => {
    expect(strikes([{ fault: RESET, every: 2 }, { fault: HANG }], 2)).toEqual(['hang', 'reset']);
  });
});

describe('a fault as it is written', () => {
  it.each<[string, Fault | undefined]>([
    ['500', { kind: 'status', status: 500 }],
    ['429', { kind: 'status', status: 429, retryAfterMs: 1000 }],
    ['429; retry-after-ms=2500', { kind: 'status', status: 429, retryAfterMs: 2500 }],
    ['hang', { kind: 'hang' }],
    ['wrong-content-type', { kind: 'wrong_content_type' }],
    ['cut', { kind: 'cut', afterEvents: 2, midEvent: false }],
    ['cut; after=5; mid', { kind: 'cut', afterEvents: 5, midEvent: true }],
    ['truncate;after=0', { kind: 'truncate', afterEvents: 0 }],
    ['drip; bytes=3; ms=7', { kind: 'drip', bytes: 3, pauseMs: 7 }],
    ['200', undefined],
    ['toString', undefined],
    ['', undefined],
  ])('%j', (order, fault) => {
    expect(readFault(order)).toEqual(fault);
  });
});
