import {
  anyObject,
  arrayOf,
  boolean,
  integer,
  nonEmptyString,
  number,
  object,
  oneOf,
  string,
  type Check,
} from '../json/check.js';

const part = object({
  text: string,
  thought: boolean,
  thoughtSignature: string,
  inlineData: object({ mimeType: nonEmptyString, data: string }, ['mimeType', 'data']),
  fileData: object({ fileUri: nonEmptyString, mimeType: string }, ['fileUri']),
  functionCall: object({ id: string, name: nonEmptyString, args: anyObject }, ['name']),
  functionResponse: object({ id: string, name: nonEmptyString, response: anyObject }, ['name']),
});

const content = object({ role: oneOf('user', 'model', 'function'), parts: arrayOf(part) });

const generationConfig = object({
  temperature: number(0, 2),
  topP: number(0, 1),
  topK: number(0, Number.MAX_SAFE_INTEGER),
  maxOutputTokens: integer(1),
  candidateCount: integer(1, 8),
  stopSequences: arrayOf(string),
  seed: integer(),
  presencePenalty: number(-2, 2),
  frequencyPenalty: number(-2, 2),
  responseMimeType: string,
  responseSchema: anyObject,
  responseJsonSchema: anyObject,
  responseLogprobs: boolean,
  logprobs: integer(0, 20),
  responseModalities: arrayOf(string),
  thinkingConfig: object({ includeThoughts: boolean, thinkingBudget: integer(-1), thinkingLevel: string }),
});

const functionDeclaration = object(
  { name: nonEmptyString, description: string, parameters: anyObject, parametersJsonSchema: anyObject },
  ['name'],
);

/** What a `generateContent` body with camelCase names must be. Fields not known here pass. */
export const checkGenerateRequest: Check = object(
  {
    model: nonEmptyString,
    contents: arrayOf(content, 1),
    systemInstruction: content,
    generationConfig,
    tools: arrayOf(object({ functionDeclarations: arrayOf(functionDeclaration) })),
    toolConfig: object({
      functionCallingConfig: object({ mode: string, allowedFunctionNames: arrayOf(string) }),
    }),
    cachedContent: string,
    labels: anyObject,
  },
  ['contents'],
);
