import {
  PRIORITY_CLASSES,
  type PriorityClass,
  type RouterHeartbeat,
  type RouterPace,
} from '@penstock/contracts';
import { fairPart } from './fair-part.js';

/** A router that was not heard of for so long starts nothing any more. */
const SILENT_MS = 3_500;

/** A job that has just joined its lane. */
export interface JoiningJob {
  readonly class: PriorityClass;
  /** Its tenant's. */
  readonly weight: number;
  /** Jobs of its own lane that wait before it. */
  readonly aheadInLane: number;
}

/**
 * How fast jobs start, from what routers say of themselves every second: so whoever takes jobs in can tell when one
 * will start, without asking anybody. A plain book; the instant is given.
 */
export class PaceBook {
  private readonly routers = new Map<string, { readonly atMs: number; readonly pace: RouterPace }>();

  heard({ router, draining, pace }: RouterHeartbeat, nowMs: number): void {
    if (draining || !pace) this.routers.delete(router);
    else this.routers.set(router, { atMs: nowMs, pace });
  }

  /** When the job is expected to start; undefined while nobody can tell. It is an estimate: others may come. */
  expectedStartMs(
    { class: priorityClass, weight, aheadInLane }: JoiningJob,
    nowMs: number,
  ): number | undefined {
    const paces = this.recent(nowMs);
    if (paces.length === 0) return undefined;
    // What waits on the server is known to each of them, so it is not added up.
    const waiting = (one: PriorityClass) => ({
      jobs: Math.max(...paces.map((pace) => pace.waiting[one].jobs)),
      weight: Math.max(...paces.map((pace) => pace.waiting[one].weight)),
    });
    const own = waiting(priorityClass);
    const others = { jobs: Math.max(0, own.jobs - aheadInLane), weight: Math.max(0, own.weight - weight) };
    let ahead = aheadInLane + fairPart(aheadInLane, weight, others.jobs, others.weight);
    for (const higher of PRIORITY_CLASSES.slice(0, PRIORITY_CLASSES.indexOf(priorityClass)))
      ahead += waiting(higher).jobs;
    if (ahead === 0) return nowMs;
    const perSecond = paces.reduce((sum, pace) => sum + pace.perSecond, 0);
    return perSecond > 0 ? Math.ceil(nowMs + (ahead / perSecond) * 1_000) : undefined;
  }

  private recent(nowMs: number): RouterPace[] {
    const paces: RouterPace[] = [];
    for (const [router, { atMs, pace }] of this.routers) {
      if (nowMs - atMs > SILENT_MS) this.routers.delete(router);
      else paces.push(pace);
    }
    return paces;
  }
}
