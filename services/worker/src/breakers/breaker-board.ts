import type { BreakerState } from '@penstock/contracts';
import type { Clock } from '@penstock/resilience';
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

type Action = () => Promise<unknown>;

/** Thrown inside a breaker by an attempt that the deployment is to blame for, and caught outside. */
class DeploymentFailed extends Error {
  constructor() {
    super('deployment failed');
  }
}

/**
 * A call on its way through a breaker. It is emptied at its end: what opossum was given, a promise that was waited for
 * included, is found to be garbage by a full collection only, and would keep all that until then.
 */
interface Call<T> {
  attempt?: (() => Promise<T>) | undefined;
  failed?: ((result: T) => boolean) | undefined;
  result?: T | undefined;
  resolve?: ((result: T | 'open') => void) | undefined;
  reject?: ((error: unknown) => void) | undefined;
}

async function make<T>(call: Call<T>): Promise<void> {
  call.result = await call.attempt?.();
  if (call.failed?.(call.result as T)) throw new DeploymentFailed();
}

function fire<T>(breaker: CircuitBreaker<[Action], unknown>, call: Call<T>): void {
  breaker
    .fire(() => make(call))
    .then(
      () => call.resolve?.(call.result as T),
      (error: unknown) => refuse(call, error),
    )
    .finally(() => {
      call.attempt = call.failed = call.result = call.resolve = call.reject = undefined;
    });
}

function refuse<T>(call: Call<T>, error: unknown): void {
  if (error instanceof DeploymentFailed) call.resolve?.(call.result as T);
  else if (CircuitBreaker.isOurError(error as Error)) call.resolve?.('open');
  else call.reject?.(error);
}

const RESET_MS = 5_000;

/**
 * One opossum breaker a deployment. An open one closes the deployment's slots, so that no further job is sent;
 * what was under way when it opened is refused here, as `open`, and goes back without having cost an attempt.
 */
export class BreakerBoard {
  private readonly breakers = new Map<string, CircuitBreaker<[Action], unknown>>();
  /** What calls off the wait for a trial that streams, by deployment. */
  private readonly trials = new Map<string, () => void>();

  constructor(
    private readonly clock: Pick<Clock, 'after'>,
    private readonly onChange: (deployment: string, state: BreakerState) => void,
    private readonly options: BreakerOptions = {},
  ) {}

  /** Runs an attempt, and lets the breaker count whether the deployment failed it. */
  run<T>(deployment: string, attempt: () => Promise<T>, failed: (result: T) => boolean): Promise<T | 'open'> {
    const { promise, resolve, reject } = Promise.withResolvers<T | 'open'>();
    fire(this.breaker(deployment), { attempt, failed, resolve, reject });
    return promise;
  }

  /**
   * Told when a deployment begins to stream an answer. The call that a half-open breaker is tried with may stream for
   * minutes, and nothing else would be let through: one that has streamed for as long as the breaker was open has shown
   * enough.
   */
  streaming(deployment: string): void {
    const breaker = this.breakers.get(deployment);
    if (!breaker?.halfOpen || this.trials.has(deployment)) return;
    const callOff = this.clock.after(this.options.resetMs ?? RESET_MS, () => {
      this.trials.delete(deployment);
      if (breaker.halfOpen) breaker.close();
    });
    this.trials.set(deployment, callOff);
  }

  /** Adopts what another worker found out. */
  adopt(deployment: string, state: BreakerState): void {
    const breaker = this.breaker(deployment);
    if (state === 'open' && !breaker.opened) breaker.open();
    if (state === 'closed' && !breaker.closed) breaker.close();
  }

  close(): void {
    for (const callOff of this.trials.values()) callOff();
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
      resetTimeout: this.options.resetMs ?? RESET_MS,
      // Nobody reads opossum's own figures: it would keep how long each call of the window took, and sort them all once a
      // second and at every failure.
      rollingPercentilesEnabled: false,
      enableSnapshots: false,
    });
    const changed = (state: BreakerState) => {
      this.trials.get(deployment)?.();
      this.trials.delete(deployment);
      this.onChange(deployment, state);
    };
    breaker.on('open', () => changed('open'));
    breaker.on('halfOpen', () => changed('half_open'));
    breaker.on('close', () => changed('closed'));
    this.breakers.set(deployment, breaker);
    return breaker;
  }
}
