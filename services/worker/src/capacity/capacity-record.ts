import {
  EMPTY_SHARES,
  leaveShare,
  renewShare,
  type ShareBook,
  type ShareRenewal,
} from '@penstock/scheduling';
import { readyPermits } from './holding.js';
import type { LimitKind, WindowKind } from './limit-kind.js';
import type { Closing, Pool } from './pool.js';

/** What all workers know together of one credential of a deployment. It is kept in the KV bucket `capacity`. */
export interface CapacityRecord {
  readonly closing?: Closing;
  /** Limits that the provider's headers told. */
  readonly told?: Partial<Record<WindowKind, { readonly limit: number; readonly atMs: number }>>;
  readonly shares: Partial<Record<LimitKind, ShareBook>>;
}

/** How long a share is held without being renewed. */
export const LEASE_MS = 4_000;

/** What the clocks of two workers may differ by. */
const SKEW_MS = 2_000;

/** How long what a vanished worker used may still be counted by the provider's windows, beyond its lease. */
const WINDOW_QUARANTINE_MS = 63_000 + SKEW_MS;

/** Returns are told in steps of so long. */
const STEP_MS = 5_000;

export interface Renewer {
  readonly worker: string;
  readonly nowMs: number;
  /** How long a provider may go on with a call whose caller vanished. */
  readonly abandonedMs: number;
  /** Jobs that wait for the deployment at routers. */
  readonly wanted: number;
}

/** The record after this worker renewed all of its shares. */
export function renewRecord(
  record: CapacityRecord | undefined,
  pool: Pool,
  renewer: Renewer,
): CapacityRecord {
  const shares: Partial<Record<LimitKind, ShareBook>> = {};
  for (const [kind, holding] of pool.holdings) {
    const { worker: holder, wanted } = renewer;
    const used = usedOf(pool, kind, renewer);
    const waiting = wanted * holding.typical;
    shares[kind] = renewShare(record?.shares[kind] ?? EMPTY_SHARES, {
      ...used,
      holder,
      limit: holding.limit,
      wants: Math.ceil(used.inUse + waiting),
      needs: Math.ceil(pool.neededOf(kind) ?? (wanted > 0 ? Math.min(holding.typical, holding.limit) : 0)),
      exposes: Math.ceil(Math.max(used.inUse, holding.peak) + Math.max(readyPermits(holding), waiting)),
      leaseMs: LEASE_MS,
    });
  }
  return { ...shared(record, pool, renewer.nowMs), shares };
}

/** The record after this worker left, with nothing of its own but what is still counted. */
export function leaveRecord(record: CapacityRecord | undefined, pool: Pool, leaver: Renewer): CapacityRecord {
  const shares: Partial<Record<LimitKind, ShareBook>> = {};
  for (const kind of pool.holdings.keys()) {
    const left = { ...usedOf(pool, kind, leaver), holder: leaver.worker };
    shares[kind] = leaveShare(record?.shares[kind] ?? EMPTY_SHARES, left);
  }
  return { ...shared(record, pool, leaver.nowMs), shares };
}

function usedOf(
  pool: Pool,
  kind: LimitKind,
  { nowMs, abandonedMs }: Renewer,
): Pick<ShareRenewal, 'inUse' | 'returning' | 'nowMs' | 'quarantineMs'> {
  const inUse = pool.inUse(kind);
  const window = pool.holdings.get(kind)?.window;
  if (!window) return { inUse, nowMs, quarantineMs: abandonedMs + SKEW_MS };
  return {
    inUse,
    nowMs,
    quarantineMs: WINDOW_QUARANTINE_MS,
    returning: window.returns(STEP_MS).map(({ inMs, weight }) => [nowMs + inMs + SKEW_MS, weight] as const),
  };
}

/** What anybody may find out for all. */
function shared(
  record: CapacityRecord | undefined,
  pool: Pool,
  nowMs: number,
): Pick<CapacityRecord, 'closing' | 'told'> {
  const theirs = record?.closing;
  const closing = theirs && theirs.untilMs > pool.closing.untilMs ? theirs : pool.closing;
  const told = { ...record?.told };
  for (const [kind, one] of pool.told) if (one.atMs >= (told[kind]?.atMs ?? 0)) told[kind] = one;
  return {
    ...(closing.untilMs > nowMs && { closing }),
    ...(Object.keys(told).length > 0 && { told }),
  };
}
