import { DEFAULT_MODELS } from './default-models.js';
import { modelOf, readModelPatch, readModels } from './read-model.js';

describe('settings of a model', () => {
  it('take their defaults where nothing is said', () => {
    expect(readModels([{ id: 'a' }, { id: 'b', kind: 'embedding', limits: { concurrency: 3 } }])).toEqual({
      ok: true,
      value: [modelOf('a'), modelOf('b', 'embedding', { limits: { concurrency: 3 } })],
    });
  });

  it('take faults as they are written in a header', () => {
    expect(
      readModelPatch({
        faults: [
          { fault: 503, rate: 0.5 },
          { fault: 'cut; after=1', every: 4 },
        ],
      }),
    ).toEqual({
      ok: true,
      value: {
        faults: [
          { fault: { kind: 'status', status: 503 }, rate: 0.5 },
          { fault: { kind: 'cut', afterEvents: 1, midEvent: false }, every: 4 },
        ],
      },
    });
  });

  it('take distributions', () => {
    const latency = {
      firstTokenMs: { lognormal: { median: 200, sigma: 0.4 } },
      tokensPerSecond: { uniform: [20, 80] },
    };
    expect(readModelPatch({ latency })).toEqual({ ok: true, value: { latency } });
  });

  it.each([
    ['an unknown field', { limit: {} }, /limit/],
    ['a fault that is none', { faults: [{ fault: 'fire' }] }, /faults\.0\.fault.*fire/],
    [
      'rates above 1',
      {
        faults: [
          { fault: 500, rate: 0.7 },
          { fault: 503, rate: 0.7 },
        ],
      },
      /faults.*more than 1/,
    ],
    ['a negative limit', { limits: { concurrency: -1 } }, /limits\.concurrency/],
  ])('are refused with %s', (_what, patch, problem) => {
    const read = readModelPatch(patch);
    expect(read).toMatchObject({ ok: false, problems: [expect.stringMatching(problem)] });
  });

  it('are by default those of four models, of which sim-flaky fails half of its calls', () => {
    expect(DEFAULT_MODELS.map(({ id }) => id)).toEqual([
      'sim-small',
      'sim-large',
      'sim-flaky',
      'sim-embedding',
      'sim-moderation',
      'sim-image',
      'sim-speech',
      'sim-transcription',
    ]);
    const flaky = DEFAULT_MODELS.find(({ id }) => id === 'sim-flaky');
    expect(flaky?.faults.reduce((sum, { rate }) => sum + (rate ?? 0), 0)).toBeCloseTo(0.5);
  });
});
