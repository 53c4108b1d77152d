import { ManualClock } from '@penstock/resilience';
import { Pool, type Credential } from './pool.js';
import type { Seat } from './seat.js';
import { SlotBoard } from './slot-board.js';

const SMALL = { inputTokens: 10, outputTokens: 90 };
const DEPLOYMENT = 'sim/small';

describe('the slots of a deployment whose breaker is half-open', () => {
  const setup = () => {
    const clock = new ManualClock();
    const credential = { name: 'key', limits: {} } as unknown as Credential;
    const board = new SlotBoard();
    board.add(DEPLOYMENT, [new Pool(DEPLOYMENT, credential, clock, () => undefined)]);
    board.routerSeen('r', {}, {}, 0);
    const grant = () => board.distribute(0).reduce((sum, { count }) => sum + count, 0);
    const start = () => board.start('r', DEPLOYMENT, SMALL, 0);
    const startAll = () => {
      const seats: Seat[] = [];
      for (let seat = start(); seat; seat = start()) seats.push(seat);
      return seats;
    };
    return { board, grant, start, startAll };
  };

  it('are one to try with, although calls from before it opened still run', () => {
    const { board, grant, start, startAll } = setup();
    expect(grant()).toBeGreaterThan(1);
    expect(start()).toBeDefined();
    board.setBreaker(DEPLOYMENT, 'open');
    board.creditsReturned('r', DEPLOYMENT, -grant());
    expect(startAll()).toHaveLength(0);

    board.setBreaker(DEPLOYMENT, 'half_open');
    expect(grant()).toBe(1);
    expect(startAll()).toHaveLength(1);
    expect(grant()).toBe(0);
  });

  it('are one again when the trial called no provider', () => {
    const { board, grant, start } = setup();
    board.setBreaker(DEPLOYMENT, 'half_open');
    grant();
    const trial = start();
    expect(grant()).toBe(0);
    board.end('r', DEPLOYMENT, trial!, { kind: 'unused' });
    expect(grant()).toBe(1);
  });
});
