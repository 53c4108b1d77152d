import { sleep } from '@penstock/resilience';
import { countOutcomes, readOutcomes } from '../figures/outcome-figures.js';
import { duration, whole } from '../report/numbers.js';
import type { Report } from '../report/report.js';
import type { Stage } from '../stage/stage.js';

const PATIENCE_MS = 30_000;

const TITLES = ['jobs', 'succeeded', 'failed', 'other', 'attempts', 'median', '95 % within'];

/** Every job that was accepted has exactly one outcome: by entrance and class, as Postgres has them. */
export async function tellOutcomes(stage: Stage, report: Report): Promise<void> {
  const { database, accepted } = stage;
  const expected = accepted.http + accepted.subject + accepted.batch;
  await untilRecorded(stage, expected);
  const outcomes = await readOutcomes(database);
  report.table(
    [
      { title: 'entrance' },
      { title: 'class' },
      ...TITLES.map((title) => ({ title, align: 'right' as const })),
    ],
    outcomes.map((row) => [
      row.origin,
      row.class,
      ...[row.jobs, row.succeeded, row.failed, row.other, row.attempts].map(whole),
      duration(row.medianMs),
      duration(row.p95Ms),
    ]),
  );
  const recorded = sum(outcomes.map(({ jobs }) => jobs));
  const succeeded = sum(outcomes.map((row) => row.succeeded));
  report.check(
    recorded === expected,
    'one outcome for each accepted job',
    `${whole(recorded)} outcomes, ${whole(expected)} accepted`,
  );
  report.check(succeeded === expected, 'all of them succeeded', `${whole(succeeded)} of ${whole(expected)}`);
  const classes = new Set(outcomes.filter(({ origin }) => origin === 'subject').map((row) => row.class));
  report.check(classes.size === 3, 'three classes came by subject', [...classes].join(', '));
}

/** Outcomes are told by events, which accounting may still be reading. */
async function untilRecorded({ database, clock, signal }: Stage, expected: number): Promise<void> {
  const giveUpAtMs = clock.monotonicMs() + PATIENCE_MS;
  while ((await countOutcomes(database)) < expected && clock.monotonicMs() < giveUpAtMs) {
    await sleep(clock, 50, signal);
  }
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
