import { splitByDemand } from './split-by-demand.js';

/**
 * Who holds how much of one limit of a deployment (calls at a time, requests or tokens a minute). The book is kept
 * where all workers see it and is replaced only by compare-and-set, so that each change is made on the newest one.
 */
export interface ShareBook {
  readonly holders: Readonly<Record<string, Share>>;
}

export interface Share {
  /** Permits nobody else may use while the lease lasts. */
  readonly permits: number;
  /** What its holder may have in use before it renews: no more than its part of the limit. */
  readonly usable: number;
  /** What it can have in use at most before it renews. Should it vanish, no more than these are missing. */
  readonly exposed: number;
  /** Of those exposed, what comes back by itself, and when. Nothing that comes back before the lease ends. */
  readonly returning?: readonly Returning[];
  /** Permits it could use when it last said so. */
  readonly wants: number;
  readonly needs?: number;
  /** Unless it is renewed before, its holder stops using the share at this instant. */
  readonly leaseUntilMs: number;
}

/** A number of permits that are in use until an instant known already. */
export type Returning = readonly [atMs: number, permits: number];

export const EMPTY_SHARES: ShareBook = { holders: {} };

export interface ShareRenewal {
  readonly holder: string;
  /** Of the whole deployment, now. It may change between any two renewals. */
  readonly limit: number;
  /** Permits the holder could use: what runs and what waits for it. */
  readonly wants: number;
  /** With less than this it cannot start anything. Default 0. */
  readonly needs?: number;
  /**
   * Permits the holder cannot give up yet: calls under way, or for a limit by the minute, what its window still
   * counts.
   */
  readonly inUse: number;
  /** Those of them that come back by themselves, for a limit by the minute. */
  readonly returning?: readonly Returning[];
  /**
   * How many permits the holder will have in use at most until it renews again: the fewer, the less is missing for
   * a while should it vanish. Default: all of its part.
   */
  readonly exposes?: number;
  readonly nowMs: number;
  readonly leaseMs: number;
  /**
   * How long after the end of a lease its permits still count, because what was started under it may still be
   * felt: for a limit by the minute at least that minute and the longest call; and what clocks may differ by.
   */
  readonly quarantineMs: number;
}

/**
 * The book after one holder renewed its lease. The holder gives up what is beyond its part, except for what it
 * cannot give up yet, and takes what is free up to its part. It may start nothing while it has its part or more in
 * use, so that what it cannot give up yet dwindles.
 *
 * Guarantee: as long as the limit does not shrink, the permits of all who may still use theirs, and what those who
 * vanished may still have in use, never add up to more than the limit, in whatever order holders renew, join, leave
 * or die. When the limit shrinks, the sum falls to it as holders renew; nobody's share grows meanwhile. Once every
 * holder has renewed three times, all of the limit that no dead holder keeps is held.
 */
export function renewShare(book: ShareBook, renewal: ShareRenewal): ShareBook {
  const { holder, limit, wants, needs, inUse, nowMs, exposes = Infinity } = renewal;
  const holders = standing(book, renewal);
  const { [holder]: held, ...others } = holders;
  const counted = Object.values(others).reduce((sum, share) => sum + weight(share, nowMs), 0);
  const lost = Object.values(others).reduce(
    (sum, share) => sum + (share.leaseUntilMs <= nowMs ? weight(share, nowMs) : 0),
    0,
  );

  const demands = Object.entries({ ...others, [holder]: { permits: 0, ...held, wants, needs: needs ?? 0 } })
    .filter(([id, share]) => id === holder || (share as Share).leaseUntilMs > nowMs)
    // Needs go to those who hold the most already: else each renewal would take from one to give to another.
    .sort(([a, one], [b, other]) => other.permits - one.permits || (a < b ? -1 : 1))
    .map(([id, share]) => ({ id, wants: share.wants, needs: share.needs ?? 0 }));
  const part = splitByDemand(limit - lost, demands).get(holder)!;
  const free = Math.max(0, Math.floor(limit) - counted);
  // What runs under a lease that ended meanwhile runs all the same, and has to be counted.
  const permits = Math.max(Math.min(part, free), inUse);
  const usable = Math.min(part, permits, Math.max(inUse, exposes));
  const share: Share = {
    permits,
    usable,
    exposed: Math.max(usable, inUse),
    wants,
    ...(needs && { needs }),
    leaseUntilMs: nowMs + renewal.leaseMs,
  };
  return { holders: { ...others, [holder]: withReturning(share, renewal.returning) } };
}

/**
 * The book after a holder left in order. What it could not give up yet stays counted until it comes back by itself,
 * or its quarantine ends; the rest is free at once.
 */
export function leaveShare(
  book: ShareBook,
  leaver: Pick<ShareRenewal, 'holder' | 'inUse' | 'returning' | 'nowMs' | 'quarantineMs'>,
): ShareBook {
  const { inUse, nowMs } = leaver;
  const { [leaver.holder]: share, ...others } = standing(book, leaver);
  if (!share || inUse === 0) return { holders: others };
  const left: Share = { permits: inUse, usable: 0, exposed: inUse, wants: 0, leaseUntilMs: nowMs };
  return { holders: { ...others, [leaver.holder]: withReturning(left, leaver.returning) } };
}

/** How many permits a holder may have in use at `nowMs`: none once its lease has ended. */
export function usableOf(book: ShareBook, holder: string, nowMs: number): number {
  const share = book.holders[holder];
  return share && share.leaseUntilMs > nowMs ? share.usable : 0;
}

/** What a share takes away from the limit. */
function weight(share: Share, nowMs: number): number {
  if (share.leaseUntilMs > nowMs) return share.permits;
  const back = (share.returning ?? []).reduce(
    (sum, [atMs, permits]) => sum + (atMs <= nowMs ? permits : 0),
    0,
  );
  return Math.max(0, share.exposed - back);
}

/** The shares that still count: all but those whose lease and quarantine are over. */
function standing(
  book: ShareBook,
  { nowMs, quarantineMs }: Pick<ShareRenewal, 'nowMs' | 'quarantineMs'>,
): Record<string, Share> {
  return Object.fromEntries(
    Object.entries(book.holders).filter(
      ([, share]) =>
        share.leaseUntilMs + quarantineMs > nowMs && (weight(share, nowMs) > 0 || share.leaseUntilMs > nowMs),
    ),
  );
}

/** What comes back while the lease lasts may be used again under it, so it says nothing about what is missing later. */
function withReturning(share: Share, returning: readonly Returning[] = []): Share {
  const late = returning.filter(([atMs]) => atMs > share.leaseUntilMs);
  return late.length > 0 ? { ...share, returning: late } : share;
}
