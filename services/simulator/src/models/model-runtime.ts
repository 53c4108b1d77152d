import { seededRandom, type Clock, type Random } from '@penstock/resilience';

import { hash32 } from '../completion/hash.js';
import { FaultSchedule } from '../faults/fault-schedule.js';
import { sample } from '../latency/distribution.js';
import type { Pace } from '../latency/pace.js';
import { Traffic } from '../ledger/traffic.js';
import { CallLimiter } from '../limits/call-limiter.js';
import type { LatencySettings, SimulatedModel } from './simulated-model.js';

/** Beyond this many keys, those that have nothing in their window are forgotten. */
const MANY_KEYS = 10_000;

/**
 * A model while it runs: its settings, and what they have done so far. Faults, latencies and texts are drawn from
 * sources of their own under the simulator's seed, so that changing one does not shift the others.
 */
export class ModelRuntime {
  readonly traffic = new Traffic();
  faults: FaultSchedule;
  private readonly latencies: Random;
  private readonly texts: Random;
  private readonly limiters = new Map<string, CallLimiter>();

  constructor(
    public settings: SimulatedModel,
    private readonly seed: number,
    private readonly clock: Clock,
  ) {
    this.faults = this.newSchedule();
    this.latencies = seededRandom(hash32(`latency ${settings.id}`, seed));
    this.texts = seededRandom(hash32(`text ${settings.id}`, seed));
  }

  /** New settings hold for the next call. The fault schedule begins anew when its rules change. */
  change(settings: SimulatedModel): void {
    const rulesChanged = settings.faults !== this.settings.faults;
    this.settings = settings;
    if (rulesChanged) this.faults = this.newSchedule();
  }

  drawPace(latency: LatencySettings): Pace {
    const firstTokenMs = Math.max(0, sample(latency.firstTokenMs, this.latencies));
    if (latency.tokensPerSecond === null) return { firstTokenMs, tokensPerSecond: Infinity };
    return {
      firstTokenMs,
      tokensPerSecond: Math.max(0.001, sample(latency.tokensPerSecond, this.latencies)),
    };
  }

  drawCallSeed(): number {
    return Math.floor(this.texts() * 0x1_0000_0000);
  }

  limiter(key: string): CallLimiter {
    const known = this.limiters.get(key);
    if (known) return known;
    if (this.limiters.size >= MANY_KEYS) this.forgetIdle();
    const limiter = new CallLimiter();
    this.limiters.set(key, limiter);
    return limiter;
  }

  private forgetIdle(): void {
    const nowMs = this.clock.monotonicMs();
    for (const [key, limiter] of this.limiters) if (limiter.isIdle(nowMs)) this.limiters.delete(key);
  }

  private newSchedule(): FaultSchedule {
    const random = seededRandom(hash32(`fault ${this.settings.id}`, this.seed));
    return new FaultSchedule(this.settings.faults, random, this.clock.monotonicMs());
  }
}
