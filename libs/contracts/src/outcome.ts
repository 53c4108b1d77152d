/**
 * How a job ended. A job has exactly one outcome, whatever is killed while it runs.
 *
 * - `succeeded`: the caller has a complete answer.
 * - `failed`: the answer is an error that another attempt would not mend.
 * - `cancelled`: the caller asked for it, or left.
 * - `expired`: its deadline passed before it was done.
 * - `dead_lettered`: every attempt it was allowed failed; it waits in DEAD_LETTERS for a person.
 */
export const OUTCOMES = ['succeeded', 'failed', 'cancelled', 'expired', 'dead_lettered'] as const;

export type OutcomeState = (typeof OUTCOMES)[number];

export function isOutcomeState(value: unknown): value is OutcomeState {
  return typeof value === 'string' && (OUTCOMES as readonly string[]).includes(value);
}
