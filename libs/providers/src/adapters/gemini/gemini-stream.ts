import type { Usage } from '@penstock/contracts';
import { failureOfEvent, type StreamReading, type Verdict } from '../../wire/event-stream.js';
import { isJsonObject, readJson, strings } from '../../wire/json.js';
import { OutputCount } from '../../wire/output-count.js';
import type { SseEvent } from '../../wire/sse-event.js';
import { estimatedUsage } from '../../wire/token-estimate.js';
import { GEMINI_REASONS, readGeminiError } from './gemini-error.js';
import { readGeminiUsage } from './gemini-usage.js';

/**
 * Reads a stream of `GenerateContentResponse`. Gemini marks no end; the answer is complete when the body ends after a
 * `finishReason`, or after the reason for which the prompt was blocked.
 */
export class GeminiStreamReading implements StreamReading {
  started = false;
  endable = false;
  private told: Usage | undefined;
  private readonly output = new OutputCount();

  constructor(private readonly requestBytes: number) {}

  judge(event: SseEvent): Verdict {
    if (event.data === undefined) return 'forward';
    const data = readJson(event.data);
    if (!isJsonObject(data)) return failureOfEvent(undefined, event.data, GEMINI_REASONS);
    const error = readGeminiError(data);
    if (error) return failureOfEvent(error, event.data, GEMINI_REASONS);
    this.told = readGeminiUsage(data.usageMetadata) ?? this.told;
    const candidates = Array.isArray(data.candidates) ? (data.candidates as unknown[]) : [];
    for (const candidate of candidates) this.readCandidate(candidate);
    if (isJsonObject(data.promptFeedback) && data.promptFeedback.blockReason !== undefined) this.finish();
    return 'forward';
  }

  /** Each event tells the counts so far, so before the end they are not yet what is charged. */
  usage(ended: 'complete' | 'broken'): Usage {
    if (!this.told) return estimatedUsage(this.requestBytes, this.output.tokens);
    return ended === 'complete' ? this.told : { ...this.told, source: 'estimated' };
  }

  private readCandidate(candidate: unknown): void {
    if (!isJsonObject(candidate)) return;
    const parts =
      isJsonObject(candidate.content) && Array.isArray(candidate.content.parts)
        ? candidate.content.parts
        : [];
    for (const part of parts as unknown[]) {
      if (!isJsonObject(part)) continue;
      const text =
        strings(part.text)[0] ?? JSON.stringify(part.functionCall ?? part.inlineData ?? '').slice(2);
      if (this.output.add(text)) this.started = true;
    }
    if (typeof candidate.finishReason === 'string') this.finish();
  }

  private finish(): void {
    this.started = true;
    this.endable = true;
  }
}
