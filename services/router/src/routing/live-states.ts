import type { BreakerState, Percentiles } from '@penstock/contracts';
import type { Clock } from '@penstock/resilience';
import type { DeploymentState, HealthBook } from '@penstock/scheduling';
import type { CreditBook } from '../credits/credit-book.js';

/** How deployments are at this very moment: what workers say of them, and the room that this router holds there. */
export class LiveStates {
  private readonly states = new Map<string, DeploymentState>();

  constructor(
    private readonly health: HealthBook,
    private readonly credits: Pick<CreditBook, 'held'>,
    private readonly clock: Clock,
  ) {}

  /** One object a deployment, whose fields are looked up when they are asked for: most rankings ask for few. */
  readonly of = (deployment: string): DeploymentState => {
    let state = this.states.get(deployment);
    if (!state) {
      state = new LiveState(deployment, this.health, this.credits, this.clock);
      this.states.set(deployment, state);
    }
    return state;
  };
}

class LiveState implements DeploymentState {
  constructor(
    private readonly deployment: string,
    private readonly health: HealthBook,
    private readonly credits: Pick<CreditBook, 'held'>,
    private readonly clock: Clock,
  ) {}

  get breaker(): BreakerState {
    return this.report.breaker;
  }

  get closedUntilMs(): number {
    return this.report.closedUntilMs ?? 0;
  }

  get degraded(): boolean {
    return this.report.degraded;
  }

  /** Workers tell of it once a second, and in a second thousands of jobs may go: what is held here is news. */
  get headroom(): number {
    const { slots, headroom } = this.report;
    return slots > 0 ? Math.min(1, this.credits.held(this.deployment) / slots) : headroom;
  }

  // Absent and undefined are the same to whoever reads them.
  get firstTokenMs(): Percentiles {
    return this.report.firstTokenMs as Percentiles;
  }

  get tokensPerSecond(): Percentiles {
    return this.report.tokensPerSecond as Percentiles;
  }

  private get report() {
    return this.health.report(this.deployment, this.clock.nowMs());
  }
}
