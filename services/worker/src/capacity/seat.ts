import type { Usage } from '@penstock/contracts';
import type { Flight, Permit } from '@penstock/resilience';
import type { LimitReading, Provider } from '@penstock/providers';
import { weightOf, type TokenCount, type WindowKind } from './limit-kind.js';
import type { Pool } from './pool.js';

/**
 * How a call ended, as far as capacity is concerned.
 *
 * - `succeeded`: the provider took it.
 * - `refused`: the provider said that it was too much. `byRate`: because of what was sent in the last minute, not of
 *   how many calls were under way.
 * - `failed`: anything else.
 * - `unused`: no provider was called.
 */
export type SeatEnd =
  | { readonly kind: 'succeeded' | 'failed'; readonly usage: Usage | undefined }
  | { readonly kind: 'refused'; readonly retryAfterMs: number | undefined; readonly byRate: boolean }
  | { readonly kind: 'unused' };

/** The place of one call at one credential, from before it starts until the provider is done with it. */
export class Seat {
  private begun = false;
  private open = true;
  private wake: (() => void) | undefined;
  /** The provider's own count of the last minute leaves no room for a call such as this one. */
  spentByRate = false;

  /** Made by `Pool.start`. `weights` are the tokens it may use; `permits` what it has of the minute's limits. */
  constructor(
    readonly pool: Pool,
    private readonly flight: Flight,
    private readonly tokens: TokenCount,
    readonly permits: Map<WindowKind, Permit>,
    readonly weights: ReadonlyMap<WindowKind, number>,
  ) {}

  get provider(): Provider {
    return this.pool.credential.provider;
  }

  /** False while it waits for its tokens. */
  get ready(): boolean {
    return this.begun || this.weights.size === 0;
  }

  /** Resolves when its tokens are there or it is given up. */
  whenReady(): Promise<void> {
    return new Promise((resolve) => {
      if (this.ready || !this.open) resolve();
      else this.wake = resolve;
    });
  }

  /** Its tokens are there. */
  begin(): void {
    this.begun = true;
    this.wake?.();
  }

  heard(limits: LimitReading): void {
    const tokens = this.tokens.inputTokens + this.tokens.outputTokens;
    this.spentByRate = limits.requests?.remaining === 0 || (limits.tokens?.remaining ?? Infinity) < tokens;
    this.pool.heard(limits);
  }

  /** Gives the place up. Only the first end counts: false for any further one. */
  end(end: SeatEnd): boolean {
    if (!this.open) return false;
    this.open = false;
    for (const [kind, permit] of this.permits) {
      if (end.kind === 'unused') permit.unused();
      // What a provider refuses it does not charge, but some count the request.
      else if (end.kind === 'refused') permit.answered(kind === 'requests' ? 1 : 0);
      else permit.answered(end.usage ? weightOf(kind, end.usage) : undefined);
    }
    this.pool.ended(this, this.flight, end);
    this.wake?.();
    return true;
  }
}
