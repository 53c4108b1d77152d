import type { Failure } from '@penstock/contracts';
import type { Clock } from '@penstock/resilience';
import type { Dispatcher } from 'undici';
import { transportFailure } from './transport-failure.js';

/** Lower-case names, as undici gives them. */
export type HttpHeaders = Readonly<Record<string, string | string[] | undefined>>;

export interface HttpHead {
  readonly status: number;
  readonly headers: HttpHeaders;
}

export interface ExchangeLimits {
  readonly signal: AbortSignal;
  /** From the sending of the request to the first byte of the answer's body. */
  readonly firstByteTimeoutMs: number;
  /** Between two bytes of the body, while somebody reads them. */
  readonly idleTimeoutMs: number;
}

/** Unread bytes at which the provider is made to wait. Its socket buffers as much again. */
const HIGH_WATER_BYTES = 256 * 1024;

/**
 * One request and its answer, from sending to the last byte. The body is pulled: what nobody reads stays in a
 * buffer of bounded size, and the socket is not read on. Whatever goes wrong ends up in `failure`, once; no promise
 * of this class rejects.
 */
export class HttpExchange implements Dispatcher.DispatchHandler {
  /** Undefined when there was no answer at all; `failure` then says why. */
  readonly head: Promise<HttpHead | undefined>;
  private resolveHead!: (head: HttpHead | undefined) => void;

  private controller: Dispatcher.DispatchController | undefined;
  private broken: Failure | undefined;
  private over = false;
  private discarding = false;

  private unread: Buffer[] = [];
  private unreadBytes = 0;
  private wakeReader: (() => void) | undefined;

  private limitMs: number;
  private sinceMs: number;
  private bodyStarted = false;
  private idleWatched = false;
  private cancelTimer: () => void;
  private readonly onAbort: () => void;

  constructor(
    private readonly clock: Clock,
    private readonly limits: ExchangeLimits,
  ) {
    this.head = new Promise((resolve) => (this.resolveHead = resolve));
    this.limitMs = limits.firstByteTimeoutMs;
    this.sinceMs = clock.monotonicMs();
    this.cancelTimer = this.watchAfter(this.limitMs);
    // Not written where it is assigned to a property: V8 allocates such a function in the old generation, as if it were a
    // method, and from there it kept every call alive, with all that was sent and received, until the next full
    // collection. Node does the same for a listener that is an object.
    const abort = () => this.abort();
    this.onAbort = abort;
    if (limits.signal.aborted) this.abort();
    else limits.signal.addEventListener('abort', abort, { once: true });
  }

  /** Why the exchange broke; undefined while it has not, and after a proper end. */
  get failure(): Failure | undefined {
    return this.broken;
  }

  /** Whether the last byte has come and been read, or none will come any more. */
  get isRead(): boolean {
    return this.over && this.unread.length === 0;
  }

  /** All bytes that have come since the last read, at least one; undefined after the last. One reader at a time. */
  async read(): Promise<Buffer | undefined> {
    while (this.unread.length === 0) {
      if (this.over) return undefined;
      if (this.bodyStarted && !this.idleWatched) this.watchIdle();
      await new Promise<void>((resolve) => (this.wakeReader = resolve));
    }
    const bytes = this.unread.length === 1 ? this.unread[0] : Buffer.concat(this.unread, this.unreadBytes);
    this.unread = [];
    this.unreadBytes = 0;
    if (this.controller?.paused) {
      this.sinceMs = this.clock.monotonicMs();
      this.controller.resume();
    }
    return bytes;
  }

  /** Ends the exchange with `failure` and closes its socket. Does nothing once it is over. */
  fail(failure: Failure): void {
    if (this.over) return;
    this.broken = failure;
    this.finish();
    this.controller?.abort(new Error(failure.reason));
  }

  /**
   * Nobody reads on. Keeps the connection for the next call if the rest of the body comes within `graceMs`, as it
   * does when only the end of the body is missing.
   */
  discardRest(graceMs: number): void {
    this.unread = [];
    this.unreadBytes = 0;
    if (this.over) return;
    this.discarding = true;
    this.controller?.resume();
    this.cancelTimer();
    this.cancelTimer = this.clock.after(graceMs, () => this.abort());
  }

  abort(): void {
    this.fail({ reason: 'aborted', message: 'Penstock broke off the call.' });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    // The call was given up while it waited for its connection.
    if (this.over) controller.abort(new Error(this.broken?.reason ?? 'aborted'));
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: HttpHeaders): void {
    if (status >= 200) this.resolveHead({ status, headers });
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.over || this.discarding) return;
    this.sinceMs = this.clock.monotonicMs();
    if (!this.bodyStarted) this.startBody();
    this.unread.push(chunk);
    this.unreadBytes += chunk.length;
    if (this.unreadBytes >= HIGH_WATER_BYTES) controller.pause();
    this.wake();
  }

  onResponseEnd(): void {
    this.finish();
  }

  onResponseError(_: Dispatcher.DispatchController | null, error: Error): void {
    if (this.over) return;
    this.broken = transportFailure(error);
    this.finish();
  }

  private startBody(): void {
    this.bodyStarted = true;
    this.limitMs = this.limits.idleTimeoutMs;
  }

  /** Only of a body that is waited for: most are there as a whole with their first byte. */
  private watchIdle(): void {
    this.idleWatched = true;
    this.cancelTimer();
    this.cancelTimer = this.watchAfter(this.limitMs);
  }

  private watchAfter(delayMs: number): () => void {
    return this.clock.after(delayMs, () => this.watch());
  }

  /** Looks at the time of the last byte instead of setting a timer for each. */
  private watch(): void {
    const paused = this.controller?.paused === true;
    const leftMs = paused ? this.limitMs : this.sinceMs + this.limitMs - this.clock.monotonicMs();
    if (leftMs > 0) this.cancelTimer = this.watchAfter(Math.ceil(leftMs));
    else {
      const what = this.bodyStarted ? 'was silent for' : 'did not answer within';
      this.fail({ reason: 'timed_out', message: `The provider ${what} ${this.limitMs} ms.` });
    }
  }

  private finish(): void {
    if (this.over) return;
    this.over = true;
    this.cancelTimer();
    this.limits.signal.removeEventListener('abort', this.onAbort);
    this.resolveHead(undefined);
    this.wake();
  }

  private wake(): void {
    this.wakeReader?.();
    this.wakeReader = undefined;
  }
}
