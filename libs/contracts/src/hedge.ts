/**
 * On what terms an attempt may be hedged, as a router says them with a dispatch: while its caller has heard nothing, a
 * second attempt may be sent to another deployment. Absent from the dispatch of a job that may not be.
 */
export interface HedgeTerms {
  /** Where the second attempt may go, the best place first. The job's constraints allow all of them. */
  readonly to: readonly string[];
  /** After how long. Absent: after what 95 % of calls to the first deployment took lately. */
  readonly afterMs?: number;
  /** Hedges that each job of the model earns: 0.02 is two in a hundred. */
  readonly share: number;
}

/** The id of an attempt's hedge. It has one at the most, so that no worker has to make ids. */
export function hedgeId(attemptId: string): string {
  return `${attemptId}h`;
}
