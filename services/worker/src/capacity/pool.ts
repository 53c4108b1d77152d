import type { Limits } from '@penstock/contracts';
import { AimdLimit, type Clock, type Flight, type Permit } from '@penstock/resilience';
import type { LimitReading, Provider } from '@penstock/providers';
import { learnWeight, makeHolding, type Holding } from './holding.js';
import {
  configuredLimits,
  TOKEN_KINDS,
  weightOf,
  type LimitKind,
  type TokenCount,
  type WindowKind,
} from './limit-kind.js';
import { Seat, type SeatEnd } from './seat.js';

/** One credential of a deployment, as it is configured. */
export interface Credential {
  readonly name: string;
  readonly provider: Provider;
  readonly limits: Limits;
}

/** Calls at a time that are tried first, and at most, where nobody said how many a provider takes. */
const UNKNOWN_CONCURRENCY = { initial: 32, max: 4_096 };

/** The mildest search: found best in simulation, see docs/scheduling.md. */
const AIMD = { decrease: 0.9, caution: 0.1 };

/** After a refusal without Retry-After while nothing else runs: how long to wait, doubled each time. */
const REFUSED_MS = { base: 50, cap: 5_000 };

/** Of a limit of which so much is free, or less, it is kept for calls that cannot do without. */
const LOW = 0.25;

/** Of a call that is counted nowhere. */
const NOTHING = new Map<never, never>();

/** A provider that wants to be left alone for so long has an outage. */
const OUTAGE_MS = 1_000;

/** Until when a provider asked to be left alone. */
export interface Closing {
  readonly untilMs: number;
  /** It had no room at all: its end is no reason for everybody to come at once. */
  readonly outage: boolean;
}

/**
 * The room at one deployment by one credential: this worker's shares of its limits, what it used of them, and how many
 * calls at a time the provider was found to take. Decides whether a call may start; whoever keeps the shares renews
 * them through `holdings`.
 */
export class Pool {
  readonly holdings = new Map<LimitKind, Holding>();
  /** Limits that the provider told, and when. */
  readonly told = new Map<WindowKind, { readonly limit: number; readonly atMs: number }>();
  /** Calls at a time, as far as they were found out. */
  readonly found: AimdLimit;
  /** When this worker's shares end unless they are renewed, on the monotonic clock. */
  leaseEndsMs = -Infinity;
  running = 0;
  closing: Closing = { untilMs: 0, outage: false };
  private refusals = 0;
  /** Started, and waiting for tokens. */
  private readonly waiting: Seat[] = [];
  private readonly configured: ReadonlyMap<LimitKind, number>;

  constructor(
    readonly deployment: string,
    readonly credential: Credential,
    private readonly clock: Clock,
    /** The shares should be renewed soon: more is needed, or something is known that the others should know. */
    private readonly onNews: (pool: Pool) => void,
  ) {
    this.configured = configuredLimits(credential.limits);
    const concurrency = this.configured.get('concurrency');
    this.found = new AimdLimit(
      clock,
      concurrency === undefined
        ? { ...AIMD, ...UNKNOWN_CONCURRENCY, slowStart: true }
        : { ...AIMD, max: concurrency },
    );
    for (const [kind, limit] of this.configured) this.holdings.set(kind, makeHolding(kind, limit, clock));
  }

  /** What its record is kept under. */
  get key(): string {
    return `${this.deployment}|${this.credential.name}`;
  }

  /** Calls at a time that this worker could use, were nothing else limited. */
  get slots(): number {
    return Math.min(this.holdings.get('concurrency')?.permits ?? Infinity, this.found.limit);
  }

  /** Whether a call that has started waits for its tokens. */
  get isWaitedIn(): boolean {
    return this.waiting.length > 0;
  }

  /** How many calls may start now. */
  room(nowMs: number): number {
    if (this.closing.untilMs > nowMs || this.waiting.length > 0) return 0;
    let room = this.found.limit - this.running;
    if (this.holdings.size > 0) {
      if (this.leaseEndsMs <= this.clock.monotonicMs()) return 0;
      for (const holding of this.holdings.values()) {
        const { window, usable, typical, limit } = holding;
        room = Math.min(room, window ? window.room(Math.min(typical, limit)) : usable - this.running);
      }
    }
    return Math.max(0, room);
  }

  /**
   * Whether a call may start now that could do without: where more than a quarter of every limit is free, and its tokens
   * are at hand.
   */
  hasSpareRoom(tokens: TokenCount, nowMs: number): boolean {
    if (this.room(nowMs) < 1 || this.slots - this.running <= this.slots * LOW) return false;
    for (const [kind, { window, limit }] of this.holdings) {
      if (!window) continue;
      const weight = Math.min(weightOf(kind as WindowKind, tokens), limit);
      if (window.available <= window.limit * LOW || window.room(weight) < 1) return false;
    }
    return true;
  }

  /** In how many milliseconds a pool without room may have some although nothing ends here; undefined for never. */
  roomInMs(nowMs: number): number | undefined {
    let waitMs = Math.max(0, this.closing.untilMs - nowMs);
    for (const [kind, { window, typical, limit }] of this.holdings) {
      if (!window) continue;
      const weight = this.waiting[0]?.weights.get(kind as WindowKind) ?? Math.min(typical, limit);
      const windowMs = window.waitMs(weight);
      if (windowMs === undefined || windowMs === Infinity) return undefined;
      waitMs = Math.max(waitMs, windowMs);
    }
    return waitMs > 0 ? waitMs : undefined;
  }

