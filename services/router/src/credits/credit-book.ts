import type { CreditGrant, CreditReturn, WorkerHeartbeat } from '@penstock/contracts';

/** A worker that was not heard of for so long is taken to be dead; its credits are worth nothing. */
export const WORKER_SILENCE_MS = 3_500;

/** A worker's own count is adopted only when nothing can be under way between the two. */
const QUIET_MS = 500;

interface WorkerAccount {
  seenAtMs: number;
  readonly credits: Map<string, number>;
  /** When this router last spent or was granted a credit there, by deployment. */
  readonly movedAtMs: Map<string, number>;
}

/**
 * The credits this router holds: how many jobs it may send to which worker for which deployment. A plain book;
 * the instant is given.
 */
export class CreditBook {
  private readonly workers = new Map<string, WorkerAccount>();

  constructor(private readonly router: string) {}

  /**
   * Writes a grant down. A negative count asks credits back: what of it is still held is taken out of the book, and
   * returned to be sent to the worker.
   */
  granted(
    grant: CreditGrant,
    nowMs: number,
  ): { readonly opened: string[]; readonly back: CreditReturn['credits'] } {
    const opened = this.revived(grant.worker, nowMs);
    const account = this.account(grant.worker, nowMs);
    const back: { deployment: string; count: number }[] = [];
    for (const { deployment, count } of grant.credits) {
      const held = account.credits.get(deployment) ?? 0;
      if (count > 0) opened.push(deployment);
      else if (held > 0) back.push({ deployment, count: Math.min(held, -count) });
      account.credits.set(deployment, Math.max(0, held + count));
      // Credits asked back that were lost on their way here move nothing: did they, a worker that asks again and again
      // would never be believed what it says it has given, and the two would not agree for ever.
      if (count > 0 || held > 0) account.movedAtMs.set(deployment, nowMs);
    }
    return { opened, back };
  }

  /** Takes in how a worker is. Returns the deployments that may have room again. */
  heard(heartbeat: WorkerHeartbeat, nowMs: number): string[] {
    if (heartbeat.draining) {
      this.workers.delete(heartbeat.worker);
      return [];
    }
    const opened = this.revived(heartbeat.worker, nowMs);
    const account = this.account(heartbeat.worker, nowMs);
    for (const { deployment, granted } of heartbeat.deployments) {
      if (nowMs - (account.movedAtMs.get(deployment) ?? 0) < QUIET_MS) continue;
      const theirs = granted[this.router] ?? 0;
      if (theirs > (account.credits.get(deployment) ?? 0)) opened.push(deployment);
      account.credits.set(deployment, theirs);
    }
    return opened;
  }

  /**
   * Spends one credit for the deployment, at the worker that has most of them, of those that may be chosen. Undefined when
   * there is none.
   */
  spend(deployment: string, nowMs: number, mayChoose?: (worker: string) => boolean): string | undefined {
    let best: string | undefined;
    let most = 0;
    for (const [worker, account] of this.workers) {
      const credits = account.credits.get(deployment) ?? 0;
      if (credits <= most || nowMs - account.seenAtMs > WORKER_SILENCE_MS) continue;
      if (mayChoose?.(worker) === false) continue;
      most = credits;
      best = worker;
    }
    if (best === undefined) return undefined;
    const account = this.workers.get(best);
    account?.credits.set(deployment, most - 1);
    account?.movedAtMs.set(deployment, nowMs);
    return best;
  }

  /** Whether the worker was heard of lately. */
  isAlive(worker: string, nowMs: number): boolean {
    const account = this.workers.get(worker);
    return account !== undefined && nowMs - account.seenAtMs <= WORKER_SILENCE_MS;
  }

  /** Forgets workers that have fallen silent. */
  prune(nowMs: number): void {
    for (const [worker, account] of this.workers) {
      if (nowMs - account.seenAtMs > WORKER_SILENCE_MS) this.workers.delete(worker);
    }
  }

  /** Credits held for a deployment now, at all workers. */
  held(deployment: string): number {
    let count = 0;
    for (const { credits } of this.workers.values()) count += credits.get(deployment) ?? 0;
    return count;
  }

  /**
   * The deployments that a worker which is heard of after a silence holds credits for. They were passed over
   * meanwhile, and jobs that found none are looked at again only if they are told of some.
   */
  private revived(worker: string, nowMs: number): string[] {
    const account = this.workers.get(worker);
    if (!account || nowMs - account.seenAtMs <= WORKER_SILENCE_MS) return [];
    return [...account.credits].filter(([, count]) => count > 0).map(([deployment]) => deployment);
  }

  private account(worker: string, nowMs: number): WorkerAccount {
    let account = this.workers.get(worker);
    if (!account) {
      account = { seenAtMs: nowMs, credits: new Map(), movedAtMs: new Map() };
      this.workers.set(worker, account);
    }
    account.seenAtMs = nowMs;
    return account;
  }
}
