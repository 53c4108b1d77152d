import type { Api } from '@penstock/contracts';
import type { Clock } from '@penstock/resilience';

/** For so long a deployment is believed to serve what it served. */
const BELIEVED_MS = 10 * 60_000;

/**
 * In which APIs each deployment has answered lately. A provider says of a model that it lost and of one that was asked
 * for what it never did (embeddings of a chat model) the same: that there is no such model. Only the former is the
 * deployment's fault; the latter is any caller's to repeat, and must not close it to the others.
 */
export class ServedApis {
  private readonly servedAtMs = new Map<string, Map<Api, number>>();

  constructor(private readonly clock: Pick<Clock, 'monotonicMs'>) {}

  note(deployment: string, api: Api): void {
    const known = this.servedAtMs.get(deployment);
    if (known) known.set(api, this.clock.monotonicMs());
    else this.servedAtMs.set(deployment, new Map([[api, this.clock.monotonicMs()]]));
  }

  /** Whether the deployment has answered lately, and never in this API. */
  servesOnlyOthers(deployment: string, api: Api): boolean {
    const served = this.servedAtMs.get(deployment);
    if (!served || served.has(api)) return false;
    const nowMs = this.clock.monotonicMs();
    return [...served.values()].some((atMs) => nowMs - atMs <= BELIEVED_MS);
  }
}
