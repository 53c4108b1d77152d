import { ManualClock } from '@penstock/resilience';
import { BreakerBoard } from './breaker-board.js';

const RESET_MS = 20;

describe('a half-open breaker that is tried with a stream', () => {
  const setup = async () => {
    const clock = new ManualClock();
    const states: string[] = [];
    let halfOpen!: () => void;
    const isHalfOpen = new Promise<void>((resolve) => (halfOpen = resolve));
    const changed = (_: string, state: string) => {
      states.push(state);
      if (state === 'half_open') halfOpen();
    };
    const board = new BreakerBoard(clock, changed, { volumeThreshold: 1, resetMs: RESET_MS });
    await board.run('d', () => Promise.resolve('failed'), Boolean);
    await isHalfOpen;
    let end!: (how: string) => void;
    const trial = board.run('d', () => new Promise<string>((resolve) => (end = resolve)), Boolean);
    return { board, clock, states, trial, end };
  };

  it('closes while the stream goes on, when it has for as long as the breaker was open', async () => {
    const { board, clock, states, trial, end } = await setup();
    clock.advance(RESET_MS);
    expect(states.at(-1)).toBe('half_open');
    board.streaming('d');
    clock.advance(RESET_MS - 1);
    expect(states.at(-1)).toBe('half_open');
    clock.advance(1);
    expect(states.at(-1)).toBe('closed');
    end('');
    await trial;
    board.close();
  });

  it('opens when the stream breaks before', async () => {
    const { board, clock, states, trial, end } = await setup();
    board.streaming('d');
    end('cut');
    await trial;
    expect(states.at(-1)).toBe('open');
    expect(clock.waiting).toBe(0);
    board.close();
  });
});
