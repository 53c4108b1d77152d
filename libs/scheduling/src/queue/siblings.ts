import type { QueuedJob } from './queued-job.js';
import type { Seat } from './seat.js';

/**
 * Which gates of one class each tenant waits at. Where gates share a deployment, a tenant's seats there share
 * its weight: else a tenant would get a larger part of the deployment by asking for it in several ways.
 */
export class Siblings<J extends QueuedJob> {
  private readonly byTenant = new Map<string, Set<Seat<J>>>();

  /** The seat has jobs now. */
  joined(seat: Seat<J>): void {
    seat.sharers = 1;
    const seats = this.byTenant.get(seat.tenant);
    if (!seats) {
      this.byTenant.set(seat.tenant, new Set([seat]));
      return;
    }
    for (const other of seats) {
      if (!overlap(seat, other)) continue;
      seat.sharers++;
      other.queue.changeSharers(other, other.sharers + 1);
    }
    seats.add(seat);
  }

  /** The seat has no jobs any more. */
  left(seat: Seat<J>): void {
    const seats = this.byTenant.get(seat.tenant);
    if (!seats?.delete(seat)) return;
    if (seats.size === 0) this.byTenant.delete(seat.tenant);
    for (const other of seats) {
      if (overlap(seat, other)) other.queue.changeSharers(other, other.sharers - 1);
    }
  }
}

function overlap<J extends QueuedJob>(a: Seat<J>, b: Seat<J>): boolean {
  const others = b.queue.gate.runsOn;
  return a.queue.gate.runsOn.some((deployment) => others.includes(deployment));
}
