import type { BreakerState, DeploymentHealth } from '@penstock/contracts';

/** What the board remembers of one deployment. */
interface Slots {
  slots: number;
  running: number;
  breaker: BreakerState;
  closedUntilMs: number;
  /** Credits out at each router. */
  readonly granted: Map<string, number>;
}

interface RouterView {
  seenAtMs: number;
  wanted: Readonly<Record<string, number>>;
}

/** A change in what a router may dispatch here: negative when credits are asked back. */
export interface CreditChange {
  readonly router: string;
  readonly deployment: string;
  readonly count: number;
}

/** A router that was not heard of for so long is taken to be dead; its credits are free again. */
export const ROUTER_SILENCE_MS = 3_500;

/**
 * The slots of this worker, by deployment, and the credits for them that are out at routers.
 *
 * A credit is a promise of a slot: running + granted never passes the slots. It is a plain book with no clock
 * and no connection; whoever keeps it tells it what happened and carries out the changes it returns.
 */
export class SlotBoard {
  private readonly deployments = new Map<string, Slots>();
  private readonly routers = new Map<string, RouterView>();

  /** Sets how many calls of a deployment may run here at the same time. */
  resize(deployment: string, slots: number): void {
    const entry = this.deployments.get(deployment);
    if (entry) entry.slots = slots;
    else
      this.deployments.set(deployment, {
        slots,
        running: 0,
        breaker: 'closed',
        closedUntilMs: 0,
        granted: new Map(),
      });
  }

  setBreaker(deployment: string, breaker: BreakerState): void {
    const entry = this.deployments.get(deployment);
    if (entry) entry.breaker = breaker;
  }

  /** The provider asked to be left alone until then. */
  closeUntil(deployment: string, untilMs: number): void {
    const entry = this.deployments.get(deployment);
    if (entry) entry.closedUntilMs = Math.max(entry.closedUntilMs, untilMs);
  }

  routerSeen(router: string, wanted: Readonly<Record<string, number>>, nowMs: number): void {
    this.routers.set(router, { seenAtMs: nowMs, wanted });
  }

  routerGone(router: string): void {
    this.routers.delete(router);
    for (const entry of this.deployments.values()) entry.granted.delete(router);
  }

  /** Takes the slot that a dispatch needs: by the router's credit, or a free one. False when there is neither. */
  start(router: string, deployment: string): boolean {
    const entry = this.deployments.get(deployment);
    if (!entry) return false;
    const credits = entry.granted.get(router) ?? 0;
    if (credits > 0) entry.granted.set(router, credits - 1);
    else if (entry.running + sum(entry.granted) >= entry.slots) return false;
    entry.running++;
    return true;
  }

  end(deployment: string): void {
    const entry = this.deployments.get(deployment);
    if (entry) entry.running--;
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
    return [...this.deployments].map(([deployment, entry]) => ({
      deployment,
      breaker: entry.breaker,
      running: entry.running,
      slots: entry.slots,
      granted: Object.fromEntries(entry.granted),
      ...(entry.closedUntilMs > 0 && { closedUntilMs: entry.closedUntilMs }),
    }));
  }

  /** Whether a router may have to wait for a slot that is free here: where few of a deployment's slots are granted. */
  isStarved(nowMs: number): boolean {
    for (const entry of this.deployments.values()) {
      const usable = this.usable(entry, nowMs);
      const granted = sum(entry.granted);
      if (usable - entry.running > granted && granted < usable / 4) return true;
    }
    return false;
  }

  /** Calls running now, all deployments together. */
  get running(): number {
    let total = 0;
    for (const entry of this.deployments.values()) total += entry.running;
    return total;
  }

  private distributeOne(deployment: string, entry: Slots, nowMs: number, changes: CreditChange[]): void {
    const change = (router: string, count: number) => {
      if (count > 0) entry.granted.set(router, (entry.granted.get(router) ?? 0) + count);
      changes.push({ router, deployment, count });
    };
    const usable = this.usable(entry, nowMs);
    let free = usable - entry.running - sum(entry.granted);
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
    this.share(deployment, entry, free, usable, change);
  }

  /** Among several routers: each gets its even part, then those who want more get what is left. */
  private share(
    deployment: string,
    entry: Slots,
    free: number,
    usable: number,
    change: (router: string, count: number) => void,
  ): void {
    const wanted = (router: string) => this.routers.get(router)?.wanted[deployment] ?? 0;
    const routers = [...this.routers.keys()].sort((a, b) => wanted(b) - wanted(a) || a.localeCompare(b));
    const even = Math.max(1, Math.floor(usable / routers.length));
    let left = free;
    for (const router of routers) {
      const count = Math.min(left, Math.max(0, even - (entry.granted.get(router) ?? 0)));
      if (count > 0) change(router, count);
      left -= count;
    }
    const hungry = routers.filter((router) => wanted(router) > 0);
    if (left > 0) change(hungry[0] ?? routers[0] ?? '', left);
    else if (hungry.length > 0 && free === 0) {
      for (const router of routers) {
        const held = entry.granted.get(router) ?? 0;
        if (wanted(router) === 0 && held > 0) change(router, -held);
      }
    }
  }

  /** An open breaker and a closed provider give no slots; a half-open breaker gives one, to try with. */
  private usable(entry: Slots, nowMs: number): number {
    if (entry.breaker === 'open' || entry.closedUntilMs > nowMs) return 0;
    return entry.breaker === 'half_open' ? Math.min(1, entry.slots) : entry.slots;
  }
}

function sum(counts: ReadonlyMap<string, number>): number {
  let total = 0;
  for (const count of counts.values()) total += count;
  return total;
}
