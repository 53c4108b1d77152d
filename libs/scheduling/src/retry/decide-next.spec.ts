import { FAILURE_REASONS, type FailureReason, type Job } from '@penstock/contracts';
import { seededRandom } from '@penstock/resilience';
import * as fc from 'fast-check';
import { makeAttempt, makeJob } from '../specimen/make-job.js';
import { decideNext, type NextStep, type RetryCandidate } from './decide-next.js';
import { DEFAULT_RETRY_POLICY } from './retry-policy.js';

const candidate = (deployment: string, more: Partial<RetryCandidate> = {}): RetryCandidate => ({
  deployment,
  model: 'small',
  breaker: 'closed',
  withinRetryBudget: true,
  ...more,
});

function decide(
  failures: readonly [deployment: string, reason: FailureReason][],
  candidates: readonly RetryCandidate[],
  more: {
    job?: Partial<Job>;
    retryAfterMs?: number;
    answerBegun?: boolean;
    nowMs?: number;
    draw?: number;
  } = {},
): NextStep {
  const { reason } = { reason: failures.at(-1)![1] };
  const attempts = failures.map(([deployment, why], i) => makeAttempt(i + 1, deployment, why));
  return decideNext({
    job: makeJob({ attempts, ...more.job }),
    failure: {
      reason,
      message: reason,
      ...(more.retryAfterMs === undefined ? {} : { retryAfterMs: more.retryAfterMs }),
    },
    answerBegun: more.answerBegun ?? false,
    candidates,
    nowMs: more.nowMs ?? 1_000,
    random: () => more.draw ?? 0.5,
  });
}

