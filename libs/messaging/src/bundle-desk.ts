import { SUBJECT } from '@penstock/contracts';
import { FleetingMap } from '@penstock/resilience';
import { nuid, type NatsConnection } from 'nats';
import { parseAckSubject } from './ack-subject.js';
import type { Outgoing } from './outgoing.js';

/** A bundle that came off its lane here, under one lease for all of its jobs. */
interface HeldBundle {
  /** The lease, as it was delivered last. */
  ackSubject: string;
  /** Jobs that have not ended. */
  readonly open: Set<number>;
  /** Of these, jobs that are to go back into the lane, and after which delay. */
  readonly givenBack: Map<number, number>;
}

/** What is done with the lease of a bundle when all of its jobs have come to their ends. */
export interface BundleEnds {
  readonly settle: (ackSubject: string) => void;
  readonly giveBack: (ackSubject: string, delayMs: number) => void;
}

/** What a job says of its part: it has ended, or it is to go back into the lane, after a delay. */
interface PartEnd {
  readonly part: string;
  readonly giveBackAfterMs?: number;
}

/** The part of a lease that one job of a bundle has. */
interface LeasePart {
  readonly ackSubject: string;
  readonly desk: string;
  readonly index: number;
}

/** Stands in no ack subject. */
const MARK = '#';

/** So many bundles are waited for. The oldest of more were delivered again elsewhere, and ended there. */
const MOST = 20_000;

/**
 * Where the leases of bundles are counted: each job has a part of its bundle's, which it holds, hands on, extends and ends
 * as any other has its lease, and in whichever process. The lease is settled when all have ended, and given back when
 * all that are left are given back. A desk that dies takes its counts along: the lease runs out, and the bundle comes again,
 * where those that have ended are found to have.
 *
 * To extend a part is to extend the lease, without a way over the desk. So a job that runs keeps its bundle from coming
 * again even if the desk is gone, and is not run twice.
 */
export class BundleDesk {
  private readonly id = nuid.next();
  private readonly held = new FleetingMap<string, HeldBundle>();
  private listening = false;

  constructor(
    private readonly nc: Pick<NatsConnection, 'subscribe'>,
    private readonly outgoing: Pick<Outgoing, 'publish'>,
    private readonly ends: BundleEnds,
  ) {}

  /** A bundle of so many jobs has come: the jobs of it that have not ended here, each with its part of the lease. */
  take(ackSubject: string, jobs: number): readonly { readonly index: number; readonly part: string }[] {
    this.listen();
    const place = placeOf(ackSubject);
    let bundle = this.held.get(place);
    if (bundle) {
      bundle.ackSubject = ackSubject;
      bundle.givenBack.clear();
    } else {
      bundle = { ackSubject, open: new Set(Array.from({ length: jobs }, (_, i) => i)), givenBack: new Map() };
      this.held.set(place, bundle);
      this.forgetOldest();
    }
    return [...bundle.open].map((index) => ({ index, part: nameOf({ ackSubject, desk: this.id, index }) }));
  }

  /** The job of this part has ended. */
  settle(part: string): void {
    this.end({ part });
  }

  /** The job of this part is to come again. */
  giveBack(part: string, delayMs: number): void {
    this.end({ part, giveBackAfterMs: delayMs });
  }

  private end(ended: PartEnd): void {
    const part = partOf(ended.part);
    if (!part) return;
    if (part.desk !== this.id)
      return this.outgoing.publish(SUBJECT.leasePart(part.desk), JSON.stringify(ended));
    const place = placeOf(part.ackSubject);
    const bundle = this.held.get(place);
    if (!bundle?.open.has(part.index)) return;
    if (ended.giveBackAfterMs !== undefined) bundle.givenBack.set(part.index, ended.giveBackAfterMs);
    else {
      bundle.open.delete(part.index);
      bundle.givenBack.delete(part.index);
    }
    if (bundle.open.size === 0) {
      this.held.delete(place);
      this.ends.settle(bundle.ackSubject);
    } else if (bundle.givenBack.size === bundle.open.size) {
      this.ends.giveBack(bundle.ackSubject, Math.max(...bundle.givenBack.values()));
    }
  }

  /** Parts that went to other processes end by a message; most processes never see one. */
  private listen(): void {
    if (this.listening) return;
    this.listening = true;
    this.nc.subscribe(SUBJECT.leasePart(this.id), {
      callback: (_, message) => this.end(message.json<PartEnd>()),
    });
  }

  private forgetOldest(): void {
    for (const oldest of this.held.keys()) {
      if (this.held.size <= MOST) return;
      this.held.delete(oldest);
    }
  }
}

/** Whether what holds a job's lease is a part of a bundle's. */
export function isPart(lease: string): boolean {
  return lease.includes(MARK);
}

/** The lease that a part belongs to; a lease that is no part is its own. */
export function wholeLease(lease: string): string {
  const end = lease.indexOf(MARK);
  return end < 0 ? lease : lease.slice(0, end);
}

function nameOf({ ackSubject, desk, index }: LeasePart): string {
  return `${ackSubject}${MARK}${desk}${MARK}${index}`;
}

function partOf(name: string): LeasePart | undefined {
  const [ackSubject, desk, index] = name.split(MARK);
  if (!ackSubject || !desk || index === undefined) return undefined;
  return { ackSubject, desk, index: Number(index) };
}

/** What all deliveries of a message have in common, and no two messages: a server that lost its memory counts from 1 again. */
function placeOf(ackSubject: string): string {
  const { stream, sequence, storedAtMs } = parseAckSubject(ackSubject) ?? {};
  return `${stream} ${sequence} ${storedAtMs}`;
}
