import type { Usage } from '@penstock/contracts';
import { failureOfEvent, type StreamReading, type Verdict } from '../../wire/event-stream.js';
import { isJsonObject, readJson } from '../../wire/json.js';
import { OutputCount } from '../../wire/output-count.js';
import type { SseEvent } from '../../wire/sse-event.js';
import { estimatedUsage } from '../../wire/token-estimate.js';
import { OPENAI_REASONS, readOpenAiError } from './openai-error.js';
import { readResponsesUsage } from './responses-usage.js';

/** The last event of a picture, of speech, of a transcript: it has the usage. */
const FINAL = /\.(completed|done)$/;

/**
 * Reads the typed events of streamed pictures, speech and transcripts. Nothing says that no more will come after a
 * final event, so the end of the body is the end; before one it is none.
 */
export class MediaStreamReading implements StreamReading {
  started = false;
  endable = false;
  private told: Usage | undefined;
  private readonly output = new OutputCount();

  constructor(private readonly textBytes: number) {}

  judge(event: SseEvent): Verdict {
    if (event.data === undefined) return 'forward';
    if (event.data.trim() === '[DONE]' && this.endable) return 'last';
    const data = readJson(event.data);
    if (!isJsonObject(data) || typeof data.type !== 'string') {
      const error = isJsonObject(data) ? readOpenAiError(data) : undefined;
      return failureOfEvent(error, event.data, OPENAI_REASONS);
    }
    if (data.type === 'error') {
      return failureOfEvent(readOpenAiError(data) ?? { words: [], message: '' }, event.data, OPENAI_REASONS);
    }
    this.started = true;
    if (typeof data.delta === 'string') this.output.add(data.delta);
    if (FINAL.test(data.type)) {
      this.endable = true;
      this.told = readResponsesUsage(data.usage) ?? this.told;
    }
    return 'forward';
  }

  usage(): Usage {
    return this.told ?? estimatedUsage(this.textBytes, this.output.tokens);
  }
}
