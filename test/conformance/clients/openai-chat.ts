import OpenAI from 'openai';
import { NOTHING, PNG, SCHEMA, WEATHER, type Client, type Question, type Said } from './client.js';
import { readOpenAiError } from './openai-error.js';

/** OpenAI's own client, chat completions. */
export function openAiChatClient(url: string, apiKey: string): Client {
  const client = new OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries: 0 });
  return {
    name: 'openai.chat',
    readError: readOpenAiError,
    async ask(model, question) {
      const { choices, usage } = await client.chat.completions.create(request(model, question));
      return said(choices[0], usage, 1);
    },
    async stream(model, question) {
      const stream = client.chat.completions.stream({
        ...request(model, question),
        stream: true,
        stream_options: { include_usage: true },
      });
      let pieces = 0;
      let reasoning = '';
      for await (const { choices } of stream) {
        const delta = choices[0]?.delta as { content?: string; reasoning_content?: string } | undefined;
        if (delta?.content) pieces++;
        reasoning += delta?.reasoning_content ?? '';
      }
      const { choices, usage } = await stream.finalChatCompletion();
      return { ...said(choices[0], usage, pieces), ...(reasoning && { reasoning }) };
    },
  };
}

function request(model: string, { text, tools, schema, image, reasoning }: Question) {
  return {
    model,
    messages: [
      {
        role: 'user' as const,
        content: image
          ? [
              {
                type: 'image_url' as const,
                image_url: { url: `data:image/png;base64,${PNG}` },
              },
              { type: 'text' as const, text },
            ]
          : text,
      },
    ],
    ...(tools && { tools: [tool('get_weather', WEATHER), tool('get_time', NOTHING)] }),
    ...(schema && {
      response_format: {
        type: 'json_schema' as const,
        json_schema: { name: 'level', schema: SCHEMA, strict: true },
      },
    }),
    ...(reasoning && { reasoning_effort: 'low' as const }),
  };
}

function tool(name: string, parameters: object) {
  return { type: 'function' as const, function: { name, parameters: { ...parameters } } };
}

function said(
  choice: OpenAI.ChatCompletion.Choice | undefined,
  usage: OpenAI.CompletionUsage | undefined,
  pieces: number,
): Said {
  const message = choice?.message as
    (OpenAI.ChatCompletionMessage & { reasoning_content?: string }) | undefined;
  return {
    text: message?.content ?? '',
    calls: (message?.tool_calls ?? []).map((call) =>
      call.type === 'function'
        ? { name: call.function.name, input: JSON.parse(call.function.arguments || '{}') as unknown }
        : { name: call.custom.name, input: call.custom.input },
    ),
    reasoning: message?.reasoning_content ?? '',
    reasoningTokens: usage?.completion_tokens_details?.reasoning_tokens ?? 0,
    refused: Boolean(message?.refusal) || choice?.finish_reason === 'content_filter',
    inputTokens: usage?.prompt_tokens ?? 0,
    outputTokens: usage?.completion_tokens ?? 0,
    pieces,
  };
}
