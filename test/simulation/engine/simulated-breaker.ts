import type { BreakerState } from '@penstock/contracts';
import type { Clock } from '@penstock/resilience';

const WINDOW = 20;
const VOLUME = 10;
const OPEN_MS = 30_000;

/** A breaker with the thresholds of a worker's: half of at least ten calls failed, one trial after 30 seconds. */
export class SimulatedBreaker {
  state: BreakerState = 'closed';
  private results: boolean[] = [];

  constructor(
    private readonly clock: Clock,
    /** A trial is wanted, or all is well again. */
    private readonly onRoom: () => void,
  ) {}

  record(succeeded: boolean): void {
    if (this.state === 'half_open') {
      if (succeeded) this.close();
      else this.open();
      return;
    }
    this.results.push(succeeded);
    if (this.results.length > WINDOW) this.results.shift();
    const failures = this.results.filter((result) => !result).length;
    if (this.state === 'closed' && this.results.length >= VOLUME && failures * 2 >= this.results.length) {
      this.open();
    }
  }

  private open(): void {
    this.state = 'open';
    this.clock.after(OPEN_MS, () => {
      this.state = 'half_open';
      this.onRoom();
    });
  }

  private close(): void {
    this.state = 'closed';
    this.results = [];
    this.onRoom();
  }
}
