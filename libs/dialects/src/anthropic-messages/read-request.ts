import type { Read, RequestSummary } from '@penstock/contracts';
import { TokenTally } from '../estimate-tokens.js';
import { presetOf, readWishes } from '../routing/read-wishes.js';
import { readJson } from '../json/read-json.js';
import { checkCountTokensRequest, checkMessagesRequest } from './check-request.js';
import type { Block, CountTokensRequest, MessagesRequest } from './request.js';

/** What admission has to know of a messages body. */
export function readMessagesRequest(body: Uint8Array): Read<RequestSummary> {
  const read = readJson(body, checkMessagesRequest);
  if (!read.ok) return read;
  const request = read.value as unknown as MessagesRequest;
  const tally = tallyOf(request);
  return {
    ok: true,
    value: {
      model: request.model,
      stream: request.stream === true,
      estimatedInputTokens: tally.total(),
      maxOutputTokens: request.max_tokens,
      ...readWishes(read.value, {
        tools: Boolean(request.tools?.length),
        vision: tally.hasImages,
        jsonSchema: Boolean(request.output_config?.format),
      }),
    },
  };
}

/** The body of `count_tokens`: the same without a bound on the answer, of which there is none. */
export function readCountTokensRequest(body: Uint8Array): Read<RequestSummary> {
  const read = readJson(body, checkCountTokensRequest);
  if (!read.ok) return read;
  const request = read.value as unknown as CountTokensRequest;
  return {
    ok: true,
    value: {
      model: request.model,
      stream: false,
      estimatedInputTokens: tallyOf(request).total(),
      maxOutputTokens: 0,
      ...presetOf(read.value),
    },
  };
}

function tallyOf({ messages, system, tools, output_config }: CountTokensRequest): TokenTally {
  const tally = new TokenTally();
  if (system) countContent(system, tally);
  for (const { content } of messages) {
    tally.message();
    countContent(content, tally);
  }
  if (tools) tally.json(tools);
  if (output_config?.format) tally.json(output_config.format.schema);
  return tally;
}

function countContent(content: string | readonly Block[], tally: TokenTally): void {
  if (typeof content === 'string') tally.text(content);
  else for (const block of content) countBlock(block, tally);
}

function countBlock(block: Block, tally: TokenTally): void {
  switch (block.type) {
    case 'text':
      return tally.text(block.text);
    case 'image':
      return tally.attachment('image');
    case 'document':
      return block.source.type === 'text' ? tally.text(block.source.data) : tally.attachment('file');
    case 'thinking':
      return tally.text(block.thinking);
    case 'tool_result':
      return block.content ? countContent(block.content, tally) : undefined;
    default:
      return tally.json(block);
  }
}
