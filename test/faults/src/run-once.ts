import path from 'node:path';
import { seededRandom } from '@penstock/resilience';
import { judge, type Breach } from './judge/judge.js';
import { findLeaks } from './judge/find-leaks.js';
import { quiesce } from './judge/quiesce.js';
import { takeSample } from './judge/sample.js';
import { JUDGE_SCHEMA, loadClientLedger, loadProviderLedger } from './judge/tables.js';
import { ClientLedger } from './load/client-ledger.js';
import { Load } from './load/load.js';
import { lastCall, providerLedger, soundModels, simulateModel } from './load/provider.js';
import type { Scenario, Stage } from './scenarios/scenario.js';
import type { System } from './system/start-system.js';

export interface RunResult {
  readonly run: string;
  readonly seed: number;
  readonly passed: boolean;
  readonly seconds: number;
  readonly breaches: readonly Breach[];
  /** What else had to hold, and did not. */
  readonly failed: readonly string[];
  readonly checks: number;
  readonly figures: Readonly<Record<string, number>>;
  /** What the fault itself measured, and how long it took to be quiet again. */
  readonly notes: Readonly<Record<string, number>>;
}

const QUIET_WITHIN_MS = 45_000;

/** One run of one fault: load, fault, quiet, ledgers joined, judged. Rejects only when it could not be judged. */
export async function runOnce(
  system: System,
  scenario: Scenario,
  { seed, round, long }: { readonly seed: number; readonly round: number; readonly long: boolean },
): Promise<RunResult> {
  const startedAtMs = Date.now();
  const run = `${scenario.name}-${seed.toString(36)}-${startedAtMs.toString(36)}`;
  await system.sql.query(JUDGE_SCHEMA);
  const ledger = new ClientLedger(path.join(system.dir, `${run}.jsonl`));
  await quiesce(system, ledger, run, QUIET_WITHIN_MS);
  await system.sql.query('INSERT INTO judge.run (run) VALUES ($1)', [run]);
  await takeSample(system, run, 'before');
  const firstCall = await lastCall(system.simulatorUrl);

  const load = new Load(system, ledger, run, seed);
  const failed: string[] = [];
  const notes: Record<string, number> = {};
  let checks = 0;
  const check: Stage['check'] = (what, holds, detail) => {
    checks++;
    if (!holds) failed.push(detail === undefined ? what : `${what}: ${detail}`);
  };
  const stage: Stage = {
    system,
    load,
    ledger,
    random: seededRandom(seed ^ 0x5eed),
    run,
    round,
    long,
    check,
    note: (what, value) => (notes[what] = value),
    simulate: (model, behaviour) => simulateModel(system.simulatorUrl, model, behaviour),
    wiped: async () =>
      void (await system.sql.query('UPDATE judge.run SET wiped_at = now() WHERE run = $1', [run])),
  };
  try {
    await scenario.run(stage);
  } catch (error) {
    failed.push(`the run broke off: ${(error as Error).stack ?? String(error)}`);
  }
  load.stop();
  await restore(system);
  await load.ended();
  const healedAtMs = Date.now();
  const moving = await quiesce(system, ledger, run, scenario.quietWithinMs ?? QUIET_WITHIN_MS);
  check('quiet in time', moving.length === 0, moving.join(', '));
  notes['quiet after s'] = Math.round((Date.now() - healedAtMs) / 100) / 10;

  await load.readOutcomes();
  await loadClientLedger(system.sql, run, ledger.entries);
  await loadProviderLedger(system.sql, run, await providerLedger(system.simulatorUrl, firstCall));
  await findLeaks(system, run);
  const verdict = await judgeWhenCalm(system, run);
  const passed = verdict.breaches.length === 0 && failed.length === 0;
  const seconds = Math.round((Date.now() - startedAtMs) / 100) / 10;
  return {
    run,
    seed,
    passed,
    seconds,
    breaches: verdict.breaches,
    failed,
    checks,
    figures: verdict.figures,
    notes,
  };
}

/** Whatever a fault did is undone: every server and service runs, every line is whole, every clock right. */
async function restore(system: System): Promise<void> {
  for (const node of system.nats) {
    node.process.thaw();
    for (const { line } of node.routes) line.heal();
    if (node.process.pid === undefined) await node.process.start();
  }
  system.postgres.thaw();
  system.postgresLine.heal();
  if (system.postgres.pid === undefined) await system.postgres.start();
  for (const service of Object.values(system.services)) {
    service.thaw();
    for (const line of service.lines) line.heal();
    service.shiftClock(0);
    if (service.pid === undefined) service.start();
  }
  await soundModels(system.simulatorUrl);
  await system.ready();
}

/** Handles are closed and memory is given back a moment after the last job: what is too much then is too much. */
async function judgeWhenCalm(system: System, run: string) {
  for (let tries = 0; ; tries++) {
    await system.sql.query(`DELETE FROM judge.sample WHERE run = $1 AND moment = 'after'`, [run]);
    await takeSample(system, run, 'after');
    const verdict = await judge(system.sql, run);
    if (tries === 8 || !verdict.breaches.some(({ invariant }) => invariant === 'I6')) return verdict;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}
