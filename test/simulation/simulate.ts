import { PRIORITY_CLASSES } from '@penstock/contracts';
import { FairPolicy } from './policies/fair-policy.js';
import { makeFifoPolicy, makeRoundRobinPolicy, makeStrictPolicy } from './policies/plain-policies.js';
import type { Measurements } from './engine/measurements.js';
import { drawScenario, type Run } from './report/draw-scenario.js';
import { duration, percent, table } from './report/format.js';
import { runScenario } from './run-scenario.js';
import { burstyInteractive } from './scenarios/bursty-interactive.js';
import { halvedLimit } from './scenarios/halved-limit.js';
import { heavyTenant } from './scenarios/heavy-tenant.js';
import { outage } from './scenarios/outage.js';

/**
 * Runs every scenario under every policy, prints what came of it, and draws it into docs/.
 * `npm run simulate -- <scenario> …` runs only those named. The seed is fixed, so two runs give the same figures.
 */
const SEED = 20_261_122;
const SCENARIOS = [heavyTenant, burstyInteractive, outage, halvedLimit];
const POLICIES = [() => new FairPolicy(), makeFifoPolicy, makeStrictPolicy, makeRoundRobinPolicy];

const named = process.argv.slice(2);
const unknown = named.filter((name) => !SCENARIOS.some((scenario) => scenario.name === name));
if (unknown.length > 0) {
  console.error(
    `There is no scenario ${unknown.join(', ')}: ${SCENARIOS.map(({ name }) => name).join(', ')}.`,
  );
  process.exit(1);
}

for (const scenario of SCENARIOS) {
  if (named.length > 0 && !named.includes(scenario.name)) continue;
  console.log(`\n${scenario.title}\n${scenario.about}\n`);
  const runs = POLICIES.map((makePolicy) => {
    const policy = makePolicy();
    return { policy: policy.name, measured: runScenario(scenario, policy, SEED) };
  });
  console.log(`${waitTable(runs)}\n\n${sumTable(runs)}`);
  drawScenario(scenario, runs);
}

function waitTable(runs: readonly Run[]): string {
  const groups = runs[0]!.measured.groups;
  return table([
    ['wait, p50 / p99', ...runs.map(({ policy }) => policy)],
    ...groups.map((group) => [
      group,
      ...runs.map(
        ({ measured }) =>
          `${duration(measured.waitQuantileMs(group, 0.5))} / ${duration(measured.waitQuantileMs(group, 0.99))}`,
      ),
    ]),
  ]);
}

function sumTable(runs: readonly Run[]): string {
  const row = (name: string, figure: (measured: Measurements) => string) => [
    name,
    ...runs.map(({ measured }) => figure(measured)),
  ];
  return table([
    ['', ...runs.map(({ policy }) => policy)],
    row('jobs done', ({ served }) => String(served)),
    row('utilisation', ({ utilisation }) => percent(utilisation)),
    row("fairness (Jain's index)", ({ meanFairness }) => meanFairness.toFixed(3)),
    ...PRIORITY_CLASSES.map((one) => row(`late or given up, ${one}`, ({ late }) => String(late[one]))),
    row('turned away', ({ turnedAway }) => String(turnedAway)),
    row('dead-lettered', ({ deadLettered }) => String(deadLettered)),
    row('calls refused', ({ refused, calls }) => percent(refused / Math.max(1, calls))),
    row('calls failed', ({ failed }) => String(failed)),
  ]);
}
