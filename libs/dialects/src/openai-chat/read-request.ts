import { serviceTierOf, type Read, type RequestSummary } from '@penstock/contracts';
import { TokenTally } from '../estimate-tokens.js';
import type { JsonObject } from '../json/check.js';
import { readWishes } from '../routing/read-wishes.js';
import { readJson } from '../json/read-json.js';
import { checkChatRequest } from './check-request.js';
import type { ChatMessage, ChatPart, ChatRequest } from './request.js';

/** What admission has to know of a chat completions body. */
export function readChatRequest(body: Uint8Array): Read<RequestSummary> {
  const read = readJson(body, checkChatRequest);
  if (!read.ok) return read;
  const request = read.value as JsonObject & ChatRequest;
  const tally = tallyOf(request);
  const maxTokens = request.max_completion_tokens ?? request.max_tokens ?? undefined;
  const serviceTier = serviceTierOf(request.service_tier);
  return {
    ok: true,
    value: {
      model: request.model,
      stream: request.stream === true,
      estimatedInputTokens: tally.total(),
      // Every choice may be as long as the bound.
      maxOutputTokens: maxTokens === undefined ? undefined : maxTokens * (request.n ?? 1),
      ...readWishes(read.value, {
        tools: Boolean(request.tools?.length || request.functions?.length),
        vision: tally.hasImages,
        jsonSchema: request.response_format?.type === 'json_schema',
      }),
      ...(serviceTier && { serviceTier }),
    },
  };
}

function tallyOf(request: ChatRequest): TokenTally {
  const tally = new TokenTally();
  for (const message of request.messages) countMessage(message, tally);
  if (request.tools) tally.json(request.tools);
  if (request.functions) tally.json(request.functions);
  if (request.response_format?.type === 'json_schema') tally.json(request.response_format.json_schema.schema);
  return tally;
}

function countMessage(message: ChatMessage, tally: TokenTally): void {
  tally.message();
  const { content } = message;
  if (typeof content === 'string') tally.text(content);
  else if (content) for (const part of content) countPart(part, tally);
  if (message.tool_calls) tally.json(message.tool_calls);
}

function countPart(part: ChatPart, tally: TokenTally): void {
  switch (part.type) {
    case 'text':
      return tally.text(part.text);
    case 'refusal':
      return tally.text(part.refusal);
    case 'image_url':
      return tally.attachment('image');
    case 'input_audio':
      return tally.attachment('audio');
    default:
      return tally.attachment('file');
  }
}
