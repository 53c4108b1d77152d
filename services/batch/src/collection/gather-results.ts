import type { Usage } from '@penstock/contracts';
import type { LineResult } from '@penstock/messaging';
import type { BatchTokens } from '@penstock/persistence';
import type { BatchRun, GatheredLine } from '../running/batch-run.js';
import { unansweredBy, type Ending } from './ending.js';
import { renderEnding } from './render-ending.js';

/** A result with the whole of its answer's body; undefined where that lay in the object store and cannot be had. */
export interface FetchedResult extends LineResult {
  readonly body: Uint8Array | undefined;
}

/** Takes in what one message of RESULTS has: of each line the first result. */
export function gatherResults(
  run: BatchRun,
  sequence: number,
  results: readonly FetchedResult[],
  nowMs: number,
): void {
  run.resultsSequence = Math.max(run.resultsSequence, sequence);
  for (const result of results) {
    const { line } = result;
    const customId = run.names.get(line);
    // A line that is done, or a job that somebody published under the batch's name.
    if (customId !== undefined) run.gather(line, endLine(run, line, customId, readEnding(result)), nowMs);
  }
}

/** Renders a line's ending, ready to be written to the file it belongs in. */
export function endLine(run: BatchRun, line: number, customId: string, ending: Ending): GatheredLine {
  const answered = ending.kind === 'answered' ? ending : undefined;
  return {
    file: answered?.succeeded ? 'output' : 'errors',
    bytes: renderEnding({ batch: run.record.id, line, customId }, ending),
    tokens: ending.usage && toTokens(ending.usage),
  };
}

function readEnding({ answer, body, usage }: FetchedResult): Ending {
  if (!body) return { kind: 'unanswered', code: 'result_unavailable', usage };
  const { outcome, status, contentType } = answer;
  return (
    unansweredBy(outcome) ?? {
      kind: 'answered',
      succeeded: outcome === 'succeeded',
      ...{ status, contentType, body },
      usage,
    }
  );
}

function toTokens(usage: Usage): BatchTokens {
  return {
    input: usage.inputTokens,
    cachedInput: usage.cachedInputTokens ?? 0,
    output: usage.outputTokens,
    reasoning: usage.reasoningTokens ?? 0,
  };
}
