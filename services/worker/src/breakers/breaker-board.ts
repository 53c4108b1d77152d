import type { BreakerState } from '@penstock/contracts';
import CircuitBreaker from 'opossum';

export interface BreakerOptions {
  /** Share of failed calls that opens it. Default 50. */
  readonly errorThresholdPercent?: number;
  /** Calls within the window before the share counts. Default 10. */
  readonly volumeThreshold?: number;
  /** The window. Default 10,000. */
  readonly windowMs?: number;
  /** How long it stays open before one call may try. Default 5,000. */
  readonly resetMs?: number;
}

/** Thrown inside a breaker by an attempt that the deployment is to blame for, and caught outside. */
class DeploymentFailed<T> extends Error {
  constructor(readonly result: T) {
    super('deployment failed');
  }
}

type Action = () => Promise<unknown>;

/**
 * One opossum breaker a deployment. An open one closes the deployment's slots, so that no further job is sent;
 * what was under way when it opened is refused here, as `open`, and goes back without having cost an attempt.
 */
export class BreakerBoard {
  private readonly breakers = new Map<string, CircuitBreaker<[Action], unknown>>();

  constructor(
    private readonly onChange: (deployment: string, state: BreakerState) => void,
    private readonly options: BreakerOptions = {},
  ) {}

  /** Runs an attempt, and lets the breaker count whether the deployment failed it. */
  async run<T>(
    deployment: string,
    attempt: () => Promise<T>,
    failed: (result: T) => boolean,
  ): Promise<T | 'open'> {
    const breaker = this.breaker(deployment);
    try {
      return (await breaker.fire(async () => {
        const result = await attempt();
        if (failed(result)) throw new DeploymentFailed(result);
        return result;
      })) as T;
    } catch (error) {
      if (error instanceof DeploymentFailed) return error.result as T;
      if (CircuitBreaker.isOurError(error as Error)) return 'open';
      throw error;
    }
  }

  /** Adopts what another worker found out. */
  adopt(deployment: string, state: BreakerState): void {
    const breaker = this.breaker(deployment);
    if (state === 'open' && !breaker.opened) breaker.open();
    if (state === 'closed' && !breaker.closed) breaker.close();
  }

  close(): void {
    for (const breaker of this.breakers.values()) breaker.shutdown();
  }

  private breaker(deployment: string): CircuitBreaker<[Action], unknown> {
    const known = this.breakers.get(deployment);
    if (known) return known;
    const breaker = new CircuitBreaker<[Action], unknown>((action) => action(), {
      name: deployment,
      // Attempts end by their own deadlines, with an abort of the call; opossum's timeout would only stop listening.
      timeout: false,
      errorThresholdPercentage: this.options.errorThresholdPercent ?? 50,
      volumeThreshold: this.options.volumeThreshold ?? 10,
      rollingCountTimeout: this.options.windowMs ?? 10_000,
      resetTimeout: this.options.resetMs ?? 5_000,
    });
    breaker.on('open', () => this.onChange(deployment, 'open'));
    breaker.on('halfOpen', () => this.onChange(deployment, 'half_open'));
    breaker.on('close', () => this.onChange(deployment, 'closed'));
    this.breakers.set(deployment, breaker);
    return breaker;
  }
}
