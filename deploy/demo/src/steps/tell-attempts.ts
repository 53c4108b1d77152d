import { readAttempts } from '../figures/attempt-figures.js';
import { readCounter } from '../figures/read-metrics.js';
import { readTraffic } from '../figures/simulator-figures.js';
import { counted, percent, whole } from '../report/numbers.js';
import type { Report } from '../report/report.js';
import type { Stage } from '../stage/stage.js';

const FLAKY = 'simulator/flaky';

/** What was tried where, what failed, and what was done about it. */
export async function tellAttempts(stage: Stage, report: Report): Promise<void> {
  const attempts = await readAttempts(stage.database);
  const openings = await readCounter(stage, 'worker', 'penstock_breaker_openings_total', 'deployment');
  report.table(
    [
      { title: 'deployment' },
      { title: 'attempts', align: 'right' },
      { title: 'failed', align: 'right' },
      { title: 'share', align: 'right' },
      { title: 'failovers', align: 'right' },
      { title: 'breaker openings', align: 'right' },
    ],
    attempts.map((row) => [
      row.deployment,
      whole(row.attempts),
      whole(row.failed),
      percent(row.failed, row.attempts),
      whole(row.failovers),
      whole(openings.get(row.deployment) ?? 0),
    ]),
  );
  for (const { deployment, reasons } of attempts.filter(({ failed }) => failed > 0)) {
    report.note(`${deployment} failed for: ${reasons}`);
  }
  const { calls, outcomes } = await readTraffic(stage, 'sim-flaky');
  const share = outcomes.faulted / calls;
  report.check(
    share > 0.35 && share < 0.65,
    `${FLAKY} failed half of its calls`,
    `${outcomes.faulted} of ${calls} by the simulator's own count, ${percent(outcomes.faulted, calls)}`,
  );
  const flaky = attempts.find(({ deployment }) => deployment === FLAKY);
  report.check(
    (flaky?.failovers ?? 0) > 0,
    'jobs went on where it works',
    counted(flaky?.failovers ?? 0, 'failover'),
  );
  const opened = openings.get(FLAKY) ?? 0;
  report.check(opened > 0, 'its breaker opened', `${whole(opened)} ${opened === 1 ? 'time' : 'times'}`);
}
