import type { Usage } from '@penstock/contracts';
import type { StreamReading, Verdict } from '../../wire/event-stream.js';
import { isJsonObject, readJson, type JsonObject } from '../../wire/json.js';
import type { SseEvent } from '../../wire/sse-event.js';
import { failureOfAnswer } from '../../wire/status-failure.js';
import { estimatedUsage, estimateTokens } from '../../wire/token-estimate.js';
import { OPENAI_REASONS, readOpenAiError } from './openai-error.js';
import { readOpenAiUsage } from './openai-usage.js';

/**
 * Reads a stream of chat completion or completion chunks.
 *
 * It is complete with `[DONE]`. Some servers omit that; the end of the body is then taken for the end of the answer
 * if a `finish_reason` came before it, since HTTP itself tells a proper end from a cut connection.
 */
export class OpenAiStreamReading implements StreamReading {
  started = false;
  endable = false;
  private told: Usage | undefined;
  private outputEvents = 0;
  private outputBytes = 0;

  constructor(
    private readonly requestBytes: number,
    /** The client did not ask for the chunk that holds only the usage. */
    private readonly withholdUsage: boolean,
  ) {}

  judge(event: SseEvent): Verdict {
    if (event.data === undefined) return 'forward';
    if (event.data.trim() === '[DONE]') {
      return this.started
        ? 'last'
        : { reason: 'malformed_response', message: 'The provider sent an empty stream.' };
    }
    const chunk = readJson(event.data);
    if (!isJsonObject(chunk)) {
      return { reason: 'malformed_response', message: 'The provider sent an event that is not JSON.' };
    }
    const error = readOpenAiError(chunk);
    if (error) {
      // Inside a stream the status is a 200 that means nothing.
      const body = Buffer.from(event.data);
      return failureOfAnswer({ status: 200, headers: {}, body }, error, OPENAI_REASONS, 0);
    }
    return this.judgeChunk(chunk);
  }

  usage(): Usage {
    return (
      this.told ??
      estimatedUsage(this.requestBytes, Math.max(this.outputEvents, estimateTokens(this.outputBytes)))
    );
  }

  private judgeChunk(chunk: JsonObject): Verdict {
    const usage = readOpenAiUsage(chunk.usage);
    if (usage) this.told = usage;
    const choices = Array.isArray(chunk.choices) ? (chunk.choices as unknown[]) : [];
    for (const choice of choices) if (isJsonObject(choice)) this.readChoice(choice);
    return usage && choices.length === 0 && this.withholdUsage ? 'withhold' : 'forward';
  }

  private readChoice(choice: JsonObject): void {
    const bytes = typeof choice.text === 'string' ? choice.text.length : textLength(choice.delta);
    if (bytes > 0) {
      this.outputEvents++;
      this.outputBytes += bytes;
      this.started = true;
    }
    if (typeof choice.finish_reason === 'string') {
      this.started = true;
      this.endable = true;
    }
  }
}

/** Fields of a delta that say what it is, and are not produced by the model. */
const LABELS = new Set(['role', 'type', 'id', 'format']);

function textLength(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 0;
  let length = 0;
  for (const [key, each] of Object.entries(value)) if (!LABELS.has(key)) length += textLength(each);
  return length;
}
