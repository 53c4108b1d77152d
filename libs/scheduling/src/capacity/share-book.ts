import { splitByDemand } from './split-by-demand.js';

/**
 * Who holds how much of one limit of a deployment (calls at a time, requests or tokens a minute). The book is kept
 * where all workers see it and is replaced only by compare-and-set, so that each change is made on the newest one.
 */
export interface ShareBook {
  readonly holders: Readonly<Record<string, Share>>;
}

export interface Share {
  /** Permits nobody else may use. */
  readonly permits: number;
  /** Permits it could use when it last said so. */
  readonly wants: number;
  /** Unless it is renewed before, its holder stops using the share at this instant. */
  readonly leaseUntilMs: number;
}

export const EMPTY_SHARES: ShareBook = { holders: {} };

export interface ShareRenewal {
  readonly holder: string;
  /** Of the whole deployment, now. It may change between any two renewals. */
  readonly limit: number;
  /** Permits the holder could use: what runs and what waits for it. */
  readonly wants: number;
  /**
   * Permits the holder cannot give up yet: calls under way, or for a limit by the minute, what its window still
   * counts.
   */
  readonly inUse: number;
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
 * cannot give up yet, and takes what is free up to its part.
 *
 * Guarantee: as long as the limit does not shrink, the permits of all who may still use theirs never add up to
 * more than the limit, in whatever order holders renew, join, leave or die. When the limit shrinks, the sum falls
 * to it as holders renew; nobody's share grows meanwhile. Once every holder has renewed three times, all of the
 * limit that no dead holder keeps is held.
 */
export function renewShare(book: ShareBook, renewal: ShareRenewal): ShareBook {
  const { holder, limit, wants, inUse, nowMs } = renewal;
  const holders = standing(book, renewal);
  const others = Object.entries(holders).filter(([id]) => id !== holder);
  const live = others.filter(([, share]) => share.leaseUntilMs > nowMs);
  const lost = sum(others.filter(([, share]) => share.leaseUntilMs <= nowMs));

  const demands = live.map(([id, share]) => ({ id, wants: share.wants }));
  const part = splitByDemand(limit - lost, [...demands, { id: holder, wants }]).get(holder)!;
  const free = Math.max(0, Math.floor(limit) - sum(others));
  const held = holders[holder]?.permits ?? 0;
  // What runs under a lease that ended meanwhile runs all the same, and has to be counted.
  const permits = Math.max(Math.min(part, free), Math.min(inUse, held));
  const share: Share = { permits, wants, leaseUntilMs: nowMs + renewal.leaseMs };
  return { holders: { ...Object.fromEntries(others), [holder]: share } };
}

/**
 * The book after a holder left in order. What it could not give up yet stays counted until its quarantine ends;
 * the rest is free at once.
 */
export function leaveShare(
  book: ShareBook,
  leaver: Pick<ShareRenewal, 'holder' | 'inUse' | 'nowMs' | 'quarantineMs'>,
): ShareBook {
  const { [leaver.holder]: share, ...others } = standing(book, leaver);
  const permits = Math.min(leaver.inUse, share?.permits ?? 0);
  if (!share || permits === 0) return { holders: others };
  return { holders: { ...others, [leaver.holder]: { permits, wants: 0, leaseUntilMs: leaver.nowMs } } };
}

/** The permits a holder may use at `nowMs`: none once its lease has ended. */
export function permitsOf(book: ShareBook, holder: string, nowMs: number): number {
  const share = book.holders[holder];
  return share && share.leaseUntilMs > nowMs ? share.permits : 0;
}

/** The shares that still count: all but those whose lease and quarantine are over. */
function standing(
  book: ShareBook,
  { nowMs, quarantineMs }: Pick<ShareRenewal, 'nowMs' | 'quarantineMs'>,
): Record<string, Share> {
  return Object.fromEntries(
    Object.entries(book.holders).filter(([, share]) => share.leaseUntilMs + quarantineMs > nowMs),
  );
}

function sum(shares: readonly (readonly [string, Share])[]): number {
  return shares.reduce((total, [, share]) => total + share.permits, 0);
}
