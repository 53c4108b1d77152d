/** One of those who share: what it could use now. */
export interface Demand {
  readonly id: string;
  readonly wants: number;
}

/**
 * Splits a whole number of permits: nobody gets more than it wants while another who wants as much gets less
 * (max-min fair), and what nobody wants is spread evenly, so that whoever gets work next has some to start with.
 * The parts are whole numbers and add up to `limit`, where there is anybody at all. Everyone who computes it from
 * the same figures gets the same parts.
 *
 * Source: Bertsekas and Gallager, "Data Networks" (1992), section 6.5.2, progressive filling.
 */
export function splitByDemand(limit: number, demands: readonly Demand[]): ReadonlyMap<string, number> {
  const ordered = demands.toSorted((a, b) => a.wants - b.wants || (a.id < b.id ? -1 : 1));
  const parts = new Map<string, number>();
  let left = Math.max(0, Math.floor(limit));
  ordered.forEach(({ id, wants }, i) => {
    // Those left want at least as much as this one, so an even split among them is fair to all.
    const part = Math.min(Math.max(0, Math.floor(wants)), Math.floor(left / (ordered.length - i)));
    parts.set(id, part);
    left -= part;
  });
  // From the largest demand down, so that the odd permit goes where it is used.
  const spare = ordered.toReversed();
  spare.forEach(({ id }, i) => {
    const extra = Math.ceil(left / (spare.length - i));
    parts.set(id, parts.get(id)! + extra);
    left -= extra;
  });
  return parts;
}
