import type { Job } from '@penstock/contracts';
import { FleetingMap, type Clock } from '@penstock/resilience';

/**
 * Runs a job at once if there is room for it, under a lease that is yet to come. False when it has to wait in its lane.
 */
export type TakeEarly = (job: Job, body: Uint8Array, lease: string) => boolean;

type Verb = (ackSubject: string) => void;

interface EarlyLease {
  /** The lease itself, once the job was stored and delivered. */
  ackSubject?: string;
  /** How it is to end as soon as it is here: the job has ended before. */
  end?: Verb;
  /** Told when it comes. */
  readonly awaited: (() => void)[];
  /** The job goes to another process, or does not end soon. */
  needed?: boolean;
  /** The record is being stored, or is. */
  stored?: boolean;
  /** Told whether the record is needed, while that is open. */
  decide?: ((needed: boolean) => void) | undefined;
}

/** A job that has not ended by then is stored. */
const SOON_MS = 100;

const PREFIX = 'early.';

/** So many leases are waited for: more than jobs run in a process. The oldest of more belong to jobs that were never stored. */
const MOST = 20_000;

/**
 * Jobs of this process that are run before they are stored. Where ingress, router and worker share a process, an
 * interactive job that finds room need not wait for its record: its provider is called while the server stores it, and one
 * that ends soon needs none, because its event is stored before it is answered and nobody else ever had to know of it.
 *
 * The record comes off its lane as any other, and brings the lease. Until then the lease has a name of its own, which
 * all that holds a lease may hold in its place; the verbs of `lease` wait for it where they have to.
 */
export class EarlyJobs {
  private router: { readonly id: string; readonly take: TakeEarly } | undefined;
  private readonly leases = new FleetingMap<string, EarlyLease>();

  constructor(private readonly clock: Pick<Clock, 'after'>) {}

  /** From now on jobs are offered to this router, by whose id others know who holds them. Returns what ends that. */
  serve(id: string, take: TakeEarly): () => void {
    const router = { id, take };
    this.router = router;
    return () => {
      if (this.router === router) this.router = undefined;
    };
  }

  /** Offers a job that may have to be stored. Who runs it already, to be named on its record; undefined when nobody does. */
  offer(job: Job, body: Uint8Array): string | undefined {
    if (!this.router) return undefined;
    const name = nameOf(job.tenant, job.id);
    this.leases.set(name, { awaited: [] });
    if (this.router.take(job, body, name)) {
      for (const oldest of this.leases.keys()) {
        if (this.leases.size <= MOST) break;
        this.leases.delete(oldest);
      }
      return this.router.id;
    }
    this.leases.delete(name);
    return undefined;
  }

  /**
   * Stores the record of a job that was taken: at once, or else when it is needed. Resolves with undefined if the job has
   * ended before that.
   */
  store<T>(job: Job, atOnce: boolean, store: () => Promise<T>): Promise<T | undefined> {
    const lease = this.leases.get(nameOf(job.tenant, job.id));
    if (!lease) return Promise.resolve(undefined);
    const begin = () => {
      lease.stored = true;
      return store();
    };
    if (atOnce || lease.needed) return begin();
    return new Promise((resolve, reject) => {
      const cancel = this.clock.after(SOON_MS, () => need(lease));
      const decide = (needed: boolean) => {
        cancel();
        lease.decide = undefined;
        if (needed) begin().then(resolve, reject);
        else resolve(undefined);
      };
      lease.decide = decide;
    });
  }

  /** The record of a job has come off its lane. False when it is not run here, or has had its lease before. */
  arrived(tenant: string, job: string, ackSubject: string): boolean {
    const name = nameOf(tenant, job);
    const lease = this.leases.get(name);
    if (!lease || lease.ackSubject !== undefined) return false;
    lease.ackSubject = ackSubject;
    if (lease.end) {
      this.leases.delete(name);
      lease.end(ackSubject);
    }
    for (const tell of lease.awaited) tell();
    return true;
  }

  /** Does something with a lease, if it is here. */
  use(lease: string, verb: Verb): void {
    const ackSubject = isEarly(lease) ? this.leases.get(lease)?.ackSubject : lease;
    if (ackSubject !== undefined) verb(ackSubject);
  }

  /** The job has ended: settles its lease, now or when it comes. What is not stored yet need not be. */
  settle(lease: string, verb: Verb): void {
    const early = isEarly(lease) ? this.leases.get(lease) : undefined;
    if (!early || early.stored) return this.end(lease, verb);
    this.leases.delete(lease);
    early.decide?.(false);
  }

  /** Ends a lease, now or when it comes. */
  end(lease: string, verb: Verb): void {
    if (!isEarly(lease)) return verb(lease);
    const early = this.leases.get(lease);
    if (!early) return;
    need(early);
    early.end = verb;
    if (early.ackSubject === undefined) return;
    this.leases.delete(lease);
    verb(early.ackSubject);
  }

  /** The lease itself, for who hands it out of this process. Waits for one that is to come; undefined if it does not. */
  async whenHere(lease: string, patience: () => Promise<unknown>): Promise<string | undefined> {
    if (!isEarly(lease)) return lease;
    const early = this.leases.get(lease);
    if (early) need(early);
    if (early && early.ackSubject === undefined) {
      await Promise.race([new Promise<void>((resolve) => early.awaited.push(resolve)), patience()]);
    }
    return early?.ackSubject;
  }
}

function need(lease: EarlyLease): void {
  lease.needed = true;
  lease.decide?.(true);
}

function nameOf(tenant: string, job: string): string {
  return `${PREFIX}${tenant}.${job}`;
}

function isEarly(lease: string): boolean {
  return lease.startsWith(PREFIX);
}
