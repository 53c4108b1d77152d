import { CreditBook, WORKER_SILENCE_MS } from './credit-book.js';

const DEPLOYMENT = 'sim/small';

function heartbeat(granted: number) {
  const health = { deployment: DEPLOYMENT, breaker: 'closed' as const, running: 0, slots: 4 };
  return {
    worker: 'w',
    draining: false,
    deployments: [{ ...health, granted: { r: granted } }],
  } as unknown as Parameters<CreditBook['heard']>[0];
}

describe('the credits of a worker', () => {
  it('are passed over while it is silent, and are news when it is heard of again', () => {
    const book = new CreditBook('r');
    book.granted({ worker: 'w', credits: [{ deployment: DEPLOYMENT, count: 4 }] }, 0);
    const lateMs = WORKER_SILENCE_MS + 1;
    expect(book.spend(DEPLOYMENT, lateMs)).toBeUndefined();
    expect(book.heard(heartbeat(4), lateMs)).toEqual([DEPLOYMENT]);
    expect(book.spend(DEPLOYMENT, lateMs)).toBe('w');
  });

  it('are no news while it is heard of all along', () => {
    const book = new CreditBook('r');
    book.granted({ worker: 'w', credits: [{ deployment: DEPLOYMENT, count: 4 }] }, 0);
    expect(book.heard(heartbeat(4), 1_000)).toEqual([]);
    expect(book.heard(heartbeat(6), 2_000)).toEqual([DEPLOYMENT]);
  });

  it('are agreed on again when they were lost on their way, although the worker keeps asking them back', () => {
    const book = new CreditBook('r');
    expect(book.heard(heartbeat(0), 0)).toEqual([]);
    const asked = { worker: 'w', credits: [{ deployment: DEPLOYMENT, count: -3 }] };
    for (let atMs = 100; atMs < 900; atMs += 200) expect(book.granted(asked, atMs).back).toEqual([]);
    expect(book.heard(heartbeat(4), 1_000)).toEqual([DEPLOYMENT]);
    expect(book.granted(asked, 1_100).back).toEqual([{ deployment: DEPLOYMENT, count: 3 }]);
    expect(book.spend(DEPLOYMENT, 1_100)).toBe('w');
  });
});
