import { UNKNOWN_STATE, type DeploymentState } from '../candidates/deployment-state.js';
import type { RankedCandidate } from '../candidates/rank-candidates.js';
import { makeDeployment } from '../specimen/make-deployment.js';
import { makeAttempt, makeJob } from '../specimen/make-job.js';
import { hedgeTerms, type HedgeableJob } from './hedge-terms.js';

const candidate = (id: string, state: Partial<DeploymentState> = {}, model = 'small'): RankedCandidate => ({
  model,
  deployment: makeDeployment(id),
  state: { ...UNKNOWN_STATE, ...state },
  strategy: 'ordered',
  pushedBack: [],
});

const [first, second] = [candidate('a/1'), candidate('a/2')];
const awaited = makeJob({ class: 'interactive', replySubject: 'reply.i.job_1' });
const terms = (more: Partial<HedgeableJob> = {}) =>
  hedgeTerms({
    job: awaited,
    policy: { budget: 0.02 },
    preferences: {},
    candidates: [first, second],
    taken: first,
    attemptsAllowed: 5,
    nowMs: 0,
    ...more,
  });

describe('whether an attempt may be hedged', () => {
  it('is so where the model says it, for who waits for an interactive job', () => {
    expect(terms()).toEqual({ to: ['a/2'], share: 0.02 });
    expect(terms({ policy: { budget: 0.01, afterMs: 800 } })).toEqual({
      to: ['a/2'],
      share: 0.01,
      afterMs: 800,
    });
  });

  it.each(['standard', 'batch'] as const)('is never so of class %s', (priorityClass) => {
    const preferences = { provider: { hedge: true } };
    expect(terms({ job: { ...awaited, class: priorityClass }, preferences })).toBeUndefined();
  });

  it('is not so of a job that nobody waits for', () => {
    expect(terms({ job: makeJob({ class: 'interactive' }) })).toBeUndefined();
  });

  it('is as the request says, where the model allows it', () => {
    const asked = { budget: 0.02, when: 'asked' as const };
    expect(terms({ preferences: { provider: { hedge: false } } })).toBeUndefined();
    expect(terms({ policy: asked })).toBeUndefined();
    expect(terms({ policy: asked, preferences: { provider: { hedge: true } } })).toBeDefined();
    expect(terms({ preferences: { provider: { hedge: { after_ms: 70 } } } })).toMatchObject({ afterMs: 70 });
    expect(terms({ policy: { budget: 0 } })).toBeUndefined();
  });

  it('is not so when the hedge would be an attempt too many', () => {
    const job = { ...awaited, attempts: [1, 2, 3, 4].map((n) => makeAttempt(n, 'a/1', 'server_error')) };
    expect(terms({ job, attemptsAllowed: 6 })).toBeDefined();
    expect(terms({ job, attemptsAllowed: 5 })).toBeUndefined();
  });

  it('names places that serve the same model and can be used now, the best first', () => {
    const candidates = [
      candidate('a/3'),
      first,
      candidate('a/4', { breaker: 'half_open' }),
      candidate('a/5', { closedUntilMs: 1 }),
      candidate('a/6', { degraded: true }),
      candidate('a/7', {}, 'large'),
      second,
    ];
    expect(terms({ candidates })?.to).toEqual(['a/3', 'a/2']);
    expect(terms({ candidates: candidates.slice(1, 6) })).toBeUndefined();
  });
});
