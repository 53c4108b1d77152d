import type { Usage } from '@penstock/contracts';
import { failureOfEvent, type StreamReading, type Verdict } from '../../wire/event-stream.js';
import { isJsonObject, readJson, strings, type JsonObject } from '../../wire/json.js';
import { OutputCount } from '../../wire/output-count.js';
import type { SseEvent } from '../../wire/sse-event.js';
import type { ErrorWords } from '../../wire/status-failure.js';
import { estimatedUsage } from '../../wire/token-estimate.js';
import { OPENAI_REASONS } from './openai-error.js';
import { readResponsesUsage } from './responses-usage.js';

/**
 * Reads the typed events of a streamed response. It is complete with `response.completed` or `response.incomplete`
 * (the model met its bound or a filter), and only with these.
 */
export class ResponsesStreamReading implements StreamReading {
  started = false;
  readonly endable = false;
  private told: Usage | undefined;
  private readonly output = new OutputCount();

  constructor(private readonly requestBytes: number) {}

  judge(event: SseEvent): Verdict {
    if (event.data === undefined) return 'forward';
    const data = readJson(event.data);
    if (!isJsonObject(data)) return failureOfEvent(undefined, event.data, OPENAI_REASONS);
    switch (data.type) {
      case 'error':
        return failureOfEvent(
          errorWords(isJsonObject(data.error) ? data.error : data),
          event.data,
          OPENAI_REASONS,
        );
      case 'response.failed':
        return failureOfEvent(errorWords(responseOf(data).error), event.data, OPENAI_REASONS);
      case 'response.completed':
      case 'response.incomplete':
        this.started = true;
        this.told = readResponsesUsage(responseOf(data).usage);
        return 'last';
    }
    // Reasoning that is only a signature, an image, a call: whatever is done was begun.
    const isOutput =
      typeof data.delta === 'string'
        ? this.output.add(data.delta)
        : data.type === 'response.output_item.done';
    if (isOutput) this.started = true;
    return 'forward';
  }

  usage(): Usage {
    return this.told ?? estimatedUsage(this.requestBytes, this.output.tokens);
  }
}

function responseOf(data: JsonObject): JsonObject {
  return isJsonObject(data.response) ? data.response : {};
}

function errorWords(error: unknown): ErrorWords {
  if (!isJsonObject(error)) return { words: [], message: '' };
  return { words: strings(error.code, error.type), message: strings(error.message)[0] ?? '' };
}
