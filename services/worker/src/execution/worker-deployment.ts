import type { Deployment, Job } from '@penstock/contracts';

/** A deployment as a worker sees it. */
export interface WorkerDeployment extends Deployment {
  /** Where it is called: for the trace only. */
  readonly baseUrl: string;
  /** Input and output together; absent means not known, and no conversation is trimmed to it. */
  readonly contextTokens?: number;
  readonly timeouts: {
    /** How long to wait for the first byte of an answer. */
    readonly firstByteMs: number;
    /** How long a stream may be silent. */
    readonly idleMs: number;
    /**
     * How long the provider may go on with a call whose caller vanished: so long the place of a call of a worker that
     * died is not given to another. Default: the longer of the two above.
     */
    readonly abandonedMs?: number;
  };
}

/** Tokens that a job's request is expected to have here: a conversation that was longer has been trimmed. */
export function expectedInputTokens(
  { contextTokens = Infinity }: Pick<WorkerDeployment, 'contextTokens'>,
  { estimatedInputTokens }: Pick<Job, 'estimatedInputTokens'>,
): number {
  return Math.min(estimatedInputTokens, contextTokens);
}

/** What an attempt is expected to use here. */
export function expectedTokens(
  deployment: Pick<WorkerDeployment, 'contextTokens'>,
  job: Pick<Job, 'estimatedInputTokens' | 'estimatedOutputTokens'>,
): { readonly inputTokens: number; readonly outputTokens: number } {
  return { inputTokens: expectedInputTokens(deployment, job), outputTokens: job.estimatedOutputTokens };
}
