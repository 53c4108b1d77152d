import { countTokens, IMAGE_TOKENS } from '../../completion/count-tokens.js';
import type { FieldReader } from '../field-reader.js';

export interface Blocks {
  readonly text: string;
  readonly tokens: number;
  readonly hasToolResult: boolean;
}

/** Reads a content: a text, or blocks. Blocks of a kind that is not known here count nothing. */
export function readBlocks(fields: FieldReader, name: string): Blocks {
  const content = fields.raw(name);
  if (typeof content === 'string')
    return { text: content, tokens: countTokens(content), hasToolResult: false };
  const texts: string[] = [];
  let tokens = 0;
  let hasToolResult = false;
  for (const block of fields.list(name)) {
    switch (block.text('type')) {
      case 'text':
        texts.push(block.text('text'));
        tokens += countTokens(block.text('text'));
        break;
      case 'thinking':
        tokens += countTokens(block.text('thinking'));
        break;
      case 'tool_use':
        tokens += countTokens(block.text('name')) + countTokens(JSON.stringify(block.raw('input') ?? {}));
        break;
      case 'tool_result':
        block.text('tool_use_id');
        tokens += readBlocks(block, 'content').tokens;
        hasToolResult = true;
        break;
      case 'image':
      case 'document':
        block.object('source');
        tokens += IMAGE_TOKENS;
        break;
    }
  }
  return { text: texts.join('\n'), tokens, hasToolResult };
}
