import { countTokens, IMAGE_TOKENS } from '../../completion/count-tokens.js';
import type { FieldReader } from '../field-reader.js';

export interface Parts {
  readonly text: string;
  readonly tokens: number;
  readonly answersTool: boolean;
}

/** Reads the parts of a content. Parts of a kind that is not known here count nothing. */
export function readParts(content: FieldReader): Parts {
  const texts: string[] = [];
  let tokens = 0;
  let answersTool = false;
  for (const part of content.list('parts')) {
    if (part.has('text')) {
      const text = part.text('text');
      tokens += countTokens(text);
      if (part.raw('thought') !== true) texts.push(text);
    }
    if (part.has('inlineData') || part.has('fileData')) tokens += IMAGE_TOKENS;
    const call = part.object('functionCall');
    if (call) tokens += countTokens(call.text('name')) + countTokens(JSON.stringify(call.raw('args') ?? {}));
    const response = part.object('functionResponse');
    if (response) {
      tokens +=
        countTokens(response.text('name')) + countTokens(JSON.stringify(response.raw('response') ?? {}));
      answersTool = true;
    }
  }
  return { text: texts.join('\n'), tokens, answersTool };
}
