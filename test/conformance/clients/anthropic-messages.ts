import Anthropic from '@anthropic-ai/sdk';
import { NOTHING, PNG, SCHEMA, WEATHER, type Client, type Question, type Said } from './client.js';

/** Anthropic's own client. */
export function anthropicClient(url: string, apiKey: string): Client {
  const client = new Anthropic({ baseURL: url, apiKey, maxRetries: 0 });
  return {
    name: 'anthropic.messages',
    readError(error) {
      if (!(error instanceof Anthropic.AnthropicError)) return undefined;
      return error instanceof Anthropic.APIError && error.status !== undefined
        ? Number(error.status)
        : 'broken';
    },
    async ask(model, question) {
      return said(await client.messages.create(request(model, question)), 1);
    },
    async stream(model, question) {
      const stream = client.messages.stream(request(model, question));
      let pieces = 0;
      stream.on('text', () => pieces++);
      return said(await stream.finalMessage(), pieces);
    },
  };
}

function request(model: string, { text, tools, schema, image, reasoning }: Question) {
  return {
    model,
    max_tokens: 2_048,
    messages: [
      {
        role: 'user' as const,
        content: image
          ? [
              {
                type: 'image' as const,
                source: { type: 'base64' as const, media_type: 'image/png' as const, data: PNG },
              },
              { type: 'text' as const, text },
            ]
          : text,
      },
    ],
    ...(tools && {
      tools: [
        { name: 'get_weather', input_schema: WEATHER },
        { name: 'get_time', input_schema: NOTHING },
      ],
    }),
    ...(schema && { output_config: { format: { type: 'json_schema' as const, schema: SCHEMA } } }),
    ...(reasoning && { thinking: { type: 'enabled' as const, budget_tokens: 1_024 } }),
  };
}

function said({ content, usage, stop_reason }: Anthropic.Message, pieces: number): Said {
  return {
    text: content.map((block) => (block.type === 'text' ? block.text : '')).join(''),
    calls: content.flatMap((block) =>
      block.type === 'tool_use' ? [{ name: block.name, input: block.input }] : [],
    ),
    reasoning: content.map((block) => (block.type === 'thinking' ? block.thinking : '')).join(''),
    reasoningTokens: usage.output_tokens_details?.thinking_tokens ?? 0,
    refused: stop_reason === 'refusal',
    inputTokens: usage.input_tokens,
    outputTokens: usage.output_tokens,
    pieces,
  };
}
