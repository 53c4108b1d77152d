import { embed } from '../../completion/embed.js';
import { rateLimitHeaders } from '../../limits/rate-limit-headers.js';
import type { Dialect, PlannedAnswer } from '../dialect.js';
import { FieldReader } from '../field-reader.js';
import { renderOpenAiError, renderOpenAiErrorEvent } from '../openai-error.js';
import { readTextInputs, type TextInput } from '../openai-input.js';

const MOST_INPUTS = 2048;
const MOST_DIMENSIONS = 4096;

interface EmbeddingsRequest {
  readonly model: string;
  readonly inputs: readonly TextInput[];
  readonly base64: boolean;
  readonly dimensions: number | undefined;
}

/** `POST /v1/embeddings`. */
export const embeddingsDialect: Dialect = {
  api: 'openai.embeddings',
  idHeader: 'x-request-id',
  renderError: renderOpenAiError,
  renderErrorEvent: renderOpenAiErrorEvent,
  limitHeaders: rateLimitHeaders,
  read(body) {
    const fields = FieldReader.of(body);
    const format = fields.optionalText('encoding_format') ?? 'float';
    if (format !== 'float' && format !== 'base64')
      fields.reject('encoding_format', `Invalid value: '${format}'.`);
    const request: EmbeddingsRequest = {
      model: fields.text('model'),
      inputs: readTextInputs(fields, 'input', MOST_INPUTS),
      base64: format === 'base64',
      dimensions: fields.whole('dimensions', 1, MOST_DIMENSIONS),
    };
    const read = fields.outcome(request);
    if (!read.ok) return read;
    return {
      ok: true,
      value: {
        model: request.model,
        kind: 'embedding',
        stream: false,
        prompt: request.inputs[0]?.text ?? '',
        plan: (_directives, output) =>
          planEmbeddings(request, request.dimensions ?? output.embeddingDimensions),
      },
    };
  },
};

function planEmbeddings({ model, inputs, base64 }: EmbeddingsRequest, dimensions: number): PlannedAnswer {
  const inputTokens = inputs.reduce((sum, input) => sum + input.tokens, 0);
  return {
    usage: { inputTokens, outputTokens: 0, cachedTokens: 0, cacheWriteTokens: 0, reasoningTokens: 0 },
    body: ({ withUsage }) =>
      JSON.stringify({
        object: 'list',
        data: inputs.map(({ text }, index) => {
          const vector = embed(text, dimensions);
          const embedding = base64 ? Buffer.from(vector.buffer).toString('base64') : Array.from(vector);
          return { object: 'embedding', index, embedding };
        }),
        model,
        ...(withUsage && { usage: { prompt_tokens: inputTokens, total_tokens: inputTokens } }),
      }),
    events: () => [],
  };
}
