import { serviceTierOf, type Read, type RequestSummary } from '@penstock/contracts';
import { TokenTally } from '../estimate-tokens.js';
import { readWishes } from '../routing/read-wishes.js';
import { readJson } from '../json/read-json.js';
import { checkResponsesRequest } from './check-request.js';
import type { InputItem, InputPart, ResponsesRequest } from './request.js';

/** What admission has to know of a body of the Responses API. */
export function readResponsesRequest(body: Uint8Array): Read<RequestSummary> {
  const read = readJson(body, checkResponsesRequest);
  if (!read.ok) return read;
  const request = read.value as unknown as ResponsesRequest;
  const tally = tallyOf(request);
  const serviceTier = serviceTierOf(request.service_tier);
  return {
    ok: true,
    value: {
      model: request.model,
      stream: request.stream === true,
      estimatedInputTokens: tally.total(),
      maxOutputTokens: request.max_output_tokens ?? undefined,
      ...readWishes(read.value, {
        tools: Boolean(request.tools?.length),
        vision: tally.hasImages,
        jsonSchema: request.text?.format?.type === 'json_schema',
      }),
      ...(serviceTier && { serviceTier }),
    },
  };
}

function tallyOf({ input, instructions, tools, text }: ResponsesRequest): TokenTally {
  const tally = new TokenTally();
  if (instructions) tally.text(instructions);
  if (typeof input === 'string') {
    tally.message();
    tally.text(input);
  } else {
    for (const item of input) countItem(item, tally);
  }
  if (tools) tally.json(tools);
  if (text?.format?.type === 'json_schema') tally.json(text.format.schema);
  return tally;
}

function countItem(item: InputItem, tally: TokenTally): void {
  switch (item.type) {
    case undefined:
    case 'message':
      tally.message();
      return countContent(item.content, tally);
    case 'function_call_output':
      tally.message();
      return countContent(item.output, tally);
    case 'reasoning':
      for (const { text } of item.summary ?? []) tally.text(text);
      for (const { text } of item.content ?? []) tally.text(text);
      return;
    default:
      return tally.json(item);
  }
}

function countContent(content: string | readonly InputPart[], tally: TokenTally): void {
  if (typeof content === 'string') return tally.text(content);
  for (const part of content) {
    switch (part.type) {
      case 'input_text':
      case 'output_text':
        tally.text(part.text);
        break;
      case 'refusal':
        tally.text(part.refusal);
        break;
      case 'input_image':
        tally.attachment('image');
        break;
      default:
        tally.attachment('file');
    }
  }
}