describe('decideNext', () => {
  const both = [candidate('a'), candidate('b')];

  it('tries the next deployment at once', () => {
    expect(decide([['a', 'server_error']], both)).toEqual({ forgiven: false, kind: 'retry', runsOn: ['b'] });
  });

  it('waits with full jitter when all had their chance, holding the lease for a short wait', () => {
    const step = decide(
      [
        ['a', 'server_error'],
        ['b', 'server_error'],
      ],
      both,
    );
    expect(step).toEqual({ forgiven: false, kind: 'wait', delayMs: 500, hold: 'lease', runsOn: ['a', 'b'] });
  });

  it('obeys Retry-After, spreads what comes after it, and parks a long wait in the delayed stream', () => {
    const step = decide([['a', 'rate_limited']], [candidate('a')], { retryAfterMs: 60_000, draw: 0.2 });
    expect(step).toEqual({ forgiven: true, kind: 'wait', delayMs: 60_100, hold: 'delayed', runsOn: ['a'] });
  });

  it('prefers a deployment that is open to one that the provider closed', () => {
    const step = decide([['a', 'rate_limited']], [candidate('a'), candidate('b', { closedUntilMs: 9_000 })], {
      retryAfterMs: 30_000,
      draw: 0,
    });
    expect(step).toMatchObject({ kind: 'wait', delayMs: 8_000 });
  });

  it('never retries the caller’s own fault', () => {
    expect(decide([['a', 'invalid_request']], both)).toMatchObject({ kind: 'fail', code: 'invalid_request' });
    expect(decide([['a', 'context_length_exceeded']], both)).toMatchObject({ kind: 'fail' });
  });

  it('falls back to another model that the caller listed when the prompt is too long for the first', () => {
    const step = decide([['a', 'context_length_exceeded']], [...both, candidate('c', { model: 'large' })]);
    expect(step).toMatchObject({ kind: 'retry', runsOn: ['c'] });
  });

  it('never retries once part of the answer has reached the caller', () => {
    const step = decide([['a', 'stream_interrupted']], both, { answerBegun: true });
    expect(step).toMatchObject({ kind: 'fail', code: 'stream_interrupted' });
  });

  it('gives up on a deployment whose credential is refused, and on the job when none is left', () => {
    expect(decide([['a', 'credential_refused']], [candidate('a')])).toMatchObject({ kind: 'dead_letter' });
    expect(
      decide(
        [
          ['a', 'credential_refused'],
          ['b', 'server_error'],
        ],
        both,
      ),
    ).toMatchObject({ kind: 'wait', runsOn: ['b'] });
  });

  it('dead-letters a job whose attempts are spent', () => {
    const failures = Array.from({ length: 6 }, () => ['a', 'server_error'] as [string, FailureReason]);
    expect(decide(failures, both)).toEqual({ forgiven: false, kind: 'dead_letter', code: 'provider_error' });
  });

  it('names what is missing where no worker had the preset', () => {
    expect(decide([['a', 'preset_missing']], both)).toMatchObject({ kind: 'retry', runsOn: ['b'] });
    const failures = Array.from({ length: 6 }, () => ['a', 'preset_missing'] as [string, FailureReason]);
    expect(decide(failures, both)).toMatchObject({ kind: 'dead_letter', code: 'preset_not_found' });
  });

  it('forgives attempts that failed for everybody, but not for ever', () => {
    const out = [candidate('a', { breaker: 'open' })];
    const failures = (count: number) =>
      Array.from({ length: count }, () => ['a', 'server_error'] as [string, FailureReason]);
    expect(decide([['a', 'server_error']], out)).toMatchObject({ forgiven: true, kind: 'wait' });
    const attempts = failures(10).map(([deployment, reason], i) =>
      makeAttempt(i + 1, deployment, reason, { forgiven: true }),
    );
    expect(decide(failures(10), out, { job: { attempts } })).toMatchObject({ forgiven: true, kind: 'wait' });
    const many = failures(18).map(([deployment, reason], i) =>
      makeAttempt(i + 1, deployment, reason, { forgiven: true }),
    );
    expect(decide(failures(18), out, { job: { attempts: many } })).toMatchObject({ kind: 'dead_letter' });
  });

  it('puts a job that found no slot back at once, and does not count it', () => {
    const step = decide([['a', 'no_slot']], [candidate('a', { withinRetryBudget: false })]);
    expect(step).toEqual({ forgiven: true, kind: 'retry', runsOn: ['a'] });
  });

  it('waits where a retry budget is spent instead of multiplying an outage', () => {
    const step = decide(
      [['a', 'server_error']],
      [candidate('a'), candidate('b', { withinRetryBudget: false })],
    );
    expect(step.kind).toBe('wait');
  });

  it('ends a wait that would outlast the deadline, and shortens one that only jitter makes long', () => {
    const job = { deadlineMs: 5_000 };
    expect(decide([['a', 'rate_limited']], [candidate('a')], { retryAfterMs: 4_000, job })).toMatchObject({
      kind: 'expire',
    });
    const close = { deadlineMs: 1_100 };
    expect(decide([['a', 'server_error']], [candidate('a')], { job: close, draw: 0.99 })).toMatchObject({
      kind: 'wait',
      delayMs: 50,
    });
    expect(decide([['a', 'server_error']], both, { job, nowMs: 5_000 })).toMatchObject({ kind: 'expire' });
  });

  it('refuses an interactive job early when it could not start in its time', () => {
    const step = decide([['a', 'rate_limited']], [candidate('a')], {
      job: { class: 'interactive' },
      retryAfterMs: 30_000,
      draw: 0,
    });
    expect(step).toEqual({ forgiven: true, kind: 'fail', code: 'rate_limited', retryAfterMs: 30_000 });
  });

  it('always ends: no job is ever tried more often than the policy allows, whatever happens', () => {
    const reasons = Object.keys(FAILURE_REASONS).filter((reason) => reason !== 'no_slot') as FailureReason[];
    const breakers = fc.constantFrom('closed' as const, 'open' as const, 'half_open' as const);
    fc.assert(
      fc.property(
        fc.integer(),
        fc.constantFrom('interactive' as const, 'standard' as const, 'batch' as const),
        fc.infiniteStream(fc.tuple(fc.constantFrom(...reasons), breakers, fc.boolean(), fc.nat(3_000))),
        (seed, priorityClass, happenings) => {
          const random = seededRandom(seed);
          let job = makeJob({ class: priorityClass });
          let nowMs = 0;
          let runsOn: readonly string[] = ['a', 'b', 'c'];
          for (let made = 1; ; made++) {
            const [reason, breaker, withinRetryBudget, closedMs] = happenings.next().value;
            const deployment = runsOn[Math.floor(random() * runsOn.length)]!;
            job = { ...job, attempts: [...job.attempts, makeAttempt(made, deployment, reason)] };
            const step = decideNext({
              job,
              failure: { reason, message: reason, retryAfterMs: closedMs },
              answerBegun: false,
              candidates: ['a', 'b', 'c'].map((one) =>
                candidate(one, { breaker: one === 'a' ? breaker : 'closed', withinRetryBudget }),
              ),
              nowMs,
              random,
            });
            const { attempts, forgivenFactor } = DEFAULT_RETRY_POLICY;
            expect(made).toBeLessThanOrEqual(attempts[priorityClass] * forgivenFactor);
            if (step.kind !== 'retry' && step.kind !== 'wait') return;
            expect(step.runsOn.length).toBeGreaterThan(0);
            if (step.kind === 'wait') nowMs += step.delayMs;
            runsOn = step.runsOn;
            const last = job.attempts.at(-1)!;
            const kept = { ...last, forgiven: step.forgiven };
            job = { ...job, attempts: [...job.attempts.slice(0, -1), kept] };
          }
        },
      ),
    );
  });
});
