import type { Clock } from '@penstock/resilience';
import type { FastifyReply } from 'fastify';
import type { CallerLine } from '../replies/reading-reports.js';

/**
 * Bytes that may wait for a caller who reads more slowly than the provider writes. Who has more waiting when the next
 * come is given up. Providers are held back long before, but for answers that several callers share.
 */
export const SSE_BUFFER_BYTES = 4 * 1024 ** 2;

/** After so long without a byte a comment is sent, so that proxies on the way do not hang up. */
const KEEP_ALIVE_MS = 10_000;

/** How often it is looked at whether a caller still reads. */
const LOOK_MS = 1_000;

const KEEP_ALIVE = ': penstock is waiting for the provider\n\n';

/**
 * Writes one answer as server-sent events. The head goes out with the first byte, so until then it can still be an
 * error. A connection that takes nothing of what waits for it is called stalled after a while, and closed after as
 * long again: nothing waits for ever for somebody who does not read.
 */
export class SseWriter implements CallerLine {
  private readonly stopKeepAlive: () => void;
  private silent = true;
  private begun = false;
  private last: Uint8Array | undefined;
  private readonly stalling = new AbortController();
  private writtenBytes = 0;
  private taken = { bytes: 0, atMs: 0 };

  constructor(
    private readonly reply: FastifyReply,
    private readonly headers: Readonly<Record<string, string>>,
    private readonly clock: Clock,
    private readonly stallMs: number,
  ) {
    this.stopKeepAlive = clock.every(KEEP_ALIVE_MS, () => {
      if (this.silent) this.write(KEEP_ALIVE);
      this.silent = true;
    });
  }

  /** Whether the head has gone out. */
  get started(): boolean {
    return this.begun;
  }

  /** What was written last, comments aside. */
  get latest(): Uint8Array | undefined {
    return this.last;
  }

  /** Aborts when the caller has taken nothing for too long of what waits for it. */
  get stalled(): AbortSignal {
    return this.stalling.signal;
  }

  waitingBytes(): number {
    return this.reply.raw.writableLength;
  }

  onDrained(task: () => void): () => void {
    this.reply.raw.on('drain', task);
    return () => this.reply.raw.off('drain', task);
  }

  /** False when the caller has fallen too far behind; nothing may be written after that. */
  write(bytes: Uint8Array | string): boolean {
    const { raw } = this.reply;
    this.begin();
    this.silent = false;
    if (raw.writableLength > SSE_BUFFER_BYTES) {
      this.close();
      raw.destroy();
      return false;
    }
    if (typeof bytes !== 'string') this.last = bytes;
    this.writtenBytes += bytes.length;
    raw.write(bytes);
    return true;
  }

  end(): void {
    this.close();
    this.begin();
    this.reply.raw.end();
  }

  /** Writes no more. For an answer that turned out not to be a stream. */
  close(): void {
    this.stopKeepAlive();
  }

  private begin(): void {
    if (this.begun) return;
    this.begun = true;
    this.reply.hijack();
    this.watch();
    this.reply.raw.writeHead(200, {
      ...this.headers,
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache',
      'x-accel-buffering': 'no',
    });
  }

  /** Until all has been taken, also what is left at the end. */
  private watch(): void {
    const { raw } = this.reply;
    const { clock, stallMs } = this;
    this.taken = { bytes: 0, atMs: clock.monotonicMs() };
    const stop = clock.every(LOOK_MS, () => {
      const nowMs = clock.monotonicMs();
      const takenBytes = this.writtenBytes - raw.writableLength;
      if (raw.writableLength === 0 || takenBytes > this.taken.bytes) {
        this.taken = { bytes: Math.max(takenBytes, this.taken.bytes), atMs: nowMs };
      }
      const stillMs = nowMs - this.taken.atMs;
      if (stillMs >= stallMs) this.stalling.abort();
      if (stillMs >= 2 * stallMs) raw.destroy();
    });
    raw.once('close', stop);
  }
}
