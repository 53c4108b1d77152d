import { runProgramme } from './src/programme.js';
import { Belongings } from './src/system/belongings.js';
import { SCENARIOS } from './src/scenarios/index.js';

/** The faults that hit the most, twice each; `npm run faults` has all of them. The services are what was built last. */
describe('the faults of the core', () => {
  const core = SCENARIOS.filter((scenario) => scenario.core);

  it('break no invariant', async () => {
    const told: string[] = [];
    const results = await runProgramme({
      scenarios: core,
      runs: 2,
      seed: 1,
      long: false,
      systems: 1,
      belongings: new Belongings(),
      say: (line) => told.push(line),
    });
    expect(results).toHaveLength(core.length);
    expect(told.filter((line) => line.startsWith('FAIL'))).toEqual([]);
  }, 600_000);
});
