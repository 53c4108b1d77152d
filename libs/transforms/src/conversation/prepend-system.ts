import type { Api } from '@penstock/contracts';
import { isObject } from '../rules/field-path.js';
import type { JsonObject } from '../rules/rule.js';

/** The request with instructions before those it has. Unchanged where its API has no place for any. */
export function prependSystem(api: Api, document: JsonObject, text: string): JsonObject {
  switch (api) {
    case 'openai.chat': {
      const { messages } = document;
      if (!Array.isArray(messages)) return document;
      return { ...document, messages: [{ role: 'system', content: text }, ...(messages as unknown[])] };
    }
    case 'anthropic.messages': {
      const { system } = document;
      const joined = Array.isArray(system)
        ? [{ type: 'text', text }, ...(system as unknown[])]
        : joinTexts(text, system);
      return { ...document, system: joined };
    }
    case 'openai.responses':
      return { ...document, instructions: joinTexts(text, document['instructions']) };
    case 'gemini.generate': {
      // Its clients write either name.
      const field = Object.hasOwn(document, 'system_instruction')
        ? 'system_instruction'
        : 'systemInstruction';
      const given = document[field];
      const before = isObject(given) ? given : {};
      const parts: unknown[] = Array.isArray(before['parts']) ? before['parts'] : [];
      return { ...document, [field]: { ...before, parts: [{ text }, ...parts] } };
    }
    default:
      return document;
  }
}

function joinTexts(first: string, second: unknown): string {
  return typeof second === 'string' && second !== '' ? `${first}\n\n${second}` : first;
}
