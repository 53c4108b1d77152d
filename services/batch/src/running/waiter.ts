import type { Clock } from '@penstock/resilience';

/** Where a run waits until an instant, or until something happens. */
export class Waiter {
  private resume: (() => void) | undefined;
  private woken = false;

  constructor(private readonly clock: Clock) {}

  /** Ends the present wait, or the next one. */
  wake(): void {
    this.woken = true;
    this.resume?.();
  }

  /** `Infinity` waits for a wake only. */
  until(instantMs: number): Promise<void> {
    return this.wait(instantMs === Infinity ? undefined : Math.max(0, instantMs - this.clock.nowMs()));
  }

  /** Waits at least this long, whatever happens in between. */
  pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => this.clock.after(delayMs, resolve));
  }

  private async wait(delayMs: number | undefined): Promise<void> {
    if (!this.woken) {
      await new Promise<void>((resolve) => {
        const cancel =
          delayMs === undefined ? undefined : this.clock.after(Math.min(delayMs, 60_000), resolve);
        this.resume = () => {
          cancel?.();
          resolve();
        };
      });
    }
    this.woken = false;
    this.resume = undefined;
  }
}
