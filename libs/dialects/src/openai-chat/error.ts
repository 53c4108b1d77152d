import { ERRORS, type Refusal } from '@penstock/contracts';
import { errorAnswer, type RenderedError } from '../rendered-error.js';
import { encodeEvent } from '../sse/encode-event.js';

/** OpenAI's error shape, the same for all of its endpoints. */
export function renderOpenAiError(refusal: Refusal, requestId: string): RenderedError {
  return errorAnswer(refusal, { error: openAiError(refusal) }, ['x-request-id', requestId]);
}

/** A broken stream of chat or text completions: clients of the vendor's make throw on `error`. */
export function renderOpenAiStreamError(refusal: Refusal): Uint8Array {
  return encodeEvent({ error: openAiError(refusal) });
}

export interface OpenAiError {
  readonly message: string;
  readonly type: string;
  readonly param: string | null;
  readonly code: string;
}

function openAiError({ code, message, param }: Refusal): OpenAiError {
  return { message, type: ERRORS[code].type, param: param ?? null, code };
}
