import { countTokens, IMAGE_TOKENS } from '../../completion/count-tokens.js';
import type { FieldReader } from '../field-reader.js';

export interface ResponsesInput {
  readonly prompt: string;
  readonly tokens: number;
  readonly answersTool: boolean;
}

/** Reads `input`: a text, or items. Items of a kind that is not known here count nothing. */
export function readInput(fields: FieldReader): ResponsesInput {
  const input = fields.raw('input');
  if (typeof input === 'string') return { prompt: input, tokens: countTokens(input), answersTool: false };
  if (input === undefined) fields.reject('input', "Missing required parameter: 'input'.");
  let prompt = '';
  let tokens = 0;
  let answersTool = false;
  for (const item of fields.list('input')) {
    const type = item.optionalText('type') ?? 'message';
    answersTool = type === 'function_call_output';
    if (type === 'message') {
      const role = item.text('role');
      const content = readContent(item, 'content');
      tokens += content.tokens;
      if (role === 'user') prompt = content.text;
    } else if (type === 'function_call') {
      tokens += countTokens(item.text('name')) + countTokens(item.text('arguments'));
    } else if (type === 'function_call_output') {
      item.text('call_id');
      tokens += readContent(item, 'output').tokens;
    }
  }
  return { prompt, tokens, answersTool };
}

function readContent(item: FieldReader, name: string): { text: string; tokens: number } {
  const content = item.raw(name);
  if (typeof content === 'string') return { text: content, tokens: countTokens(content) };
  if (content === undefined) item.reject(name, `Missing required parameter: '${name}'.`);
  const texts: string[] = [];
  let tokens = 0;
  for (const part of item.list(name)) {
    const type = part.text('type');
    if (type === 'input_text' || type === 'output_text') {
      texts.push(part.text('text'));
      tokens += countTokens(part.text('text'));
    } else if (type === 'refusal') tokens += countTokens(part.text('refusal'));
    else if (type === 'input_image' || type === 'input_file' || type === 'input_audio')
      tokens += IMAGE_TOKENS;
    else part.reject('type', `Invalid value: '${type}'.`);
  }
  return { text: texts.join('\n'), tokens };
}
