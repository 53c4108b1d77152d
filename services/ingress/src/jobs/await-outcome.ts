import { SUBJECT } from '@penstock/contracts';
import { findOutcome, listen, type Connection, type FoundOutcome } from '@penstock/messaging';
import { sleep, type Clock } from '@penstock/resilience';

/**
 * Waits until a job has an outcome, at most `waitMs`. The event that tells of an outcome is heard as it is
 * published, and a stored result precedes it, so nothing is asked for twice and nothing is missed.
 */
export async function awaitOutcome(
  parts: { readonly connection: Connection; readonly clock: Clock },
  tenant: string,
  job: string,
  waitMs: number,
  signal: AbortSignal,
): Promise<FoundOutcome> {
  const { connection, clock } = parts;
  if (waitMs <= 0) return findOutcome(connection, tenant, job);
  const over = new AbortController();
  const stops = [
    listen(connection, SUBJECT.event(tenant, 'outcome', job), () => over.abort()),
    listen(connection, SUBJECT.outcomes(tenant), ({ data }) => {
      if (Buffer.from(data).includes(`"job":${JSON.stringify(job)}`)) over.abort();
    }),
  ];
  try {
    const already = await findOutcome(connection, tenant, job);
    if (already.kind !== 'none') return already;
    await sleep(clock, waitMs, AbortSignal.any([over.signal, signal])).catch(() => undefined);
    return await findOutcome(connection, tenant, job);
  } finally {
    for (const stop of stops) stop();
  }
}
