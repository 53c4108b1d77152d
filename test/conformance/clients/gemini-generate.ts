import {
  ApiError,
  GoogleGenAI,
  type GenerateContentParameters,
  type GenerateContentResponse,
} from '@google/genai';
import { NOTHING, PNG, SCHEMA, WEATHER, type Client, type Question, type Said } from './client.js';

/** Google's own client. */
export function geminiClient(url: string, apiKey: string): Client {
  const client = new GoogleGenAI({ apiKey, httpOptions: { baseUrl: url } });
  return {
    name: 'gemini.generate',
    readError: readGeminiError,
    async ask(model, question) {
      return said([await client.models.generateContent(request(model, question))]);
    },
    async stream(model, question) {
      const events: GenerateContentResponse[] = [];
      for await (const event of await client.models.generateContentStream(request(model, question)))
        events.push(event);
      if (!events.some(({ candidates }) => candidates?.[0]?.finishReason))
        throw new Error('The stream ended without a reason.');
      return said(events);
    },
  };
}

/** An error that came in a stream has the status of its event; the client throws it as any other. */
function readGeminiError(error: unknown): number | 'broken' | undefined {
  if (!(error instanceof ApiError)) return undefined;
  return error.status === 502 ? 'broken' : error.status;
}

function request(
  model: string,
  { text, tools, schema, image, reasoning }: Question,
): GenerateContentParameters {
  return {
    model,
    contents: [
      {
        role: 'user',
        parts: [...(image ? [{ inlineData: { mimeType: 'image/png', data: PNG } }] : []), { text }],
      },
    ],
    config: {
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
      ...(schema && { responseMimeType: 'application/json', responseJsonSchema: SCHEMA }),
      ...(reasoning && { thinkingConfig: { includeThoughts: true, thinkingBudget: 1_024 } }),
    },
  };
}

function said(events: readonly GenerateContentResponse[]): Said {
  const parts = events.flatMap(({ candidates }) => candidates?.[0]?.content?.parts ?? []);
  const usage = events.findLast(({ usageMetadata }) => usageMetadata)?.usageMetadata;
  const thoughts = usage?.thoughtsTokenCount ?? 0;
  const reasons = events.map(({ candidates }) => candidates?.[0]?.finishReason as string | undefined);
  const texts = parts.filter(({ text, thought }) => text && !thought);
  return {
    text: texts.map(({ text }) => text).join(''),
    calls: parts.flatMap(({ functionCall }) =>
      functionCall ? [{ name: functionCall.name ?? '', input: functionCall.args ?? {} }] : [],
    ),
    reasoning: parts.map(({ text, thought }) => (thought ? (text ?? '') : '')).join(''),
    reasoningTokens: thoughts,
    refused: reasons.includes('SAFETY'),
    inputTokens: usage?.promptTokenCount ?? 0,
    outputTokens: (usage?.candidatesTokenCount ?? 0) + thoughts,
    pieces: texts.length,
  };
}
