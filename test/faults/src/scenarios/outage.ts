import { pause } from './pause.js';
import type { Scenario } from './scenario.js';

export const OUTAGE: Scenario = {
  name: 'outage-over-backlog',
  fault:
    'the only provider is out (500) for 8 s over a backlog of 400 jobs, in the long form for 5 minutes over 10,000',
  shows: 'calls stay within the attempts allowed; the backlog is worked off when the provider is back',
  kind: 'single',
  quietWithinMs: 240_000,
  async run({ load, simulate, long, check, ledger, system }) {
    const backlog = long ? 10_000 : 400;
    // A breaker looks back 10 s: as many successes of the run before would let as many calls fail before it opens.
    await pause(10_000);
    await simulate('sim-flaky', { faults: [{ rate: 1, fault: '500' }], latency: { firstTokenMs: 20 } });
    const mix = { models: ['lonely'], shares: { job: 1 }, order: '', repeated: 0 } as const;
    for (let sent = 0; sent < backlog; sent += 100) {
      load.burst(100, mix);
      await pause(250);
    }
    await load.ended();
    await pause(long ? 300_000 : 8_000);
    const { rows } = await system.sql.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM uncharged_attempt WHERE job = ANY($1)`,
      [ledger.entries.flatMap(({ kind, job }) => (kind === 'accepted' && job !== undefined ? [job] : []))],
    );
    // An open breaker lets one call through now and then; all else waits.
    check('few calls were spent on the outage', (rows[0]?.count ?? 0) <= backlog, `${rows[0]?.count}`);
    await simulate('sim-flaky', { faults: [] });
  },
};
