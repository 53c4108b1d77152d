import { KvSnapshot, type Connection } from '@penstock/messaging';
import { usableOf, type Share } from '@penstock/scheduling';
import type { Clock } from '@penstock/resilience';
import { leaveRecord, LEASE_MS, renewRecord, type CapacityRecord } from './capacity-record.js';
import { adopt, tighten } from './holding.js';
import type { WindowKind } from './limit-kind.js';
import type { Pool } from './pool.js';

const RENEW_MS = 1_300;

/** A renewal that has not come back after so long is left to itself: the share would end with its lease. */
const GIVE_UP_MS = LEASE_MS / 2;

/** How soon another worker's change is answered, so that a burst of changes is answered once. */
const ANSWER_MS = 50;

export interface ShareKeeperOptions {
  readonly connection: Connection;
  readonly clock: Clock;
  readonly worker: string;
  readonly pools: readonly { readonly pool: Pool; readonly abandonedMs: number }[];
  /** Jobs that wait for a deployment. */
  readonly wanted: (deployment: string) => number;
  /** There may be more room than before, or less. */
  readonly onChange: () => void;
  readonly onError: (error: unknown) => void;
}

/** A renewal on its way. */
interface Turn {
  /** Another one has begun in its place. */
  givenUp: boolean;
}

interface Kept {
  readonly pool: Pool;
  readonly abandonedMs: number;
  /** Renewals on their way. */
  renewing: Promise<void> | undefined;
  /** When they began, on the monotonic clock. */
  renewingSinceMs: number;
  turn?: Turn;
  /** Another one is due when it is back. */
  again: boolean;
  /** Another worker's change waits to be answered. */
  answering: boolean;
}

/**
 * Keeps this worker's shares of the limits that all workers share, in the KV bucket `capacity`: one record for each
 * credential of a deployment, replaced by compare-and-set. Where nobody knows a limit there is no share, and nothing
 * is written but that a provider wants to be left alone.
 */
export class ShareKeeper {
  private readonly kept = new Map<string, Kept>();
  private readonly stops: (() => void)[] = [];
  private snapshot: KvSnapshot<CapacityRecord> | undefined;
  private left = false;

  private constructor(private readonly options: ShareKeeperOptions) {
    for (const { pool, abandonedMs } of options.pools)
      this.kept.set(pool.key, {
        pool,
        abandonedMs,
        renewing: undefined,
        renewingSinceMs: 0,
        again: false,
        answering: false,
      });
  }

  /** Resolves when the first shares are there. */
  static async open(options: ShareKeeperOptions): Promise<ShareKeeper> {
    const keeper = new ShareKeeper(options);
    keeper.snapshot = await KvSnapshot.open<CapacityRecord>(options.connection, 'capacity', {
      // Longer than any quarantine: what is older says nothing any more.
      ttlMs: 24 * 3_600_000,
      onChange: (key, record) => keeper.hear(key, record),
    });
    await keeper.renewAll();
    options.connection.onReconnect(() => {
      // What was asked of a server that is gone is never answered.
      keeper.giveUpRenewals(0);
      void keeper.renewAll();
    });
    keeper.stops.push(
      options.clock.every(RENEW_MS, () => {
        keeper.giveUpRenewals(GIVE_UP_MS);
        void keeper.renewAll();
      }),
    );
    return keeper;
  }

  /** More of a share is needed, or something is known that others should know. */
  renew(pool: Pool): void {
    const kept = this.kept.get(pool.key);
    if (!kept || this.left || !this.snapshot) return;
    void this.renewSoon(kept);
  }

  /** Gives up everything but what is still counted, so that it is there for the others, or the next one, at once. */
  async leave(): Promise<void> {
    this.left = true;
    for (const stop of this.stops) stop();
    await Promise.all(
      [...this.kept.values()].map(async ({ pool, abandonedMs, renewing }) => {
        await renewing;
        for (const holding of pool.holdings.values()) tighten(holding, 0);
        if (pool.holdings.size === 0) return;
        await this.snapshot?.replace(pool.key, (record) =>
          leaveRecord(record, pool, this.renewer(pool, abandonedMs)),
        );
      }),
    ).catch(this.options.onError);
    this.snapshot?.close();
  }

  private async renewAll(): Promise<void> {
    const limited = [...this.kept.values()].filter(({ pool }) => pool.holdings.size > 0);
    await Promise.all(limited.map((kept) => this.renewSoon(kept)));
  }

