import { HEADER, type HeaderReader, type Usage } from '@penstock/contracts';
import { decodeAnswer, type TailedMessage } from '@penstock/messaging';
import type { BatchTokens } from '@penstock/persistence';
import type { BatchRun, GatheredLine } from '../running/batch-run.js';
import { unansweredBy, type Ending } from './ending.js';
import { renderEnding } from './render-ending.js';
import { usageIn } from './usage-in.js';

/** A result, with the whole of its body; undefined where that lay in the object store and cannot be had. */
export interface FetchedResult extends Omit<TailedMessage, 'data'> {
  readonly data: Uint8Array | undefined;
}

/** Takes in a result of the batch, if it is the first of its line. Never throws, whatever the message holds. */
export function gatherResult(run: BatchRun, message: FetchedResult, nowMs: number): void {
  run.resultsSequence = Math.max(run.resultsSequence, message.sequence);
  const line = Number(message.subject.slice(message.subject.lastIndexOf('.') + 1));
  const customId = run.names.get(line);
  // A line that is done, or a job that somebody published under the batch's name.
  if (customId === undefined || !message.headers) return;
  const gathered = endLine(run, line, customId, readEnding(message.headers, message.data));
  run.gather(line, gathered, nowMs);
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

function readEnding(headers: HeaderReader, body: Uint8Array | undefined): Ending {
  const usage = usageIn(headers.get(HEADER.event));
  if (!body) return { kind: 'unanswered', code: 'result_unavailable', usage };
  const { outcome, status, contentType } = decodeAnswer(headers, body);
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
