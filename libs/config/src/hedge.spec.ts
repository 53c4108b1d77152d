import { loadConfig } from './load-config.js';

/** A model with two deployments, and what it says of hedging. */
const file = (hedge: string, deployments = '[sim/one, sim/two]') => `
providers:
  sim: { adapter: openai, baseUrl: "http://127.0.0.1:9100/v1" }
deployments:
  - { id: sim/one, provider: sim, model: gpt-4.1 }
  - { id: sim/two, provider: sim, model: gpt-4.1 }
models:
  small: { deployments: ${deployments}${hedge} }
tenants:
  - { id: acme, keys: [] }
`;
const hedgeOf = (hedge: string, deployments?: string) =>
  loadConfig('/penstock.yaml', {}, () => file(hedge, deployments)).models['small']?.hedge;

describe('hedging in the configuration', () => {
  it('is off unless a model says it', () => {
    expect(hedgeOf('')).toBeUndefined();
  });

  it('is after p95 and within two per cent, or as the model says', () => {
    expect(hedgeOf(', hedge: {}')).toEqual({ budget: 0.02, when: 'always' });
    expect(hedgeOf(', hedge: { after: p95, budget: 0.01 }')).toEqual({ budget: 0.01, when: 'always' });
    expect(hedgeOf(', hedge: { after: 800ms, when: asked }')).toEqual({
      afterMs: 800,
      budget: 0.02,
      when: 'asked',
    });
  });

  it.each([
    [', hedge: { after: p50 }', /models\.small\.hedge\.after must be p95 or a duration such as 800ms$/],
    [', hedge: { after: 800 }', /models\.small\.hedge\.after must be p95 or a duration such as 800ms$/],
    [', hedge: { budget: 2 }', /models\.small\.hedge\.budget must be at most 0\.1$/],
    [', hedge: { budget: 2% }', /models\.small\.hedge\.budget must be a number/],
    [', hedge: { when: often }', /models\.small\.hedge\.when must be one of always, asked$/],
    [
      ', hedge: { share: 1 }',
      /models\.small\.hedge\.share is not known here; known are after, budget, when$/,
    ],
    [', hedge: true', /models\.small\.hedge must be a map/],
  ])('refuses %j, by its field', (hedge, problem) => {
    expect(() => hedgeOf(hedge)).toThrow(problem);
  });

  it('refuses one that has nowhere to go', () => {
    expect(() => hedgeOf(', hedge: {}', '[sim/one]')).toThrow(
      /models\.small\.hedge needs a second deployment to go to/,
    );
  });
});
