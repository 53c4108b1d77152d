import fc from 'fast-check';
import { AimdLimit, type Flight } from './aimd-limit.js';
import { ManualClock } from './manual-clock.js';

describe('AimdLimit', () => {
  const fill = (limit: AimdLimit) => {
    const flights: Flight[] = [];
    for (let flight = limit.tryStart(); flight; flight = limit.tryStart()) flights.push(flight);
    return flights;
  };

  it('starts at the maximum and lets no more than that run', () => {
    const limit = new AimdLimit(new ManualClock(), { max: 8 });
    expect(fill(limit)).toHaveLength(8);
    expect(limit.free).toBe(0);
  });

  it('shrinks once for all the calls that were refused together', () => {
    const limit = new AimdLimit(new ManualClock(), { max: 100, decrease: 0.5 });
    for (const flight of fill(limit)) flight.overloaded();
    expect(limit.limit).toBe(50);
    for (const flight of fill(limit)) flight.overloaded();
    expect(limit.limit).toBe(25);
  });

  it('adds one for a limit of successes in full use', () => {
    const limit = new AimdLimit(new ManualClock(), { max: 100, initial: 10 });
    for (let round = 0; round < 11; round++) for (const flight of fill(limit).slice(0, 1)) flight.succeeded();
    expect(limit.limit).toBe(11);
  });

  it('does not grow on successes at low load', () => {
    const limit = new AimdLimit(new ManualClock(), { max: 100, initial: 10 });
    for (let i = 0; i < 1000; i++) limit.tryStart()?.succeeded();
    expect(limit.limit).toBe(10);
  });

  it('climbs out of a limit of one', () => {
    const limit = new AimdLimit(new ManualClock(), { max: 100, initial: 1 });
    limit.tryStart()?.succeeded();
    expect(limit.limit).toBe(2);
  });

  it('stays closed for the longest Retry-After and opens then', () => {
    const clock = new ManualClock();
    const limit = new AimdLimit(clock, { max: 4 });
    const [first, second, third] = fill(limit);
    first?.overloaded(5000);
    second?.overloaded(1000);
    third?.ended();
    clock.advance(4999);
    expect(limit.closedForMs).toBe(1);
    expect(limit.tryStart()).toBeUndefined();
    clock.advance(1);
    expect(limit.tryStart()).toBeDefined();
  });

  it('counts a flight once however often it is told', () => {
    const limit = new AimdLimit(new ManualClock(), { max: 4 });
    const flight = limit.tryStart();
    flight?.ended();
    flight?.overloaded(1000);
    flight?.succeeded();
    expect(limit.running).toBe(0);
    expect(limit.free).toBe(4);
  });

  it('stays within its bounds and never over-admits, whatever happens', () => {
    const step = fc.oneof(
      { weight: 5, arbitrary: fc.constant({ kind: 'start' as const }) },
      fc.record({
        kind: fc.constantFrom('succeeded', 'overloaded', 'ended'),
        at: fc.nat(),
        retryMs: fc.nat(50),
      }),
      fc.record({ kind: fc.constant('pass' as const), ms: fc.nat(100) }),
    );
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 5, max: 20 }),
        fc.array(step),
        (min, max, steps) => {
          const clock = new ManualClock();
          const limit = new AimdLimit(clock, { min, max });
          const flying: Flight[] = [];
          for (const each of steps) {
            if (each.kind === 'start') {
              const [before, closedMs, allowed] = [limit.running, limit.closedForMs, limit.limit];
              const flight = limit.tryStart();
              expect(flight !== undefined).toBe(closedMs === 0 && before < allowed);
              if (flight) flying.push(flight);
            } else if ('ms' in each) clock.advance(each.ms);
            else if ('at' in each && flying.length > 0) {
              const [flight] = flying.splice(each.at % flying.length, 1);
              if (each.kind === 'overloaded') flight?.overloaded(each.retryMs);
              else if (each.kind === 'succeeded') flight?.succeeded();
              else flight?.ended();
            }
            expect(limit.limit).toBeGreaterThanOrEqual(min);
            expect(limit.limit).toBeLessThanOrEqual(max);
            expect(limit.running).toBe(flying.length);
          }
        },
      ),
    );
  });
});
