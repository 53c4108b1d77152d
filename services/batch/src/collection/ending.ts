import type { OutcomeState, Usage } from '@penstock/contracts';

/** How one line ended. Every line of a batch has exactly one ending. */
export type Ending = Answered | Unanswered;

/** There is an answer to show, the model's or an error's, with the status it would have had over HTTP. */
export interface Answered {
  readonly kind: 'answered';
  readonly succeeded: boolean;
  readonly status: number;
  readonly contentType: string;
  readonly body: Uint8Array;
  readonly usage: Usage | undefined;
}

/** There is nothing to show: the line was not done, or its answer is lost. The first two codes are OpenAI's. */
export interface Unanswered {
  readonly kind: 'unanswered';
  readonly code: keyof typeof UNANSWERED;
  /** Of a line that was done all the same. */
  readonly usage?: Usage | undefined;
}

export const UNANSWERED = {
  batch_expired: 'This request could not be executed before the completion window expired.',
  batch_cancelled: 'This request was not executed because the batch was cancelled.',
  result_unavailable: 'This request was executed, but its answer could not be read back.',
} as const;

/** Outcomes that have nothing to show: what the line says instead. */
export function unansweredBy(outcome: OutcomeState): Unanswered | undefined {
  if (outcome === 'expired') return { kind: 'unanswered', code: 'batch_expired' };
  if (outcome === 'cancelled') return { kind: 'unanswered', code: 'batch_cancelled' };
  return undefined;
}
