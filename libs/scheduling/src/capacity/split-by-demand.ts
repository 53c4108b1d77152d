/** One of those who share: what it could use now. */
export interface Demand {
  readonly id: string;
  readonly wants: number;
  /**
   * With less than this it cannot start anything, such as the tokens of one call; at most what it wants counts.
   * Default 0. Needs are met before anything else is split, in the order of the demands given.
   */
  readonly needs?: number;
}

/**
 * Splits a whole number of permits: needs first; then nobody gets more than it wants while another who wants as much
 * gets less (max-min fair); and what nobody wants is spread evenly, so that whoever gets work next has some to start
 * with. The parts are whole numbers and add up to `limit`, where there is anybody at all. Everyone who computes it
 * from the same figures in the same order gets the same parts.
 *
 * Source: Bertsekas and Gallager, "Data Networks" (1992), section 6.5.2, progressive filling.
 */
export function splitByDemand(limit: number, demands: readonly Demand[]): ReadonlyMap<string, number> {
  const parts = new Map<string, number>();
  let left = Math.max(0, Math.floor(limit));
  const rest = demands.map(({ id, wants, needs = 0 }) => {
    const part = Math.max(0, Math.floor(Math.min(needs, wants, left)));
    parts.set(id, part);
    left -= part;
    return { id, wants: Math.max(0, Math.floor(wants) - part) };
  });
  const ordered = rest.sort((a, b) => a.wants - b.wants || (a.id < b.id ? -1 : 1));
  const add = (id: string, part: number) => {
    parts.set(id, parts.get(id)! + part);
    left -= part;
  };
  ordered.forEach(({ id, wants }, i) => {
    // Those left want at least as much as this one, so an even split among them is fair to all.
    add(id, Math.min(wants, Math.floor(left / (ordered.length - i))));
  });
  // From the largest demand down, so that the odd permit goes where it is used.
  const spare = ordered.toReversed();
  spare.forEach(({ id }, i) => add(id, Math.ceil(left / (spare.length - i))));
  return parts;
}
