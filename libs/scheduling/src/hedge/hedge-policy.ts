/** How a model's slow attempts are hedged, as it is configured. */
export interface HedgePolicy {
  /** How long the first attempt may be silent. Absent: what 95 % of calls to its deployment took lately. */
  readonly afterMs?: number;
  /** Most hedges for each job that may be hedged: 0.02 is two in a hundred. */
  readonly budget: number;
  /** Whether all jobs may be hedged, or those that ask for it. Default `always`. */
  readonly when?: 'always' | 'asked';
}
