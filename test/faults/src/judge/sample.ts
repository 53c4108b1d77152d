import { readdirSync, readFileSync } from 'node:fs';
import type { System } from '../system/start-system.js';

/** Memory and open handles of every service, and connections to Postgres. */
export async function takeSample(system: System, run: string, moment: 'before' | 'after'): Promise<void> {
  const values: [what: string, value: number][] = [];
  for (const service of Object.values(system.services)) {
    if (service.pid === undefined) continue;
    values.push([`${service.name} memory`, residentBytes(service.pid)]);
    values.push([`${service.name} handles`, readdirSync(`/proc/${service.pid}/fd`).length]);
  }
  const { rows } = await system.sql.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM pg_stat_activity WHERE application_name LIKE 'penstock-%'`,
  );
  values.push(['connections to Postgres', rows[0]?.count ?? 0]);
  await system.sql.query(
    `INSERT INTO judge.sample (run, moment, what, value) SELECT $1, $2, * FROM unnest($3::text[], $4::float8[])`,
    [run, moment, values.map(([what]) => what), values.map(([, value]) => value)],
  );
}

function residentBytes(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
}
