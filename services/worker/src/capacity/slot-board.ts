import type { BreakerState, DeploymentHealth } from '@penstock/contracts';
import { divideCredits } from './divide-credits.js';
import type { TokenCount } from './limit-kind.js';
import type { Pool } from './pool.js';
import type { Seat, SeatEnd } from './seat.js';

/** What the board remembers of one deployment. */
interface Slots {
  /** One a credential. */
  readonly pools: readonly Pool[];
  breaker: BreakerState;
  /** Calls that began since the breaker is half-open. Those from before say nothing of it, and may last for minutes. */
  readonly trials: Set<Seat>;
  /** Credits out at each router. */
  readonly granted: Map<string, number>;
  /** Calls that run by each router's dispatches. */
  readonly running: Map<string, number>;
}

interface RouterView {
  seenAtMs: number;
  wanted: Readonly<Record<string, number>>;
  /** Of those, jobs that somebody waits for; less what was granted for them since. */
  urgent: Record<string, number>;
}

/** A change in what a router may dispatch here: negative when credits are asked back. */
export interface CreditChange {
  readonly router: string;
  readonly deployment: string;
  readonly count: number;
}

/** A router that was not heard of for so long is taken to be dead; its credits are free again. */
export const ROUTER_SILENCE_MS = 3_500;

/** How long a credential that was refused is not tried again. */
const SET_ASIDE_MS = 60_000;

/**
 * The room of this worker, by deployment, and the credits for it that are out at routers.
 *
 * A credit is a promise of a place: what is granted never passes what could start now. Where room is lost again,
 * credits are asked back, and a dispatch that comes all the same finds no seat. It is a plain book with no
 * connection; whoever keeps it tells it what happened and carries out the changes it returns.
 */
export class SlotBoard {
  private readonly deployments = new Map<string, Slots>();
  private readonly routers = new Map<string, RouterView>();

  /** Adds a deployment, with the pools of its credentials. */
  add(deployment: string, pools: readonly Pool[]): void {
    this.deployments.set(deployment, {
      pools,
      breaker: 'closed',
      trials: new Set(),
      granted: new Map(),
      running: new Map(),
    });
  }

  setBreaker(deployment: string, breaker: BreakerState): void {
    const entry = this.deployments.get(deployment);
    if (!entry || entry.breaker === breaker) return;
    entry.breaker = breaker;
    entry.trials.clear();
    if (breaker === 'closed') for (const pool of entry.pools) pool.outageOver();
  }

  routerSeen(
    router: string,
    wanted: Readonly<Record<string, number>>,
    urgent: Readonly<Record<string, number>>,
    nowMs: number,
  ): void {
    this.routers.set(router, { seenAtMs: nowMs, wanted, urgent: { ...urgent } });
  }

  routerGone(router: string): void {
    this.routers.delete(router);
    for (const entry of this.deployments.values()) entry.granted.delete(router);
  }

  /**
   * Takes the place that a dispatch needs, at the credential with most room; undefined when there is none. The
   * router's credit is spent either way. Without one, what other routers were promised is left to them.
   */
  start(router: string, deployment: string, tokens: TokenCount, nowMs: number): Seat | undefined {
    const entry = this.deployments.get(deployment);
    if (!entry) return undefined;
    const credits = entry.granted.get(router) ?? 0;
    if (credits > 0) entry.granted.set(router, credits - 1);
    if (entry.breaker === 'open') return undefined;
    if (credits === 0 && this.room(entry, nowMs) <= sum(entry.granted)) return undefined;
    let best: Pool | undefined;
    let most = 0;
    for (const pool of entry.pools) {
      const room = pool.room(nowMs);
      if (room > most) [best, most] = [pool, room];
    }
    if (!best) return undefined;
    entry.running.set(router, (entry.running.get(router) ?? 0) + 1);
    const seat = best.start(tokens);
    if (entry.breaker === 'half_open') entry.trials.add(seat);
    return seat;
  }

  /**
   * Takes a place for a call beside another one of that router's dispatches, which no credit was spent on: only where
   * the deployment works as it should and has plenty of room. A credit that is one too many then is asked back.
   */
  startSpare(router: string, deployment: string, tokens: TokenCount, nowMs: number): Seat | undefined {
    const entry = this.deployments.get(deployment);
    if (entry?.breaker !== 'closed') return undefined;
    const pool = entry.pools.find((one) => one.hasSpareRoom(tokens, nowMs));
    if (pool) entry.running.set(router, (entry.running.get(router) ?? 0) + 1);
    return pool?.start(tokens);
  }

  /** Gives up a seat that `start` gave to that router's dispatch. False when it was given up before. */
  end(router: string, deployment: string, seat: Seat, end: SeatEnd): boolean {
    if (!seat.end(end)) return false;
    const entry = this.deployments.get(deployment);
    entry?.trials.delete(seat);
    const running = entry?.running;
    const left = (running?.get(router) ?? 0) - 1;
    if (left > 0) running?.set(router, left);
    else running?.delete(router);
    return true;
  }

  creditsReturned(router: string, deployment: string, count: number): void {
    const entry = this.deployments.get(deployment);
    const held = entry?.granted.get(router) ?? 0;
    entry?.granted.set(router, Math.max(0, held - count));
  }

