import type { ServerResponse } from 'node:http';

import type { Clock } from '@penstock/resilience';

import type { SendStep } from '../faults/spoil-events.js';
import { producedAfterMs, type Pace } from '../latency/pace.js';

/** Pieces that are due together go out together, up to this many characters. */
const BATCH_LENGTH = 16_384;

export interface SenderListener {
  /** Everything that was to be sent was; `sentTokens` of the answer's output tokens were in it. */
  onEnd(sentTokens: number): void;
  /** The caller closed the connection before that. */
  onCallerLeft(sentTokens: number, elapsedMs: number): void;
}

/**
 * Sends the steps of an answer when they are due, no faster than the caller reads, and tells its listener exactly once
 * how it ended.
 */
export class PacedSender {
  private readonly startMs: number;
  private readonly steps: Iterator<SendStep, void>;
  private next: SendStep | undefined;
  private sentTokens = 0;
  private sentAtMs = 0;
  private over = false;
  private cancelTimer: (() => void) | undefined;

  constructor(
    steps: Iterable<SendStep, void>,
    private readonly pace: Pace,
    private readonly clock: Clock,
    private readonly response: ServerResponse,
    private readonly headers: readonly string[],
    private readonly listener: SenderListener,
    private readonly encoding: BufferEncoding = 'utf8',
  ) {
    this.startMs = clock.monotonicMs();
    this.steps = steps[Symbol.iterator]();
  }

  start(): void {
    this.response.once('close', () => this.callerLeft());
    this.pump();
  }

  private pump(): void {
    let batch = '';
    for (;;) {
      const step = (this.next ??= this.steps.next().value ?? undefined);
      if (this.over || !step) return;
      if (step.kind === 'end') return this.end(batch, step.how);
      const waitMs = this.dueMs(step) - this.clock.monotonicMs();
      if (waitMs > 0) {
        if (batch !== '') this.write(batch);
        this.cancelTimer = this.clock.after(waitMs, () => this.pump());
        return;
      }
      batch += step.text;
      this.sentTokens += step.tokens;
      this.sentAtMs = this.clock.monotonicMs();
      this.next = undefined;
      if (batch.length >= BATCH_LENGTH) {
        const hasRoom = this.write(batch);
        batch = '';
        if (!hasRoom) {
          this.response.once('drain', () => this.pump());
          return;
        }
      }
    }
  }

  private dueMs(step: SendStep & { kind: 'send' }): number {
    const producedMs = this.startMs + producedAfterMs(this.pace, this.sentTokens + step.tokens);
    return step.pauseMs === 0 || this.sentAtMs === 0
      ? producedMs
      : Math.max(producedMs, this.sentAtMs + step.pauseMs);
  }

  private write(text: string): boolean {
    this.open();
    return this.response.write(text, this.encoding);
  }

  private open(): void {
    if (!this.response.headersSent) this.response.writeHead(200, [...this.headers]);
  }

  private end(batch: string, how: 'finish' | 'destroy' | 'stall'): void {
    if (how === 'finish') {
      this.open();
      this.over = true;
      this.listener.onEnd(this.sentTokens);
      this.response.end(batch, this.encoding);
      return;
    }
    if (batch !== '') this.write(batch);
    else this.open();
    if (how === 'stall') return this.response.flushHeaders();
    this.over = true;
    this.listener.onEnd(this.sentTokens);
    this.response.flushHeaders();
    // Node holds what is written until the end of the turn, and drops it with a socket that is destroyed before.
    process.nextTick(() => this.response.socket?.destroySoon());
  }

  private callerLeft(): void {
    if (this.over) return;
    this.over = true;
    this.cancelTimer?.();
    this.listener.onCallerLeft(this.sentTokens, this.clock.monotonicMs() - this.startMs);
  }
}
