import type { Usage } from '@penstock/contracts';
import { failureOfEvent, interrupted, type StreamReading, type Verdict } from '../../wire/event-stream.js';
import { isJsonObject, readJson, type JsonObject } from '../../wire/json.js';
import { OutputCount } from '../../wire/output-count.js';
import type { SseEvent } from '../../wire/sse-event.js';
import { estimatedUsage } from '../../wire/token-estimate.js';
import { OPENAI_REASONS, readOpenAiError } from './openai-error.js';
import type { ReadUsage } from './openai-usage.js';

/** Why an answer ended that is none: Mistral's and OpenRouter's word, vLLM's and SGLang's, DeepSeek's. */
const BROKEN_OFF: ReadonlySet<unknown> = new Set(['error', 'abort', 'insufficient_system_resource']);

/** Whether a choice, of a whole answer or of a chunk, ended for such a reason. */
export function isBrokenOff(choice: unknown): boolean {
  return isJsonObject(choice) && BROKEN_OFF.has(choice.finish_reason);
}

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
  private readonly output = new OutputCount();

  constructor(
    private readonly requestBytes: number,
    /** The client did not ask for the chunk that holds only the usage. */
    private readonly withholdUsage: boolean,
    private readonly readUsage: ReadUsage,
  ) {}

  judge(event: SseEvent): Verdict {
    if (event.data === undefined) return 'forward';
    if (event.data.trim() === '[DONE]') {
      return this.started
        ? 'last'
        : { reason: 'malformed_response', message: 'The provider sent an empty stream.' };
    }
    const chunk = readJson(event.data);
    if (!isJsonObject(chunk)) return failureOfEvent(undefined, event.data, OPENAI_REASONS);
    const error = readOpenAiError(chunk);
    if (error) return failureOfEvent(error, event.data, OPENAI_REASONS);
    return this.judgeChunk(chunk);
  }

  usage(): Usage {
    return this.told ?? estimatedUsage(this.requestBytes, this.output.tokens);
  }

  private judgeChunk(chunk: JsonObject): Verdict {
    // Groq has these two in a place of its own.
    const { usage: groqUsage, error } = isJsonObject(chunk.x_groq) ? chunk.x_groq : {};
    const usage = this.readUsage(chunk.usage ?? groqUsage);
    if (usage) this.told = usage;
    const choices = Array.isArray(chunk.choices) ? (chunk.choices as unknown[]) : [];
    if (typeof error === 'string' || choices.some(isBrokenOff)) return interrupted('broke off its answer');
    for (const choice of choices) if (isJsonObject(choice)) this.readChoice(choice);
    return usage && choices.length === 0 && this.withholdUsage ? 'withhold' : 'forward';
  }

  private readChoice(choice: JsonObject): void {
    const text = typeof choice.text === 'string' ? choice.text : textOf(choice.delta);
    if (this.output.add(text)) this.started = true;
    if (typeof choice.finish_reason === 'string') {
      this.started = true;
      this.endable = true;
    }
  }
}

/** Fields of a delta that say what it is, and are not produced by the model. */
const LABELS = new Set(['role', 'type', 'id', 'format']);

/** All text in a delta, whichever fields the provider puts it in: content, refusal, reasoning, arguments of a call. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return '';
  let text = '';
  for (const [key, each] of Object.entries(value)) if (!LABELS.has(key)) text += textOf(each);
  return text;
}
