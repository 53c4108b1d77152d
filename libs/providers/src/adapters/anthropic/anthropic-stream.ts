import type { Usage } from '@penstock/contracts';
import { failureOfEvent, type StreamReading, type Verdict } from '../../wire/event-stream.js';
import { isJsonObject, readJson, strings } from '../../wire/json.js';
import { OutputCount } from '../../wire/output-count.js';
import type { SseEvent } from '../../wire/sse-event.js';
import { estimatedUsage } from '../../wire/token-estimate.js';
import { ANTHROPIC_REASONS, readAnthropicError } from './anthropic-error.js';
import { readAnthropicUsage } from './anthropic-usage.js';

/** Reads the events of a streamed message. It is complete with `message_stop`, and only with it. */
export class AnthropicStreamReading implements StreamReading {
  started = false;
  readonly endable = false;
  private told: Usage | undefined;
  private readonly output = new OutputCount();

  constructor(private readonly requestBytes: number) {}

  judge(event: SseEvent): Verdict {
    if (event.data === undefined) return 'forward';
    const data = readJson(event.data);
    if (!isJsonObject(data)) return failureOfEvent(undefined, event.data, ANTHROPIC_REASONS);
    switch (data.type) {
      case 'error':
        return failureOfEvent(readAnthropicError(data), event.data, ANTHROPIC_REASONS);
      case 'message_start':
        this.told = readAnthropicUsage(isJsonObject(data.message) ? data.message.usage : undefined);
        return 'forward';
      case 'content_block_delta':
        this.readDelta(data.delta);
        return 'forward';
      case 'message_delta':
        this.started = true;
        this.told = readAnthropicUsage(data.usage, this.told);
        return 'forward';
      case 'message_stop':
        this.started = true;
        return 'last';
    }
    return 'forward';
  }

  /** Until its end a message has told its input, and of its output only a first few tokens. */
  usage(ended: 'complete' | 'broken'): Usage {
    if (!this.told) return estimatedUsage(this.requestBytes, this.output.tokens);
    if (ended === 'complete') return this.told;
    return {
      ...this.told,
      outputTokens: Math.max(this.told.outputTokens, this.output.tokens),
      source: 'estimated',
    };
  }

  private readDelta(delta: unknown): void {
    if (!isJsonObject(delta)) return;
    const text = strings(delta.text, delta.thinking, delta.partial_json, delta.signature)[0];
    if (this.output.add(text)) this.started = true;
  }
}
