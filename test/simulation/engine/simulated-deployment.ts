import { AimdLimit, type Clock } from '@penstock/resilience';
import { SimulatedBreaker } from './simulated-breaker.js';

export interface DeploymentPlan {
  readonly id: string;
  /** Calls at a time that Penstock was told. */
  readonly configured: number;
  /** Calls at a time that the provider really takes, and 0 while it is out. */
  readonly capacity: (atMs: number) => number;
}

/** A deployment in a simulation: what the provider does, and what a worker knows of it. */
export class SimulatedDeployment {
  readonly id: string;
  readonly limit: AimdLimit;
  readonly breaker: SimulatedBreaker;
  /** Calls the provider is working on. */
  busy = 0;
  /** Calls that are on their way, those that the provider is about to refuse included. */
  underWay = 0;

  constructor(
    private readonly plan: DeploymentPlan,
    private readonly clock: Clock,
    onRoom: (deployment: SimulatedDeployment) => void,
  ) {
    this.id = plan.id;
    this.limit = new AimdLimit(clock, { max: plan.configured, decrease: 0.9, caution: 0.1 });
    this.breaker = new SimulatedBreaker(clock, () => onRoom(this));
  }

  /** Whether a worker would grant a credit for it. */
  get hasRoom(): boolean {
    if (this.breaker.state === 'open') return false;
    if (this.breaker.state === 'half_open' && this.underWay > 0) return false;
    return this.limit.free > 0;
  }

  get capacity(): number {
    return this.plan.capacity(this.clock.nowMs());
  }
}
