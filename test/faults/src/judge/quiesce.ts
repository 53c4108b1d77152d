import { STREAM } from '@penstock/contracts';
import { inspectJob, jobInLane, storedMessage, StreamLog, type Connection } from '@penstock/messaging';
import { eventually } from '@penstock/testing';
import type { ClientLedger } from '../load/client-ledger.js';
import type { System } from '../system/start-system.js';

/**
 * Waits until nothing moves any more: no job waits or runs, the provider has no call under way, every event has
 * become rows. Resolves with what still moves when the time is over; empty when all is quiet.
 */
export async function quiesce(
  system: System,
  ledger: ClientLedger,
  run: string,
  timeoutMs: number,
): Promise<readonly string[]> {
  let moving: readonly string[] = ['nothing was looked at yet'];
  const look = async () => {
    moving = await whatMoves(system, ledger, run);
    return moving.length === 0;
  };
  await eventually(look, { timeoutMs, what: 'quiet' }).catch((error: unknown) => {
    if (moving.length === 0) moving = [String((error as Error).cause ?? error)];
  });
  return moving;
}

async function whatMoves(system: System, ledger: ClientLedger, run: string): Promise<readonly string[]> {
  const { connection } = system;
  const moving: string[] = [];
  for (const stream of [STREAM.interactive, STREAM.durable, STREAM.delayed]) {
    const { messages } = (await connection.jsm.streams.info(stream)).state;
    if (messages > 0) moving.push(`${messages} in ${stream}${await consumersOf(system, stream)}`);
  }
  const unsettled = await new StreamLog(connection, STREAM.events).unsettledBy('accounting');
  if (unsettled > 0) moving.push(`${unsettled} events not recorded`);
  const inFlight = await callsUnderWay(system.simulatorUrl);
  if (inFlight > 0) moving.push(`${inFlight} calls at the provider`);
  if (moving.length > 0) return moving;

  const accepted = ledger.entries.filter(({ kind }) => kind === 'accepted');
  const { rows } = await system.sql.query<{ missing: number }>(
    `SELECT count(*)::int AS missing FROM unnest($1::text[], $2::text[], $3::float8[]) AS accepted(tenant, job, at_ms)
     JOIN judge.run ON run = $4 AND (wiped_at IS NULL OR to_timestamp(at_ms / 1000) > wiped_at)
     LEFT JOIN job_outcome USING (tenant, job) WHERE state IS NULL`,
    [
      accepted.map(({ tenant }) => tenant),
      accepted.map(({ job }) => job),
      accepted.map(({ atMs }) => atMs),
      run,
    ],
  );
  const missing = rows[0]?.missing ?? 0;
  return missing > 0 ? [`${missing} accepted jobs without an outcome`] : [];
}

/** Who should work on what is left: how much of it waits, is under lease, and is asked for. */
async function consumersOf({ connection }: System, stream: string): Promise<string> {
  const told: string[] = [];
  for await (const info of connection.jsm.consumers.list(stream)) {
    const { name, num_pending, num_ack_pending, num_waiting, num_redelivered } = info;
    told.push(
      `${name}: ${num_pending} wait, ${num_ack_pending} under lease (${num_redelivered} again), ${num_waiting} pulls`,
    );
  }
  return ` (${told.join('; ') || 'no consumer'}; ${await firstOf(connection, stream)})`;
}

/** The job that has been there longest, and what who holds it says of it. */
async function firstOf(connection: Connection, stream: string): Promise<string> {
  const { first_seq } = (await connection.jsm.streams.info(stream)).state;
  const message = await storedMessage(connection, stream, first_seq).catch(() => undefined);
  const job = await jobInLane(connection, message);
  if (!job) return 'the first is not known';
  const { tenant, id } = job;
  return `the first is ${id}: ${JSON.stringify(await inspectJob(connection, tenant, id)) ?? 'held by nobody'}`;
}

async function callsUnderWay(simulatorUrl: string): Promise<number> {
  const stats = (await (await fetch(`${simulatorUrl}/_simulator/stats`)).json()) as {
    models: Record<string, { inFlight: number }>;
  };
  return Object.values(stats.models).reduce((sum, { inFlight }) => sum + inFlight, 0);
}