  /** Renews now, or once more when the renewal on its way is back. */
  private renewSoon(kept: Kept): Promise<void> {
    kept.again = true;
    if (kept.renewing) return kept.renewing;
    kept.renewingSinceMs = this.options.clock.monotonicMs();
    const turn = { givenUp: false };
    kept.turn = turn;
    return (kept.renewing = this.renewWhileDue(kept, turn));
  }

  /** Lets others begin in place of those that have been under way for so long. */
  private giveUpRenewals(afterMs: number): void {
    const beforeMs = this.options.clock.monotonicMs() - afterMs;
    for (const kept of this.kept.values()) {
      if (!kept.renewing || !kept.turn || kept.renewingSinceMs > beforeMs) continue;
      kept.turn.givenUp = true;
      kept.renewing = undefined;
    }
  }

  private async renewWhileDue(kept: Kept, turn: Turn): Promise<void> {
    try {
      while (kept.again && !this.left && !turn.givenUp) {
        kept.again = false;
        await this.renewOnce(kept, turn);
        kept.renewingSinceMs = turn.givenUp ? kept.renewingSinceMs : this.options.clock.monotonicMs();
      }
    } catch (error) {
      // The shares end with their leases unless a later renewal succeeds.
      this.options.onError(error);
    } finally {
      // In the turn that has seen that no other is due: one that is asked for a moment later has to begin by itself.
      if (kept.turn === turn) kept.renewing = undefined;
    }
  }

  private async renewOnce({ pool, abandonedMs }: Kept, turn: Turn): Promise<void> {
    const { clock, worker } = this.options;
    let startedMs = 0;
    let proposed: CapacityRecord | undefined;
    const replaced = await this.snapshot!.replace(pool.key, (record) => {
      startedMs = clock.monotonicMs();
      const renewer = this.renewer(pool, abandonedMs);
      proposed = renewRecord(record, pool, renewer);
      // From the moment it is written others may use what is given up in it.
      for (const [kind, holding] of pool.holdings) {
        const book = proposed.shares[kind];
        if (book) tighten(holding, usableOf(book, worker, renewer.nowMs));
      }
      return proposed;
    });
    // What a later renewal says counts more; that others may use what was given up has been seen to.
    if (!replaced || !proposed || turn.givenUp) return;
    for (const [kind, holding] of pool.holdings) {
      const share: Share | undefined = proposed.shares[kind]?.holders[worker];
      if (share) adopt(holding, share, pool.inUse(kind));
    }
    pool.leaseEndsMs = startedMs + LEASE_MS;
    pool.seatWaiting();
    pool.noteUse();
    this.options.onChange();
  }

  private renewer(pool: Pool, abandonedMs: number) {
    const { clock, worker, wanted } = this.options;
    return { worker, nowMs: clock.nowMs(), abandonedMs, wanted: wanted(pool.deployment) };
  }

  private hear(key: string, record: CapacityRecord | undefined): void {
    const kept = this.kept.get(key);
    if (!kept || !record || this.left) return;
    const { pool } = kept;
    if (record.closing) pool.close(record.closing);
    for (const [kind, told] of Object.entries(record.told ?? {})) {
      if (pool.told.get(kind as WindowKind)?.limit !== told.limit)
        pool.adoptTold(kind as WindowKind, told.limit, told.atMs);
    }
    if (!kept.answering && !kept.renewing && this.wouldMove(kept, record)) {
      kept.answering = true;
      this.options.clock.after(ANSWER_MS, () => {
        kept.answering = false;
        this.renew(pool);
      });
    }
    this.options.onChange();
  }

  /** Whether renewing now would give somebody else what they lack, or us what we lack. */
  private wouldMove({ pool, abandonedMs }: Kept, record: CapacityRecord): boolean {
    const { worker } = this.options;
    const renewed = renewRecord(record, pool, this.renewer(pool, abandonedMs));
    for (const [kind, holding] of pool.holdings) {
      const holders = Object.entries(record.shares[kind]?.holders ?? {});
      const before = record.shares[kind]?.holders[worker]?.permits ?? 0;
      const after = renewed.shares[kind]?.holders[worker]?.permits ?? 0;
      const step = Math.max(1, holding.limit / 50);
      const others = holders.some(([id, share]) => id !== worker && share.permits < share.wants);
      const lacks = before < pool.inUse(kind) + this.options.wanted(pool.deployment);
      if ((before - after >= step && others) || (after - before >= step && lacks)) return true;
    }
    return false;
  }
}
