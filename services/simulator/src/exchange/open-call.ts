import type { PlannedUsage } from '../completion/completion-plan.js';
import type { Fault } from '../faults/fault.js';
import type { CallApi, CallOutcome } from '../ledger/ledger-entry.js';
import type { CallLimiter } from '../limits/call-limiter.js';
import type { ModelRuntime } from '../models/model-runtime.js';
import type { Simulation } from './simulation.js';

const NOTHING: PlannedUsage = {
  inputTokens: 0,
  outputTokens: 0,
  cachedTokens: 0,
  cacheWriteTokens: 0,
  reasoningTokens: 0,
};

/** A call from its arrival to its one entry in the ledger. */
export class OpenCall {
  readonly startedAtMs: number;
  modelId = '';
  streamed = false;
  fault: Fault | undefined;
  private model: ModelRuntime | undefined;
  private limiter: CallLimiter | undefined;
  private over = false;

  constructor(
    private readonly simulation: Simulation,
    private readonly api: CallApi,
    readonly key: string,
    private readonly attempt: string,
  ) {
    this.startedAtMs = simulation.clock.nowMs();
  }

  /** From here on the call counts among the model's. */
  arriveAt(model: ModelRuntime, nowMs: number): void {
    this.model = model;
    model.traffic.arrive(nowMs);
  }

  /** From here on the call is under way: it was let in by `limiter`, which it leaves when it is over. */
  enter(limiter: CallLimiter, nowMs: number, tokens: number): void {
    this.limiter = limiter;
    this.model?.traffic.enter(nowMs, tokens);
  }

  refuse(status: number): void {
    this.settle('refused', status, NOTHING, false);
  }

  /** The answer, or all of it that the fault lets through, was sent, and `usage` is charged. */
  finish(status: number, usage: PlannedUsage): void {
    this.settle(this.fault ? 'faulted' : 'completed', status, usage, false);
  }

  /** A fault kept the call from being answered; nothing is charged. */
  fail(status: number, callerLeft: boolean): void {
    this.settle('faulted', status, NOTHING, callerLeft);
  }

  /** The caller left when so much had been produced. */
  abandon(status: number, usage: PlannedUsage): void {
    this.settle(this.fault ? 'faulted' : 'aborted', status, usage, true);
  }

  private settle(outcome: CallOutcome, status: number, usage: PlannedUsage, callerLeft: boolean): void {
    if (this.over) return;
    this.over = true;
    if (this.limiter) {
      this.limiter.leave();
      this.model?.traffic.leave();
    }
    const entry = {
      attempt: this.attempt,
      api: this.api,
      model: this.modelId,
      key: this.key,
      startedAtMs: this.startedAtMs,
      endedAtMs: this.simulation.clock.nowMs(),
      outcome,
      fault: this.fault?.kind ?? null,
      status,
      streamed: this.streamed,
      callerLeft,
      ...usage,
    };
    this.model?.traffic.end(entry);
    this.simulation.ledger.append(entry);
  }
}

/** What is charged of an answer of which only `outputTokens` were produced: all of the input, and those. */
export function chargedFor(planned: PlannedUsage, outputTokens: number): PlannedUsage {
  if (outputTokens >= planned.outputTokens) return planned;
  return { ...planned, outputTokens, reasoningTokens: Math.min(planned.reasoningTokens, outputTokens) };
}
