import type { AttemptRecord, FailureReason } from '@penstock/contracts';
import fc from 'fast-check';
import { AttemptAborted, type AttemptResult } from './attempt-result.js';
import { Race, type Entrant } from './race.js';

const attempt = (number: number, reason?: FailureReason): AttemptRecord => ({
  id: `att_${number}`,
  number,
  deployment: `d${number}`,
  provider: 'p',
  upstreamModel: 'm',
  worker: 'w',
  startedAtMs: 0,
  endedAtMs: 1,
  ...(reason && { failure: { reason, message: reason } }),
});

const answered = (number: number): AttemptResult => ({
  kind: 'answered',
  answer: { outcome: 'succeeded', status: 200, contentType: 'text/plain', body: new Uint8Array() },
  attempt: attempt(number),
  frames: 0,
});
const failed = (number: number, reason: FailureReason = 'server_error'): AttemptResult => ({
  kind: 'retryable',
  failure: { reason, message: reason },
  attempt: attempt(number, reason),
});
const gone = (number: number): AttemptResult => ({
  kind: 'cancelled',
  attempt: attempt(number, 'aborted'),
  frames: 0,
});
const bounced: AttemptResult = { kind: 'not_attempted', failure: { reason: 'no_slot', message: '' } };

describe('a race of attempts', () => {
  const start = () => {
    const race = new Race();
    const claims: number[] = [];
    const enter = (number: number): Entrant => race.enter(() => claims.push(number));
    return { race, claims, first: enter(1), second: enter(2) };
  };

  it('is won by who claims it first, and the other is broken off at once', () => {
    const { race, claims, first, second } = start();
    expect(second.claim()).toBe(true);
    expect(first.signal.reason).toEqual(new AttemptAborted('outrun'));
    expect(second.signal.aborted).toBe(false);
    expect(first.claim()).toBe(false);
    expect(claims).toEqual([2]);
    first.end(gone(1));
    expect([race.isDecidedBy(first), race.isDecidedBy(second)]).toEqual([false, true]);
    second.end(answered(2));
    expect(race.outcome()).toMatchObject({
      result: { kind: 'answered', attempt: { number: 2 } },
      winner: 1,
      beside: [{ number: 1 }],
    });
  });

  it('goes on with the one that runs when the other fails', () => {
    const { race, first, second } = start();
    first.end(failed(1));
    expect([race.isDecided, race.isDecidedBy(first), second.signal.aborted]).toEqual([false, false, false]);
    second.end(answered(2));
    expect(race.outcome()).toMatchObject({
      result: { kind: 'answered' },
      winner: 1,
      beside: [{ number: 1 }],
    });
  });

  it('is lost with the last that fails; the other is forgiven if it only had no room', () => {
    const { race, first, second } = start();
    second.end(failed(2, 'overloaded'));
    first.end(failed(1));
    expect(race.outcome()).toMatchObject({
      result: { kind: 'retryable', attempt: { number: 1 } },
      beside: [{ number: 2, forgiven: true }],
    });
  });

  it('counts no attempt that was none', () => {
    const { race, first, second } = start();
    second.end(bounced);
    first.end(failed(1));
    expect(race.outcome()).toMatchObject({ result: { kind: 'retryable' }, beside: [] });
  });

  it('ends with an error that is of the caller’s own making, wherever it is found', () => {
    const { first, second } = start();
    first.end(answered(1));
    expect(second.signal.aborted).toBe(true);
    expect(second.claim()).toBe(false);
  });

  it('lets one answer through, has one result, and forgets no attempt, in whatever order things happen', () => {
    const step = fc.record({
      who: fc.nat(1),
      what: fc.constantFrom('claim', 'answered', 'failed', 'gone', 'bounced'),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), fc.constantFrom(1, 2), (steps, entrants) => {
        const race = new Race();
        const runners = Array.from({ length: entrants }, () => race.enter(() => undefined));
        const ended = new Map<number, AttemptResult>();
        const claimed = new Set<number>();
        const end = (who: number, result: AttemptResult) => {
          if (ended.has(who)) return;
          ended.set(who, result);
          runners[who]!.end(result);
        };
        for (const { who, what } of steps) {
          const runner = runners[who];
          if (!runner || ended.has(who)) continue;
          if (what === 'claim') {
            if (runner.claim()) claimed.add(who);
          } else if (what === 'answered') {
            // Nobody answers without having asked.
            if (runner.claim()) {
              claimed.add(who);
              end(who, answered(who + 1));
            } else end(who, gone(who + 1));
          } else end(who, { failed: failed(who + 1), gone: gone(who + 1), bounced }[what]);
        }
        for (let who = 0; who < entrants; who++) end(who, gone(who + 1));
        expect(claimed.size).toBeLessThanOrEqual(1);
        for (const who of claimed) expect(race.outcome().winner).toBe(who);
        const { result, beside } = race.outcome();
        const told = [...(result.kind === 'not_attempted' ? [] : [result.attempt]), ...beside];
        const made = [...ended.values()].flatMap((one) =>
          one.kind === 'not_attempted' ? [] : one.attempt.id,
        );
        expect(told.map(({ id }) => id).sort()).toEqual(made.sort());
        const answers = [...ended.values()].filter(({ kind }) => kind === 'answered');
        expect(answers.length).toBeLessThanOrEqual(1);
        if (answers[0]) expect(result).toBe(answers[0]);
      }),
    );
  });
});
