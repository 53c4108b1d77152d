/**
 * How many of others' jobs are expected to be served before one that has `own` of its own party's before it: as many as
 * their weight brings them meanwhile, and no more than there are.
 */
export function fairPart(own: number, weight: number, othersCount: number, othersWeight: number): number {
  return Math.max(0, Math.min(othersCount, Math.floor((own * othersWeight) / weight)));
}
