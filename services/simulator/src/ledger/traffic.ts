import { SlidingWindow } from '../limits/sliding-window.js';
import type { CallOutcome, LedgerEntry } from './ledger-entry.js';

const MINUTE_MS = 60_000;

/** What has gone through one model since the figures were last cleared. */
export interface TrafficFigures {
  /** All that arrived, refused calls included. */
  readonly calls: number;
  readonly inFlight: number;
  readonly peakConcurrency: number;
  /** The most calls in any 60 seconds, wherever they begin. */
  readonly maxArrivalsInAnyMinute: number;
  /** The same of the calls that were let in: what a limit of requests a minute bounds. */
  readonly maxCallsInAnyMinute: number;
  readonly maxTokensInAnyMinute: number;
  readonly outcomes: Readonly<Record<CallOutcome, number>>;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** Counts one model's calls as they come and go, over all keys. */
export class Traffic {
  private readonly arrivals = new SlidingWindow(MINUTE_MS);
  private readonly admitted = new SlidingWindow(MINUTE_MS);
  private inFlight = 0;
  private calls = 0;
  private peakConcurrency = 0;
  private maxArrivals = 0;
  private maxAdmitted = 0;
  private maxTokens = 0;
  private inputTokens = 0;
  private outputTokens = 0;
  private outcomes: Record<CallOutcome, number> = { completed: 0, aborted: 0, faulted: 0, refused: 0 };

  arrive(nowMs: number): void {
    this.calls++;
    this.arrivals.add(nowMs, 0);
    this.maxArrivals = Math.max(this.maxArrivals, this.arrivals.count(nowMs));
  }

  enter(nowMs: number, tokens: number): void {
    this.admitted.add(nowMs, tokens);
    this.maxAdmitted = Math.max(this.maxAdmitted, this.admitted.count(nowMs));
    this.maxTokens = Math.max(this.maxTokens, this.admitted.total(nowMs));
    this.peakConcurrency = Math.max(this.peakConcurrency, ++this.inFlight);
  }

  leave(): void {
    this.inFlight--;
  }

  end(entry: Pick<LedgerEntry, 'outcome' | 'inputTokens' | 'outputTokens'>): void {
    this.outcomes[entry.outcome]++;
    this.inputTokens += entry.inputTokens;
    this.outputTokens += entry.outputTokens;
  }

  /** Starts the figures anew. What is in flight, and in the window, still is. */
  clear(): void {
    this.calls = 0;
    this.peakConcurrency = this.inFlight;
    this.maxArrivals = 0;
    this.maxAdmitted = 0;
    this.maxTokens = 0;
    this.inputTokens = 0;
    this.outputTokens = 0;
    this.outcomes = { completed: 0, aborted: 0, faulted: 0, refused: 0 };
  }

  figures(): TrafficFigures {
    return {
      calls: this.calls,
      inFlight: this.inFlight,
      peakConcurrency: this.peakConcurrency,
      maxArrivalsInAnyMinute: this.maxArrivals,
      maxCallsInAnyMinute: this.maxAdmitted,
      maxTokensInAnyMinute: this.maxTokens,
      outcomes: { ...this.outcomes },
      inputTokens: this.inputTokens,
      outputTokens: this.outputTokens,
    };
  }
}
