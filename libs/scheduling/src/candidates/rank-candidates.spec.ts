import { seededRandom } from '@penstock/resilience';
import * as fc from 'fast-check';
import { STRATEGIES } from '../preferences/routing-preferences.js';
import { makeDeployment, makeRequest, makeRoute } from '../specimen/make-deployment.js';
import { rankCandidates, type Ranking, type RankingRequest } from './rank-candidates.js';

const ids = ({ candidates }: Ranking) => candidates.map(({ deployment }) => deployment.id);
const rank = (request: RankingRequest, seed = 1) => ids(rankCandidates(request, seededRandom(seed)));
const figures = (p50: number) => ({ p50, p75: p50, p90: p50, p99: p50 });

/** How often each deployment comes first in `count` rankings. */
function firsts(request: RankingRequest, count = 4_000): Record<string, number> {
  const random = seededRandom(7);
  const seen: Record<string, number> = {};
  for (let i = 0; i < count; i++) {
    const first = ids(rankCandidates({ ...request, job: `job_${i}` }, random))[0]!;
    seen[first] = (seen[first] ?? 0) + 1;
  }
  return seen;
}

describe('rankCandidates', () => {
  const three = [makeDeployment('a/1'), makeDeployment('b/1'), makeDeployment('c/1')];

  it('keeps the configured order where it is asked to, and sends what is out to the back', () => {
    expect(rank(makeRequest([makeRoute(three)]))).toEqual(['a/1', 'b/1', 'c/1']);
    const states = { 'a/1': { breaker: 'open' as const }, 'b/1': { closedUntilMs: 10 } };
    expect(rank(makeRequest([makeRoute(three)], { states }))).toEqual(['c/1', 'a/1', 'b/1']);
    expect(rank(makeRequest([makeRoute(three)], { states, nowMs: 10 }))).toEqual(['b/1', 'c/1', 'a/1']);
  });

  it('puts the cheapest for this very job first', () => {
    const deployments = [
      makeDeployment('long/answers', { price: { input: 5, output: 1 } }),
      makeDeployment('long/prompts', { price: { input: 1, output: 5 } }),
    ];
    const route = makeRoute(deployments, { strategy: 'cheapest' });
    const needs = (inputTokens: number, outputTokens: number) => ({ needs: { inputTokens, outputTokens } });
    expect(rank(makeRequest([route], needs(10_000, 100)))[0]).toBe('long/prompts');
    expect(rank(makeRequest([route], needs(100, 10_000)))[0]).toBe('long/answers');
  });

  it('orders by live figures, and gives one without figures its chance', () => {
    const states = {
      'a/1': { firstTokenMs: figures(400), tokensPerSecond: figures(90) },
      'b/1': { firstTokenMs: figures(200), tokensPerSecond: figures(30) },
    };
    const two = three.slice(0, 2);
    expect(rank(makeRequest([makeRoute(two, { strategy: 'fastest' })], { states }))).toEqual(['b/1', 'a/1']);
    expect(rank(makeRequest([makeRoute(two, { strategy: 'throughput' })], { states }))).toEqual([
      'a/1',
      'b/1',
    ]);
    const seen = firsts(makeRequest([makeRoute(three, { strategy: 'fastest' })], { states }));
    expect(seen['a/1']).toBeUndefined();
    expect(seen['c/1']).toBeGreaterThan(1_500);
    expect(seen['b/1']).toBeGreaterThan(1_500);
  });

  it('spreads by weight, and by the inverse square of the price', () => {
    const weighted = [makeDeployment('a/1', { weight: 3 }), makeDeployment('b/1', { weight: 1 })];
    const byWeight = firsts(makeRequest([makeRoute(weighted, { strategy: 'weighted' })]));
    expect(byWeight['a/1']! / byWeight['b/1']!).toBeCloseTo(3, 0);
    const priced = [
      makeDeployment('a/1', { price: { input: 1, output: 1 } }),
      makeDeployment('b/1', { price: { input: 2, output: 2 } }),
    ];
    const balanced = firsts(makeRequest([makeRoute(priced, { strategy: 'balanced' })]));
    expect(balanced['a/1']! / balanced['b/1']!).toBeGreaterThan(3.5);
    expect(balanced['a/1']! / balanced['b/1']!).toBeLessThan(4.5);
  });

  it('takes the better of two by headroom, so that the fullest is never first', () => {
    const states = { 'a/1': { headroom: 0.1 }, 'b/1': { headroom: 0.5 }, 'c/1': { headroom: 0.9 } };
    const seen = firsts(makeRequest([makeRoute(three, { strategy: 'least-loaded' })], { states }));
    expect(seen['a/1']).toBeUndefined();
    expect(seen['c/1']! / seen['b/1']!).toBeGreaterThan(1.7);
  });

  it('keeps a conversation where it was, and moves only those whose deployment went', () => {
    let hops = 0;
    const place = (conversation: string, states = {}) =>
      rank(
        makeRequest([makeRoute(three, { strategy: 'weighted' })], {
          preferences: { session_id: conversation },
          states,
        }),
        hops++,
      )[0];
    const counts: Record<string, number> = {};
    for (let i = 0; i < 600; i++) {
      const home = place(`conversation ${i}`)!;
      counts[home] = (counts[home] ?? 0) + 1;
      expect(place(`conversation ${i}`)).toBe(home);
      const without = place(`conversation ${i}`, { 'b/1': { breaker: 'open' } });
      if (home !== 'b/1') expect(without).toBe(home);
      else expect(without).not.toBe('b/1');
    }
    for (const id of ['a/1', 'b/1', 'c/1']) expect(counts[id]).toBeGreaterThan(150);
  });

  it('sends the canary its share, the same jobs every time, and keeps it last for the others', () => {
    const route = makeRoute(three, { canary: { deployment: 'c/1', percent: 10 } });
    const seen = firsts(makeRequest([route]), 10_000);
    expect(seen['c/1']! / 10_000).toBeCloseTo(0.1, 1);
    const other = rank(makeRequest([route], { job: 'job_1' }));
    for (let seed = 0; seed < 20; seed++)
      expect(rank(makeRequest([route], { job: 'job_1' }), seed)).toEqual(other);
    expect([0, 2]).toContain(other.indexOf('c/1'));
  });

  it('puts what the caller names first, and stops there when it wants no fallbacks', () => {
    const preferences = (provider: object) => makeRequest([makeRoute(three)], { preferences: { provider } });
    expect(rank(preferences({ order: ['c', 'b'] }))).toEqual(['c/1', 'b/1', 'a/1']);
    expect(rank(preferences({ order: ['c', 'b'], allow_fallbacks: false }))).toEqual(['c/1', 'b/1']);
    const ranking = rankCandidates(preferences({ allow_fallbacks: false }), seededRandom(1));
    expect(ids(ranking)).toEqual(['a/1']);
    expect(ranking.removed.map(({ constraint }) => constraint)).toEqual([
      'allow_fallbacks',
      'allow_fallbacks',
    ]);
  });

  it('puts back, but keeps, what misses the preferred figures', () => {
    const states = {
      'a/1': { firstTokenMs: { p50: 300, p75: 500, p90: 4_000, p99: 9_000 } },
      'b/1': { firstTokenMs: figures(900), tokensPerSecond: figures(20) },
    };
    const asked = (provider: object) =>
      makeRequest([makeRoute(three)], { preferences: { provider }, states });
    expect(rank(asked({ preferred_max_latency: 0.5 }))).toEqual(['a/1', 'c/1', 'b/1']);
    expect(rank(asked({ preferred_max_latency: { p50: 0.5, p90: 3 } }))).toEqual(['c/1', 'a/1', 'b/1']);
    expect(rank(asked({ preferred_min_throughput: 50 }))).toEqual(['a/1', 'c/1', 'b/1']);
    const ranking = rankCandidates(asked({ preferred_max_latency: 0.5 }), seededRandom(1));
    expect(ranking.candidates[2]!.pushedBack).toEqual(['preferred_max_latency']);
  });

  it('falls back to the next model only after all of the first, unless the caller sorts over both', () => {
    const routes = [
      makeRoute([makeDeployment('a/1', { price: { input: 9, output: 9 } })]),
      makeRoute([makeDeployment('b/1')], { model: 'other' }),
    ];
    const sorted = (sort: 'price' | { by: 'price'; partition: 'none' | 'model' }) =>
      rank(makeRequest(routes, { preferences: { provider: { sort } } }));
    expect(sorted('price')).toEqual(['a/1', 'b/1']);
    expect(sorted({ by: 'price', partition: 'model' })).toEqual(['a/1', 'b/1']);
    expect(sorted({ by: 'price', partition: 'none' })).toEqual(['b/1', 'a/1']);
  });

  it('neither loses nor doubles a deployment, whatever is asked', () => {
    fc.assert(
      fc.property(
        fc.record({
          count: fc.integer({ min: 0, max: 8 }),
          seed: fc.integer(),
          strategy: fc.constantFrom(...STRATEGIES),
          session: fc.option(fc.string({ minLength: 1, maxLength: 8 }), { nil: undefined }),
          ignored: fc.array(fc.integer({ min: 0, max: 8 })),
          down: fc.array(fc.integer({ min: 0, max: 8 })),
          prices: fc.array(fc.float({ min: 0, max: 10, noNaN: true }), { minLength: 8, maxLength: 8 }),
        }),
        ({ count, seed, strategy, session, ignored, down, prices }) => {
          const deployments = Array.from({ length: count }, (_, i) =>
            makeDeployment(`d${i}/x`, { price: { input: prices[i]!, output: 0 } }),
          );
          const request = makeRequest([makeRoute(deployments, { strategy })], {
            preferences: {
              provider: { ignore: ignored.map((i) => `d${i}`) },
              ...(session === undefined ? {} : { session_id: session }),
            },
            states: Object.fromEntries(down.map((i) => [`d${i}/x`, { breaker: 'open' as const }])),
          });
          const ranking = rankCandidates(request, seededRandom(seed));
          const all = [...ids(ranking), ...ranking.removed.map(({ deployment }) => deployment)];
          expect(all.toSorted()).toEqual(deployments.map(({ id }) => id).toSorted());
          for (const id of ids(ranking)) expect(ignored).not.toContain(Number(id[1]));
          const up = ranking.candidates.map(({ state }) => state.breaker === 'closed');
          expect(up).toEqual(up.toSorted((a, b) => Number(b) - Number(a)));
        },
      ),
    );
  });
});
