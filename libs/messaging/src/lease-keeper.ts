import type { PriorityClass } from '@penstock/contracts';
import { FleetingMap, type Clock } from '@penstock/resilience';
import { wholeLease } from './bundle-desk.js';
import type { Connection } from './connection.js';
import { lease } from './lease.js';

/**
 * How long a lane waits for a sign of life before it delivers a job again. It bounds how long a job stands
 * still after the death of the process that held it, so it is short where somebody waits.
 */
export interface LeaseTimes {
  readonly interactive: number;
  readonly standard: number;
  readonly batch: number;
}

export const DEFAULT_LEASE_MS: LeaseTimes = { interactive: 4_000, standard: 10_000, batch: 10_000 };

/** Extends every lease this process holds, until it lets go of it. One timer for all of them. */
export class LeaseKeeper {
  private readonly held = new FleetingMap<string, { readonly periodMs: number; dueMs: number }>();
  private readonly stop: () => void;

  constructor(
    private readonly connection: Pick<Connection, 'outgoing' | 'early'>,
    private readonly clock: Clock,
    private readonly leaseMs: LeaseTimes = DEFAULT_LEASE_MS,
  ) {
    const tickMs = Math.max(50, Math.min(leaseMs.interactive, leaseMs.standard, leaseMs.batch) / 8);
    this.stop = clock.every(tickMs, () => this.extendDue());
  }

  get size(): number {
    return this.held.size;
  }

  /** From now on the lease is extended three times within its length. */
  hold(ackSubject: string, priorityClass: PriorityClass): void {
    const periodMs = this.leaseMs[priorityClass] / 3;
    this.held.set(ackSubject, { periodMs, dueMs: this.clock.monotonicMs() + periodMs });
  }

  /** Whoever has it now, it is no longer this process's to extend. */
  release(ackSubject: string): void {
    this.held.delete(ackSubject);
  }

  close(): void {
    this.stop();
    this.held.clear();
  }

  private extendDue(): void {
    const now = this.clock.monotonicMs();
    // The jobs of a bundle come together, are due together, and have one lease.
    const extended = new Set<string>();
    for (const [ackSubject, entry] of this.held) {
      if (entry.dueMs > now) continue;
      entry.dueMs = now + entry.periodMs;
      const whole = wholeLease(ackSubject);
      if (extended.has(whole)) continue;
      extended.add(whole);
      lease.extend(this.connection, whole);
    }
  }
}
