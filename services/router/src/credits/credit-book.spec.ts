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
});
