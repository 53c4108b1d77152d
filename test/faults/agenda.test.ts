import fc from 'fast-check';
import { Agenda } from './src/agenda.js';
import { SCENARIOS } from './src/scenarios/index.js';
import type { Kind } from './src/system/start-system.js';

describe('the agenda of the faults', () => {
  it('has every run of every fault made once, in whatever order its systems come for more', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 3 }),
        fc.infiniteStream(fc.nat()),
        (systems, runs, draws) => {
          const agenda = new Agenda(SCENARIOS, runs);
          const kinds: (Kind | undefined)[] = new Array<undefined>(systems).fill(undefined);
          const made: string[] = [];
          for (let idle = 0; idle < systems;) {
            const at = Number(draws.next().value) % systems;
            const next = agenda.next(kinds[at]);
            if (next) made.push(`${next.scenario.name} ${next.round}`);
            kinds[at] = next?.scenario.kind;
            idle = next ? 0 : idle + 1;
          }
          const all = SCENARIOS.flatMap(({ name }) =>
            Array.from({ length: runs }, (_, at) => `${name} ${at}`),
          );
          expect(made.toSorted()).toEqual(all.toSorted());
        },
      ),
    );
  });

  it('leaves a system its kind while there is anything to run on it, and spreads the rest over the kinds', () => {
    const agenda = new Agenda(SCENARIOS, 2);
    const first = [agenda.next(), agenda.next(), agenda.next()].map((next) => next?.scenario.kind);
    expect(first.toSorted()).toEqual(['cluster', 'single', 'small disks']);
    expect(agenda.next('cluster')?.scenario.kind).toBe('cluster');
  });

  it('runs nothing more of a fault whose system did not start', () => {
    const agenda = new Agenda(SCENARIOS, 20);
    const first = agenda.next();
    if (!first) throw new Error('nothing to run');
    agenda.drop(first.scenario);
    expect(agenda.next(first.scenario.kind)?.scenario).not.toBe(first.scenario);
  });
});
