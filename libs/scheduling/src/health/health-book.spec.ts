import type { DeploymentFigures, DeploymentHealth, SampledPercentiles } from '@penstock/contracts';
import { HealthBook } from './health-book.js';
import { refuseDeadline } from './refuse-deadline.js';

const health = (more: Partial<DeploymentHealth> = {}): DeploymentHealth => ({
  deployment: 'a',
  breaker: 'closed',
  running: 0,
  slots: 10,
  granted: {},
  ...more,
});

const flat = (value: number, samples = 10): SampledPercentiles => ({
  samples,
  p50: value,
  p75: value,
  p90: value,
  p99: value,
});

const figures = (failed: number, more: Partial<DeploymentFigures> = {}): DeploymentFigures => {
  const count = { calls: 10, failed };
  return {
    deployment: 'a',
    calls: { last30s: count, last5m: count, last30m: count, last1d: count },
    ...more,
  };
};

const beat = (worker: string, one: DeploymentHealth, draining = false) => ({
  worker,
  deployments: [one],
  draining,
  running: [],
});

describe('HealthBook', () => {
  it('takes a deployment that nobody told of to be well', () => {
    expect(new HealthBook().report('a', 0)).toMatchObject({
      breaker: 'closed',
      degraded: false,
      headroom: 1,
    });
  });

  it('adds up slots, and is open only where every worker is', () => {
    const book = new HealthBook();
    book.heard(beat('w1', health({ breaker: 'open', running: 4 })), 0);
    expect(book.report('a', 0)).toMatchObject({ breaker: 'open', slots: 10, headroom: 0.6 });
    expect(book.heard(beat('w2', health({ running: 2 })), 0)).toEqual(['a']);
    expect(book.report('a', 0)).toMatchObject({ breaker: 'closed', slots: 20, headroom: 0.7 });
  });

  it('forgets what a silent or draining worker said of its slots', () => {
    const book = new HealthBook();
    book.heard(beat('w1', health()), 0);
    book.heard(beat('w2', health()), 3_000);
    expect(book.report('a', 4_000).slots).toBe(10);
    book.heard(beat('w2', health(), true), 4_000);
    expect(book.report('a', 4_000).slots).toBe(0);
  });

  it('says which deployments can be called now and could not, or the other way', () => {
    const book = new HealthBook();
    expect(book.heard(beat('w1', health()), 0)).toEqual([]);
    expect(book.heard(beat('w1', health({ closedUntilMs: 5_000 })), 1_000)).toEqual(['a']);
    expect(book.heard(beat('w1', health({ closedUntilMs: 5_000 })), 2_000)).toEqual([]);
    expect(book.heard(beat('w1', health({ closedUntilMs: 5_000 })), 5_000)).toEqual([]);
    expect(book.report('a', 5_000).closedUntilMs).toBeUndefined();
  });

  it('averages the percentiles of workers by their calls, and adds up counts', () => {
    const book = new HealthBook();
    book.told({ worker: 'w1', deployments: [figures(1, { firstTokenMs: flat(100, 30) })] }, 0);
    book.told({ worker: 'w2', deployments: [figures(6, { firstTokenMs: flat(200, 10) })] }, 0);
    const report = book.report('a', 0);
    expect(report.firstTokenMs).toEqual({ p50: 125, p75: 125, p90: 125, p99: 125 });
    expect(report.calls.last1d).toEqual({ calls: 20, failed: 7 });
    expect(report.degraded).toBe(true);
    expect(book.report('a', 600_000).calls.last1d.calls).toBe(0);
  });

  it('takes whole calls for the first token where nothing is streamed', () => {
    const book = new HealthBook();
    book.told({ worker: 'w1', deployments: [figures(0, { callMs: flat(70) })] }, 0);
    expect(book.report('a', 0).firstTokenMs?.p50).toBe(70);
  });

  it('refuses a deadline that even the quickest deployment cannot meet, and none while one is unknown', () => {
    const book = new HealthBook();
    book.told({ worker: 'w1', deployments: [figures(0, { firstTokenMs: flat(400) })] }, 0);
    expect(refuseDeadline(book, ['a'], 150, 0, 'deadline')).toMatchObject({
      code: 'unprocessable',
      param: 'deadline',
    });
    expect(refuseDeadline(book, ['a'], 250, 0, 'deadline')).toBeUndefined();
    expect(refuseDeadline(book, ['a', 'b'], 1, 0, 'deadline')).toBeUndefined();
  });
});
