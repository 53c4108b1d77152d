import { fetch } from 'undici';
import { NOTHING, PNG, SCHEMA, WEATHER, type Client, type Question, type Said } from './client.js';

interface Part {
  readonly text?: string;
  readonly thought?: boolean;
  readonly functionCall?: { readonly name: string; readonly args?: unknown };
}

interface Generated {
  readonly candidates?: readonly {
    readonly content?: { readonly parts?: readonly Part[] };
    readonly finishReason?: string;
  }[];
  readonly usageMetadata?: Readonly<Record<string, number>>;
  readonly error?: { readonly code: number };
}

/** What Gemini answered instead of an answer. */
class GeminiError extends Error {
  constructor(readonly status: number | 'broken') {
    super(`Gemini: ${status}`);
  }
}

/** Gemini's protocol as its documentation has it; its own client is not among the packages here. */
export function geminiClient(url: string, apiKey: string): Client {
  const post = async (model: string, method: string, question: Question) => {
    const response = await fetch(`${url}/v1beta/models/${model}:${method}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-goog-api-key': apiKey },
      body: JSON.stringify(request(question)),
    });
    const text = await response.text();
    if (response.ok) return text;
    const { error } = JSON.parse(text) as Generated;
    throw error?.code === response.status ? new GeminiError(response.status) : new Error(text);
  };
  return {
    name: 'gemini.generate',
    readError: (error) => (error instanceof GeminiError ? error.status : undefined),
    async ask(model, question) {
      return said([JSON.parse(await post(model, 'generateContent', question)) as Generated]);
    },
    async stream(model, question) {
      const text = await post(model, 'streamGenerateContent?alt=sse', question);
      const events = text
        .split('\n\n')
        .filter((event) => event.startsWith('data: '))
        .map((event) => JSON.parse(event.slice('data: '.length)) as Generated);
      if (events.some(({ error }) => error)) throw new GeminiError('broken');
      if (!events.some(({ candidates }) => candidates?.[0]?.finishReason))
        throw new Error('The stream ended without a reason.');
      return said(events);
    },
  };
}

function request({ text, tools, schema, image, reasoning }: Question) {
  return {
    contents: [
      {
        role: 'user',
        parts: [...(image ? [{ inlineData: { mimeType: 'image/png', data: PNG } }] : []), { text }],
      },
    ],
    ...(tools && {
      tools: [
        {
          functionDeclarations: [
            { name: 'get_weather', parametersJsonSchema: WEATHER },
            { name: 'get_time', parametersJsonSchema: NOTHING },
          ],
        },
      ],
    }),
    generationConfig: {
      ...(schema && { responseMimeType: 'application/json', responseJsonSchema: SCHEMA }),
      ...(reasoning && { thinkingConfig: { includeThoughts: true, thinkingBudget: 1_024 } }),
    },
  };
}

function said(events: readonly Generated[]): Said {
  const parts = events.flatMap(({ candidates }) => candidates?.[0]?.content?.parts ?? []);
  const usage = events.findLast(({ usageMetadata }) => usageMetadata)?.usageMetadata ?? {};
  const thoughts = usage['thoughtsTokenCount'] ?? 0;
  const reasons = events.map(({ candidates }) => candidates?.[0]?.finishReason);
  const texts = parts.filter(({ text, thought }) => text && !thought);
  return {
    text: texts.map(({ text }) => text).join(''),
    calls: parts.flatMap(({ functionCall }) =>
      functionCall ? [{ name: functionCall.name, input: functionCall.args ?? {} }] : [],
    ),
    reasoning: parts.map(({ text, thought }) => (thought ? (text ?? '') : '')).join(''),
    reasoningTokens: thoughts,
    refused: reasons.includes('SAFETY'),
    inputTokens: usage['promptTokenCount'] ?? 0,
    outputTokens: (usage['candidatesTokenCount'] ?? 0) + thoughts,
    pieces: texts.length,
  };
}
