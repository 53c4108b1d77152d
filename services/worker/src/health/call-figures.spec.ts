import { ManualClock } from '@penstock/resilience';
import type { AttemptRecord } from '@penstock/contracts';
import { CallFigures } from './call-figures.js';

const call = (firstByteMs: number, endMs: number): AttemptRecord => ({
  id: 'att_1',
  number: 1,
  deployment: 'd',
  provider: 'p',
  upstreamModel: 'm',
  worker: 'w',
  startedAtMs: 0,
  firstByteAtMs: firstByteMs,
  endedAtMs: endMs,
});

describe('what is slow at a deployment', () => {
  const setup = (calls: number, streamed: boolean) => {
    const clock = new ManualClock();
    const figures = new CallFigures('d', clock);
    for (let n = 1; n <= calls; n++) figures.record(call(n * 10, n * 100), streamed);
    return { clock, figures };
  };

  it('is not known of few calls', () => {
    expect(setup(19, true).figures.slowMs(true)).toBeUndefined();
  });

  it('is what 95 % take to the first token of a stream, and to the end of what is not streamed', () => {
    const streams = setup(100, true).figures;
    expect(streams.slowMs(true)).toBeGreaterThan(920);
    expect(streams.slowMs(true)).toBeLessThan(980);
    const whole = setup(100, false).figures;
    expect(whole.slowMs(true)).toBeUndefined();
    expect(whole.slowMs(false)).toBeGreaterThan(9_200);
  });

  it('is looked up once a second, and forgotten after five minutes', () => {
    const { clock, figures } = setup(20, true);
    const before = figures.slowMs(true);
    for (let n = 0; n < 100; n++) figures.record(call(5_000, 5_000), true);
    expect(figures.slowMs(true)).toBe(before);
    clock.advance(1_000);
    expect(figures.slowMs(true)).toBeGreaterThan(4_800);
    clock.advance(300_000);
    expect(figures.slowMs(true)).toBeUndefined();
  });
});
