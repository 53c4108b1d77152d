import {
  SUBJECT,
  type CreditGrant,
  type CreditReturn,
  type RouterHeartbeat,
  type RunningHedge,
  type UsedByAttempt,
  type WorkerHeartbeat,
} from '@penstock/contracts';
import { listen, sendJson, type Connection } from '@penstock/messaging';
import type { Clock } from '@penstock/resilience';
import type { SlotBoard } from './slot-board.js';

const HEARTBEAT_MS = 1_000;

/** How long a grant nobody waits for may gather others. */
const DEFERRED_MS = 10;

/** What attempts used is dropped beyond so many of one router: it makes shares exact, and none depends on it. */
const USED_KEPT = 2_000;

/** What runs here: the attempts that routers dispatched, by id, and those that were sent beside them. */
export interface RunningAttempts {
  attemptIds(): readonly string[];
  hedges(): readonly RunningHedge[];
  read(): Readonly<Record<string, number>>;
}

/** Carries the slot board's changes to the routers, and what routers say to the slot board. */
export class CapacityAnnouncer {
  private readonly stops: (() => void)[];
  private draining = false;
  private deferred = false;
  /** Not told yet, by router. */
  private readonly used = new Map<string, UsedByAttempt[]>();
  /** When room is looked for that comes by itself, on the monotonic clock; and what calls that off. */
  private nextLook: { readonly atMs: number; readonly cancel: () => void } | undefined;

  constructor(
    private readonly connection: Connection,
    private readonly clock: Clock,
    private readonly worker: string,
    private readonly board: SlotBoard,
    private readonly running: RunningAttempts,
  ) {
    this.stops = [
      listen(connection, SUBJECT.capacityRouters, (message) => this.hear(message.json<RouterHeartbeat>())),
      listen(connection, SUBJECT.capacityReturns(worker), (message) =>
        this.take(message.json<CreditReturn>()),
      ),
      clock.every(HEARTBEAT_MS, () => this.beat()),
    ];
    this.beat();
  }

  /**
   * Tells routers of slots that became free: at once where they may be waited for, else together with those of the
   * next few milliseconds, because a message for each would cost more than the job's own dispatch.
   */
  changed(): void {
    if (this.board.isStarved(this.clock.nowMs())) return this.grant();
    if (this.deferred) return;
    this.deferred = true;
    this.clock.after(DEFERRED_MS, () => {
      this.deferred = false;
      this.grant();
    });
  }

  /** What an attempt used. Its router hears of it with its next grant, or at the next heartbeat. */
  noteUsed(router: string, used: UsedByAttempt): void {
    const noted = this.used.get(router);
    if (!noted) this.used.set(router, [used]);
    else if (noted.length < USED_KEPT) noted.push(used);
  }

  /** Tells everybody how this worker is, now instead of at the next heartbeat. */
  beat(): void {
    // Before the heartbeat that names them among what runs here no more.
    for (const router of [...this.used.keys()]) this.sendGrant(router, []);
    const hedges = this.running.hedges();
    const heartbeat: WorkerHeartbeat = {
      worker: this.worker,
      deployments: this.board.health(),
      running: this.running.attemptIds(),
      read: this.running.read(),
      ...(hedges.length > 0 && { hedges }),
      draining: this.draining,
    };
    sendJson(this.connection, SUBJECT.capacityWorkers, heartbeat);
    this.grant();
  }

  /** No more work from now on. */
  drain(): void {
    this.draining = true;
    this.beat();
  }

  close(): void {
    for (const stop of this.stops) stop();
    this.nextLook?.cancel();
  }

  /** Whether this worker takes no more work. */
  get isDraining(): boolean {
    return this.draining;
  }

  private hear(router: RouterHeartbeat): void {
    if (router.draining) this.board.routerGone(router.router);
    else this.board.routerSeen(router.router, router.wanted, router.urgent ?? {}, this.clock.nowMs());
    this.changed();
  }

  private take(returned: CreditReturn): void {
    for (const { deployment, count } of returned.credits)
      this.board.creditsReturned(returned.router, deployment, count);
    this.changed();
  }

  private grant(): void {
    if (this.draining) return;
    const byRouter = new Map<string, { deployment: string; count: number }[]>();
    for (const { router, deployment, count } of this.board.distribute(this.clock.nowMs())) {
      const credits = byRouter.get(router);
      if (credits) credits.push({ deployment, count });
      else byRouter.set(router, [{ deployment, count }]);
    }
    for (const [router, credits] of byRouter) this.sendGrant(router, credits);
    this.lookAgain();
  }

  private sendGrant(router: string, credits: CreditGrant['credits']): void {
    const used = this.used.get(router);
    this.used.delete(router);
    const grant: CreditGrant = { worker: this.worker, credits, ...(used && { used }) };
    sendJson(this.connection, SUBJECT.capacityGrants(router), grant);
  }

  /** Minutes pass and closings end without anything happening here. */
  private lookAgain(): void {
    const waitMs = this.board.roomInMs(this.clock.nowMs());
    if (waitMs === undefined) return;
    const delayMs = Math.max(DEFERRED_MS, Math.ceil(waitMs));
    const atMs = this.clock.monotonicMs() + delayMs;
    if (this.nextLook && this.nextLook.atMs <= atMs) return;
    this.nextLook?.cancel();
    const cancel = this.clock.after(delayMs, () => {
      this.nextLook = undefined;
      this.board.seatWaiting();
      this.grant();
    });
    this.nextLook = { atMs, cancel };
  }
}