  /** Gives out every slot that is free and open, and asks back credits that lie idle while another router wants them. */
  distribute(nowMs: number): CreditChange[] {
    for (const [router, view] of this.routers) {
      if (nowMs - view.seenAtMs > ROUTER_SILENCE_MS) this.routerGone(router);
    }
    if (this.routers.size === 0) return [];
    const changes: CreditChange[] = [];
    for (const [deployment, entry] of this.deployments) this.distributeOne(deployment, entry, nowMs, changes);
    return changes;
  }

  health(): DeploymentHealth[] {
    return [...this.deployments].map(([deployment, { breaker, pools, granted }]) => {
      // Closed for all credentials only.
      const closedUntilMs = Math.min(...pools.map(({ closing }) => closing.untilMs));
      return {
        deployment,
        breaker,
        running: running(pools),
        slots: pools.reduce((total, pool) => total + pool.slots, 0),
        granted: Object.fromEntries(granted),
        ...(closedUntilMs > 0 && { closedUntilMs }),
      };
    });
  }

  /**
   * The provider refused the credential of a seat. It is left alone for a while if there are others; false when it is
   * the only one.
   */
  setAside(deployment: string, seat: Seat, nowMs: number): boolean {
    const pools = this.deployments.get(deployment)?.pools ?? [];
    if (pools.length < 2) return false;
    seat.pool.close({ untilMs: nowMs + SET_ASIDE_MS, outage: false });
    return true;
  }

  /** Whether a router may have to wait for a place that is free here: where few of those there are are granted. */
  isStarved(nowMs: number): boolean {
    for (const entry of this.deployments.values()) {
      const room = this.room(entry, nowMs);
      const granted = sum(entry.granted);
      if (room > granted && granted < (running(entry.pools) + room) / 4) return true;
    }
    return false;
  }

  /** Lets those go on that wait for tokens, where there are some now. */
  seatWaiting(): void {
    for (const { pools } of this.deployments.values()) for (const pool of pools) pool.seatWaiting();
  }

  /** Jobs that wait at routers for a deployment. */
  wanted(deployment: string): number {
    let wanted = 0;
    for (const router of this.routers.values()) wanted += router.wanted[deployment] ?? 0;
    return wanted;
  }

  /** In how many milliseconds a deployment that somebody waits for may have room again by itself; undefined for never. */
  roomInMs(nowMs: number): number | undefined {
    let soonest: number | undefined;
    for (const [deployment, { pools, breaker }] of this.deployments) {
      if (breaker === 'open') continue;
      const wanted = this.wanted(deployment) > 0;
      for (const pool of pools) {
        if (!wanted && !pool.isWaitedIn) continue;
        const waitMs = pool.roomInMs(nowMs);
        if (waitMs !== undefined) soonest = Math.min(soonest ?? Infinity, waitMs);
      }
    }
    return soonest;
  }

  private distributeOne(deployment: string, entry: Slots, nowMs: number, changes: CreditChange[]): void {
    const change = (router: string, count: number) => {
      if (count > 0) entry.granted.set(router, (entry.granted.get(router) ?? 0) + count);
      changes.push({ router, deployment, count });
    };
    const room = this.room(entry, nowMs);
    let free = room - sum(entry.granted);
    if (free < 0) {
      for (const [router, held] of entry.granted) {
        const back = Math.min(held, -free);
        if (back > 0) change(router, -back);
        free += back;
      }
      return;
    }
    if (this.routers.size === 1) {
      const [router] = this.routers.keys();
      if (free > 0 && router !== undefined) change(router, free);
      return;
    }
    this.share(deployment, entry, free, change);
  }

  /** Among several routers; what lies idle at one is asked back when there is none left for another. */
  private share(
    deployment: string,
    entry: Slots,
    free: number,
    change: (router: string, count: number) => void,
  ): void {
    const claims = [...this.routers].map(([router, { wanted, urgent }]) => ({
      router,
      granted: entry.granted.get(router) ?? 0,
      running: entry.running.get(router) ?? 0,
      wanted: wanted[deployment] ?? 0,
      urgent: urgent[deployment] ?? 0,
    }));
    for (const [router, count] of divideCredits(free, claims)) {
      change(router, count);
      const view = this.routers.get(router);
      if (view?.urgent[deployment]) view.urgent[deployment] = Math.max(0, view.urgent[deployment] - count);
    }
    if (free > 0 || claims.every(({ wanted }) => wanted === 0)) return;
    for (const { router, wanted, granted } of claims) {
      if (wanted === 0 && granted > 0) change(router, -granted);
    }
  }

  /** Calls that may start now. An open breaker gives none; a half-open one gives one, to try with. */
  private room({ pools, breaker, trials }: Slots, nowMs: number): number {
    if (breaker === 'open') return 0;
    let room = 0;
    for (const pool of pools) room += pool.room(nowMs);
    return breaker === 'half_open' ? Math.min(Math.max(0, 1 - trials.size), room) : room;
  }
}

function running(pools: readonly Pool[]): number {
  let total = 0;
  for (const pool of pools) total += pool.running;
  return total;
}

function sum(counts: ReadonlyMap<string, number>): number {
  let total = 0;
  for (const count of counts.values()) total += count;
  return total;
}
