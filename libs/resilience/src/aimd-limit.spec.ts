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

  it.each([
    { decrease: 0.7, caution: 1, refused: [0.001, 0.05], used: [0.75, 0.9] },
    { decrease: 0.9, caution: 0.1, refused: [0.001, 0.02], used: [0.95, 1] },
  ])('touches a limit it has found with decrease $decrease and caution $caution so often', (each) => {
    const limit = new AimdLimit(new ManualClock(), { max: 200, ...each });
    const capacity = 16;
    let [calls, refused, atWork] = [0, 0, 0];
    for (let round = 0; round < 2_000; round++) {
      // Of a round of calls those that the provider has no room for are refused; the others succeed.
      const flights = fill(limit);
      if (round >= 200) {
        calls += flights.length;
        refused += Math.max(0, flights.length - capacity);
        atWork += Math.min(flights.length, capacity);
      }
      flights.forEach((flight, i) => (i < capacity ? flight.succeeded() : flight.overloaded()));
    }
    expect(refused / calls).toBeGreaterThan(each.refused[0]!);
    expect(refused / calls).toBeLessThan(each.refused[1]!);
    expect(atWork / (1_800 * capacity)).toBeGreaterThan(each.used[0]!);
    expect(atWork / (1_800 * capacity)).toBeLessThanOrEqual(each.used[1]!);
  });

  it('grows at full speed again once it is past where it was refused', () => {
    const limit = new AimdLimit(new ManualClock(), { max: 200, initial: 20, decrease: 0.9, caution: 0.1 });
    fill(limit).forEach((flight, i) => (i === 0 ? flight.overloaded() : flight.ended()));
    expect(limit.limit).toBe(18);
    const roundsUntil = (wanted: number) => {
      let rounds = 0;
      for (; limit.limit < wanted; rounds++) fill(limit).forEach((flight) => flight.succeeded());
      return rounds;
    };
    expect(roundsUntil(19)).toBeLessThanOrEqual(2);
    expect(roundsUntil(21)).toBeGreaterThan(30);
    roundsUntil(22);
    expect(roundsUntil(32)).toBeLessThanOrEqual(22);
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

  it.each([40, 64, 100, 200, 700])('finds a limit of %i that nobody knows in a few rounds', (capacity) => {
    const limit = new AimdLimit(new ManualClock(), {
      max: 1_024,
      initial: 32,
      slowStart: true,
      decrease: 0.9,
      caution: 0.1,
    });
    let refused = 0;
    for (let round = 0; round < 16; round++) {
      const flights = fill(limit);
      // Refusals come before answers.
      for (const flight of flights.slice(capacity)) flight.overloaded();
      for (const flight of flights.slice(0, capacity)) flight.succeeded();
      refused += Math.max(0, flights.length - capacity);
    }
    expect(limit.limit / capacity).toBeGreaterThan(0.89);
    expect(limit.limit / capacity).toBeLessThan(1.05);
    expect(refused).toBeLessThanOrEqual(capacity + 4);
  });

  it('comes back from an outage step by step', () => {
    const limit = new AimdLimit(new ManualClock(), { max: 200, initial: 80 });
    limit.restart();
    const limits = [limit.limit];
    for (let round = 0; round < 4; round++) {
      for (const flight of fill(limit)) flight.succeeded();
      limits.push(limit.limit);
    }
    expect(limits).toEqual([8, 11, 15, 21, 29]);
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
