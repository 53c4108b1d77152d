import fc from 'fast-check';
import { HedgeBudget } from './hedge-budget.js';

describe('HedgeBudget', () => {
  it('begins with nothing, and grants two in a hundred jobs', () => {
    const budget = new HedgeBudget();
    expect(budget.tryHedge()).toBe(false);
    let granted = 0;
    for (let jobs = 0; jobs < 200; jobs++) {
      budget.recordJob(0.02);
      if (budget.tryHedge()) granted++;
    }
    expect(granted).toBe(4);
  });

  it('saves up no more than it may', () => {
    const budget = new HedgeBudget({ most: 2 });
    for (let jobs = 0; jobs < 1_000; jobs++) budget.recordJob(0.5);
    expect([1, 2, 3].map(() => budget.tryHedge())).toEqual([true, true, false]);
  });

  it('grants nothing where the share is nothing', () => {
    const budget = new HedgeBudget();
    for (let jobs = 0; jobs < 1_000; jobs++) budget.recordJob(0);
    expect(budget.tryHedge()).toBe(false);
  });

  it('never grants above its share, whatever comes in whatever order', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.constantFrom('job', 'hedge'), { maxLength: 400 }),
        (share, most, steps) => {
          const budget = new HedgeBudget({ most });
          const jobs = [0];
          const hedges = [0];
          for (const step of steps) {
            let [job, hedge] = [jobs.at(-1)!, hedges.at(-1)!];
            if (step === 'job') {
              budget.recordJob(share);
              job++;
            } else if (budget.tryHedge()) hedge++;
            jobs.push(job);
            hedges.push(hedge);
            expect(hedge).toBeLessThanOrEqual(share * job + 1e-6);
            // Of any jobs in a row: since whatever moment before this one.
            for (const [at, before] of hedges.entries())
              expect(hedge - before).toBeLessThanOrEqual(share * (job - jobs[at]!) + most + 1e-6);
          }
        },
      ),
      { numRuns: 50 },
    );
  });
});
