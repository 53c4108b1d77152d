import type { Clock } from './clock.js';

/**
 * An average that forgets: a sample's weight halves with every `halfLifeMs`, however often samples come, so a burst
 * does not push out the past faster than time does. It always lies between the smallest and the largest sample.
 */
export class DecayingAverage {
  private average: number | undefined;
  private atMs = 0;

  constructor(
    private readonly clock: Clock,
    private readonly halfLifeMs: number,
  ) {}

  record(sample: number): void {
    const nowMs = this.clock.monotonicMs();
    if (this.average === undefined) this.average = sample;
    else {
      // Two samples of the same instant share it, so that the second is not lost.
      const passedMs = Math.max(1, nowMs - this.atMs);
      const kept = 0.5 ** (passedMs / this.halfLifeMs);
      this.average = this.average * kept + sample * (1 - kept);
    }
    this.atMs = nowMs;
  }

  /** Undefined before the first sample. */
  get value(): number | undefined {
    return this.average;
  }
}
