/** What one router has of a deployment's places in this worker, and what waits there for more. */
export interface RouterClaim {
  readonly router: string;
  /** Credits it has not spent. */
  readonly granted: number;
  /** Calls that run here by its credits. */
  readonly running: number;
  readonly wanted: number;
  /** Of those wanted, jobs that somebody waits for. */
  readonly urgent: number;
}

/**
 * Divides free places between routers: first to those where people wait, then to those where anything waits, then to
 * all, so that nobody begins with a message. Among equals a place goes to the router that has the fewest, spent ones
 * included: so a place that becomes free goes back to the half of the work that it came from, and no router has to
 * wait until another one has had enough.
 */
export function divideCredits(free: number, claims: readonly RouterClaim[]): ReadonlyMap<string, number> {
  const given = new Map<string, number>();
  const has = ({ router, granted }: RouterClaim) => granted + (given.get(router) ?? 0);
  for (let left = free; left > 0; left--) {
    const tiers = [
      claims.filter((claim) => claim.urgent > has(claim)),
      claims.filter((claim) => claim.wanted > has(claim)),
      claims,
    ];
    const tier = tiers.find((some) => some.length > 0) ?? [];
    let fewest: RouterClaim | undefined;
    for (const claim of tier) {
      if (!fewest || has(claim) + claim.running < has(fewest) + fewest.running) fewest = claim;
    }
    if (!fewest) break;
    given.set(fewest.router, (given.get(fewest.router) ?? 0) + 1);
  }
  return given;
}
