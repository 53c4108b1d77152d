import type {
  CanonicalMessage,
  FilePart,
  ReasoningPart,
  TextPart,
  ToolCallPart,
  ToolResultOutput,
  ToolResultPart,
} from '@penstock/contracts';
import { cacheControlOptions } from '../canonical/cache-control.js';
import { plainText } from '../canonical/plain-text.js';
import { withProviderOptions } from '../canonical/provider-options.js';
import type { Shortfalls } from '../canonical/shortfalls.js';
import { UserTurn } from '../canonical/user-turn.js';
import { readFileBlock } from './file-block.js';
import type { AnthropicMessage, Block, ToolResultBlock } from './request.js';

export function messagesToCanonical(
  messages: readonly AnthropicMessage[],
  shortfalls: Shortfalls,
): readonly CanonicalMessage[] {
  const toolNames = new Map<string, string>();
  return messages.flatMap(({ role, content }, index) => {
    const blocks: readonly Block[] =
      typeof content === 'string' ? [{ type: 'text', text: content }] : content;
    const path = typeof content === 'string' ? `messages[${index}]` : `messages[${index}].content`;
    switch (role) {
      case 'assistant':
        for (const block of blocks) if (block.type === 'tool_use') toolNames.set(block.id, block.name);
        return [{ role, content: blocks.flatMap((block, at) => said(block, `${path}[${at}]`, shortfalls)) }];
      case 'user':
        return userMessages(blocks, path, toolNames, shortfalls);
      case 'system':
        return [{ role, content: plainText(allShown(blocks, path, shortfalls), path, shortfalls) }];
    }
  });
}

/** The vendor has tool results among what the user says; between dialects they are messages of their own. */
function userMessages(
  blocks: readonly Block[],
  path: string,
  toolNames: ReadonlyMap<string, string>,
  shortfalls: Shortfalls,
): readonly CanonicalMessage[] {
  const turn = new UserTurn();
  for (const [index, block] of blocks.entries()) {
    const at = `${path}[${index}]`;
    if (block.type === 'tool_result') turn.answer(toolResult(block, at, toolNames, shortfalls));
    else {
      const part = shown(block, at, shortfalls);
      if (part !== undefined) turn.say(part);
    }
  }
  return turn.messages;
}

function said(
  block: Block,
  path: string,
  shortfalls: Shortfalls,
): (TextPart | FilePart | ReasoningPart | ToolCallPart)[] {
  switch (block.type) {
    case 'thinking': {
      const { thinking: text, signature } = block;
      return [{ type: 'reasoning', text, ...withProviderOptions({ anthropic: { signature } }) }];
    }
    case 'redacted_thinking':
      return [
        { type: 'reasoning', text: '', ...withProviderOptions({ anthropic: { redactedData: block.data } }) },
      ];
    case 'tool_use': {
      const { id: toolCallId, name: toolName, input } = block;
      return [
        {
          type: 'tool-call',
          toolCallId,
          toolName,
          input,
          ...withProviderOptions(cacheControlOptions(block)),
        },
      ];
    }
    default: {
      const part = shown(block, path, shortfalls);
      return part === undefined ? [] : [part];
    }
  }
}

/** A block that is text or a file, whoever it comes from. */
function shown(block: Block, path: string, shortfalls: Shortfalls): TextPart | FilePart | undefined {
  switch (block.type) {
    case 'text':
      return { type: 'text', text: block.text, ...withProviderOptions(cacheControlOptions(block)) };
    case 'image':
    case 'document':
      return readFileBlock(block, path, shortfalls);
    default:
      shortfalls.refuseKind(path);
      return undefined;
  }
}

function toolResult(
  block: ToolResultBlock,
  path: string,
  toolNames: ReadonlyMap<string, string>,
  shortfalls: Shortfalls,
): ToolResultPart {
  return {
    type: 'tool-result',
    toolCallId: block.tool_use_id,
    toolName: toolNames.get(block.tool_use_id) ?? block.tool_use_id,
    output: toolOutput(block, `${path}.content`, shortfalls),
    ...withProviderOptions(cacheControlOptions(block)),
  };
}

function toolOutput(
  { content, is_error }: ToolResultBlock,
  path: string,
  shortfalls: Shortfalls,
): ToolResultOutput {
  if (!content || typeof content === 'string') {
    return { type: is_error ? 'error-text' : 'text', value: content ?? '' };
  }
  const value = allShown(content, path, shortfalls);
  return is_error
    ? { type: 'error-text', value: plainText(value, path, shortfalls) }
    : { type: 'content', value };
}

function allShown(blocks: readonly Block[], path: string, shortfalls: Shortfalls): (TextPart | FilePart)[] {
  return blocks.flatMap((block, index) => shown(block, `${path}[${index}]`, shortfalls) ?? []);
}
