import OpenAI from 'openai';
import { NOTHING, PNG, SCHEMA, WEATHER, type Client, type Question, type Said } from './client.js';
import { readOpenAiError } from './openai-error.js';

/** OpenAI's own client, Responses. */
export function openAiResponsesClient(url: string, apiKey: string): Client {
  const client = new OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries: 0 });
  return {
    name: 'openai.responses',
    readError: readOpenAiError,
    async ask(model, question) {
      return said(await client.responses.create(request(model, question)), 1);
    },
    async stream(model, question) {
      const stream = await client.responses.create({ ...request(model, question), stream: true });
      let pieces = 0;
      let last: OpenAI.Responses.Response | undefined;
      for await (const event of stream) {
        if (event.type === 'response.output_text.delta') pieces++;
        // The client passes this event on as it is.
        if (event.type === 'error') throw new OpenAI.OpenAIError(event.message);
        if (event.type === 'response.failed') throw new OpenAI.OpenAIError(event.response.error?.message);
        if (event.type === 'response.completed' || event.type === 'response.incomplete')
          last = event.response;
      }
      if (!last) throw new Error('The stream ended without saying that it was complete.');
      return said(last, pieces);
    },
  };
}

function request(model: string, { text, tools, schema, image, reasoning }: Question) {
  return {
    model,
    input: image
      ? [
          {
            role: 'user' as const,
            content: [
              {
                type: 'input_image' as const,
                detail: 'auto' as const,
                image_url: `data:image/png;base64,${PNG}`,
              },
              { type: 'input_text' as const, text },
            ],
          },
        ]
      : text,
    ...(tools && { tools: [tool('get_weather', WEATHER), tool('get_time', NOTHING)] }),
    ...(schema && {
      text: { format: { type: 'json_schema' as const, name: 'level', schema: SCHEMA, strict: true } },
    }),
    ...(reasoning && { reasoning: { effort: 'low' as const, summary: 'auto' as const } }),
  };
}

function tool(name: string, parameters: object) {
  return { type: 'function' as const, name, parameters: { ...parameters }, strict: true };
}

function said({ output, usage, incomplete_details }: OpenAI.Responses.Response, pieces: number): Said {
  const content = output.flatMap((item) => (item.type === 'message' ? item.content : []));
  return {
    text: content.map((part) => (part.type === 'output_text' ? part.text : '')).join(''),
    calls: output.flatMap((item) =>
      item.type === 'function_call'
        ? [{ name: item.name, input: JSON.parse(item.arguments || '{}') as unknown }]
        : [],
    ),
    reasoning: output
      .flatMap((item) => (item.type === 'reasoning' ? item.summary.map(({ text }) => text) : []))
      .join(''),
    reasoningTokens: usage?.output_tokens_details.reasoning_tokens ?? 0,
    refused:
      content.some(({ type }) => type === 'refusal') || incomplete_details?.reason === 'content_filter',
    inputTokens: usage?.input_tokens ?? 0,
    outputTokens: usage?.output_tokens ?? 0,
    pieces,
  };
}
