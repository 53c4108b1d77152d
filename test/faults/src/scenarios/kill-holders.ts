import { eventually } from '@penstock/testing';
import type { System } from '../system/start-system.js';
import { pause } from './pause.js';
import type { Scenario } from './scenario.js';

const CALLS = 20;

export const KILL_HOLDERS: Scenario = {
  name: 'kill-both-holders',
  fault: 'SIGKILL of worker and router at once, while calls have been running for two seconds',
  shows: 'what nobody who lives knows of is on record, as lost',
  kind: 'single',
  async run({ system, load, simulate, random, check, note }) {
    await simulate('sim-flaky', { faults: [], latency: { firstTokenMs: 2_800 } });
    load.burst(CALLS, {
      models: ['lonely'],
      shares: { job: 0.5, publish: 0.3, sync: 0.2 },
      order: '',
      repeated: 0,
    });
    await pause(2_200 + random() * 400);
    const killedAtMs = Date.now();
    const holders = [system.services.worker, system.services.router];
    await Promise.all(holders.map((holder) => holder.end('SIGKILL')));
    for (const holder of holders) holder.start();
    for (const holder of holders) await holder.ready();
    await load.ended();
    const lost = await eventually(() => lostSince(system, killedAtMs), { timeoutMs: 30_000 }).catch(() => 0);
    note('lost', lost);
    check('calls were lost', lost > 0);
  },
};

async function lostSince({ sql }: System, atMs: number): Promise<number> {
  const { rows } = await sql.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM ledger WHERE failure_reason = 'worker_lost' AND recorded_at > to_timestamp($1)`,
    [atMs / 1_000],
  );
  return rows[0]?.count ?? 0;
}