  /** Takes the place for a call that `room` has shown to be there. Its tokens may still have to be waited for. */
  start(tokens: TokenCount): Seat {
    this.running++;
    const flight = this.found.start();
    if (!this.countsByMinute) {
      this.noteUse();
      return new Seat(this, flight, tokens, NOTHING, NOTHING);
    }
    const permits = new Map<WindowKind, Permit>();
    const permit = this.holdings.get('requests')?.window?.tryTake();
    if (permit) permits.set('requests', permit);
    const weights = new Map<WindowKind, number>();
    for (const kind of TOKEN_KINDS) {
      const holding = this.holdings.get(kind);
      if (!holding) continue;
      const weight = Math.min(weightOf(kind, tokens), holding.limit);
      learnWeight(holding, weight);
      weights.set(kind, weight);
    }
    const seat = new Seat(this, flight, tokens, permits, weights);
    if (weights.size > 0) {
      this.waiting.push(seat);
      this.seatWaiting();
      if (this.waiting.length > 0) this.onNews(this);
    }
    this.noteUse();
    return seat;
  }

  /** Gives those who wait their tokens, in order, as far as there are any. */
  seatWaiting(): void {
    for (let seat = this.waiting[0]; seat && this.takeTokens(seat); seat = this.waiting[0]) {
      this.waiting.shift();
      seat.begin();
    }
  }

  /** Asks for more of a share of which so much is in use that it may soon not be enough. */
  noteUse(): void {
    for (const [kind, holding] of this.holdings) {
      const inUse = this.inUse(kind);
      if (inUse > holding.peak) holding.peak = inUse;
      if (inUse >= holding.rearmAt) {
        holding.rearmAt = Infinity;
        this.onNews(this);
      }
    }
  }

  /** What of a limit is needed before anything can start; undefined when nothing waits for it. */
  neededOf(kind: LimitKind): number | undefined {
    return kind === 'concurrency' ? undefined : this.waiting[0]?.weights.get(kind);
  }

  inUse(kind: LimitKind): number {
    return this.holdings.get(kind)?.window?.inUse ?? this.running;
  }

  /** Leaves the provider alone until then. Only ever for longer. */
  close(closing: Closing): void {
    const nowMs = this.clock.nowMs();
    if (closing.untilMs <= Math.max(this.closing.untilMs, nowMs)) return;
    if (closing.outage && this.closing.untilMs <= nowMs) this.found.restart();
    this.closing = closing;
  }

  /** A breaker has closed again. */
  outageOver(): void {
    this.found.restart();
  }

  /** What the provider's headers say of its limits. A window that is spent and has no limit closes until it is full. */
  heard({ requests, tokens }: LimitReading): void {
    const windows = [
      ['requests', requests],
      ['tokens', tokens],
    ] as const;
    for (const [kind, window] of windows) {
      const limit = window?.limit;
      if (limit === undefined || limit < 1) {
        if (window?.remaining !== 0 || !window.resetMs) continue;
        this.close({ untilMs: this.clock.nowMs() + window.resetMs, outage: false });
      } else if (this.told.get(kind)?.limit === limit) continue;
      else this.adoptTold(kind, limit, this.clock.nowMs());
      this.onNews(this);
    }
  }

  /** Takes over what the provider told, here or at another worker. */
  adoptTold(kind: WindowKind, limit: number, atMs: number): void {
    if (atMs < (this.told.get(kind)?.atMs ?? 0)) return;
    this.told.set(kind, { limit, atMs });
    const effective = Math.min(limit, this.configured.get(kind) ?? Infinity);
    const holding = this.holdings.get(kind);
    if (holding) holding.limit = effective;
    else this.holdings.set(kind, makeHolding(kind, effective, this.clock));
  }

  /** A seat of this pool is given up. */
  ended(seat: Seat, flight: Flight, end: SeatEnd): void {
    this.running--;
    const at = this.waiting.indexOf(seat);
    if (at >= 0) this.waiting.splice(at, 1);
    switch (end.kind) {
      case 'succeeded':
        this.refusals = 0;
        flight.succeeded();
        break;
      case 'refused':
        if (end.byRate) flight.ended();
        else flight.overloaded();
        this.refused(end.retryAfterMs, end.byRate);
        break;
      case 'failed':
      case 'unused':
        flight.ended();
    }
    if (this.waiting.length > 0) this.seatWaiting();
  }

  private refused(retryAfterMs: number | undefined, byRate: boolean): void {
    this.refusals++;
    const nowMs = this.clock.nowMs();
    if (retryAfterMs !== undefined) {
      this.close({ untilMs: nowMs + retryAfterMs, outage: !byRate && retryAfterMs >= OUTAGE_MS });
      this.onNews(this);
    } else if (this.running === 0) {
      // Nothing runs whose end could be waited for.
      const waitMs = Math.min(REFUSED_MS.cap, REFUSED_MS.base * 2 ** (this.refusals - 1));
      this.close({ untilMs: nowMs + waitMs, outage: false });
    }
  }

  /** Whether there is a limit on what may be sent in a minute, beside that on calls at a time. */
  private get countsByMinute(): boolean {
    return this.holdings.size > (this.holdings.has('concurrency') ? 1 : 0);
  }

  private takeTokens(seat: Seat): boolean {
    for (const [kind, weight] of seat.weights) {
      if (this.holdings.get(kind)?.window?.room(weight) === 0) return false;
    }
    for (const [kind, weight] of seat.weights) {
      const permit = this.holdings.get(kind)?.window?.tryTake(weight);
      if (permit) seat.permits.set(kind, permit);
    }
    return true;
  }
}
