import type { Clock } from '@penstock/resilience';
import type { FastifyReply } from 'fastify';

/**
 * Bytes that may wait for a caller who reads more slowly than the provider writes. Who has more waiting when the next
 * come is given up.
 */
export const SSE_BUFFER_BYTES = 4 * 1024 ** 2;

/** After so long without a byte a comment is sent, so that proxies on the way do not hang up. */
const KEEP_ALIVE_MS = 10_000;

const KEEP_ALIVE = ': penstock is waiting for the provider\n\n';

/** Writes one answer as server-sent events. The head goes out with the first byte, so until then it can still be an error. */
export class SseWriter {
  private readonly stopKeepAlive: () => void;
  private silent = true;
  private begun = false;
  private last: Uint8Array | undefined;

  constructor(
    private readonly reply: FastifyReply,
    private readonly headers: Readonly<Record<string, string>>,
    clock: Clock,
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
    this.reply.raw.writeHead(200, {
      ...this.headers,
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache',
      'x-accel-buffering': 'no',
    });
  }
}
