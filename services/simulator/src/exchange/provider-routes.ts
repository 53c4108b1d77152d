import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

import { anthropicModels } from '../dialects/anthropic-messages/anthropic-models.js';
import { messagesCounter, messagesDialect } from '../dialects/anthropic-messages/messages-dialect.js';
import type { Dialect, RequestTarget } from '../dialects/dialect.js';
import { geminiCounter, geminiDialect } from '../dialects/gemini/gemini-dialect.js';
import { geminiModels } from '../dialects/gemini/gemini-models.js';
import type { ModelCatalogue } from '../dialects/model-catalogue.js';
import { chatDialect } from '../dialects/openai-chat/chat-dialect.js';
import { completionsDialect } from '../dialects/openai-completions/completions-dialect.js';
import { embeddingsDialect } from '../dialects/openai-embeddings/embeddings-dialect.js';
import { imageEditsDialect, imageGenerationsDialect } from '../dialects/openai-media/images-dialects.js';
import { moderationsDialect } from '../dialects/openai-media/moderations-dialect.js';
import { transcriptionsDialect, translationsDialect } from '../dialects/openai-media/recording-dialects.js';
import { speechDialect } from '../dialects/openai-media/speech-dialect.js';
import { openAiModels } from '../dialects/openai-models/openai-models.js';
import { responsesDialect } from '../dialects/openai-responses/responses-dialect.js';
import type { TokenCounter } from '../dialects/token-counter.js';

/** What a path leads to; `dialect` is the one in which errors are told. */
export type ProviderRoute = CallRoute | LookUpRoute;

export interface CallRoute {
  readonly kind: 'call';
  readonly dialect: Dialect;
  readonly target: RequestTarget;
}

/** What costs nothing, so that the ledger does not know of it. */
export type LookUpRoute =
  | { readonly kind: 'count'; readonly dialect: Dialect; readonly counter: TokenCounter }
  | {
      readonly kind: 'models';
      readonly dialect: Dialect;
      readonly catalogue: ModelCatalogue;
      /** Undefined asks for all of them. */
      readonly id: string | undefined;
    }
  | { readonly kind: 'unknown'; readonly dialect: Dialect };

const CALLS = new Map<string, ProviderRoute>(
  Object.entries({
    '/v1/chat/completions': chatDialect,
    '/v1/completions': completionsDialect,
    '/v1/embeddings': embeddingsDialect,
    '/v1/responses': responsesDialect,
    '/v1/messages': messagesDialect,
    '/v1/moderations': moderationsDialect,
    '/v1/images/generations': imageGenerationsDialect,
    '/v1/images/edits': imageEditsDialect,
    '/v1/audio/speech': speechDialect,
    '/v1/audio/transcriptions': transcriptionsDialect,
    '/v1/audio/translations': translationsDialect,
  }).map(([path, dialect]) => [path, { kind: 'call', dialect, target: {} }]),
);

const GEMINI_CALL = /^\/v1beta\/models\/(.+):(generateContent|streamGenerateContent|countTokens)$/;
const MODELS = /^\/(v1|v1beta)\/models(?:\/(.+))?$/;

/** Undefined leaves the request to somebody else. */
export function routeOf(
  { method, headers }: IncomingMessage,
  path: string,
  query: string,
): ProviderRoute | undefined {
  if (method === 'POST') {
    const call = CALLS.get(path);
    if (call) return call;
    if (path === '/v1/messages/count_tokens') {
      return { kind: 'count', dialect: messagesDialect, counter: messagesCounter };
    }
    const gemini = GEMINI_CALL.exec(path);
    if (gemini) return geminiRoute(gemini[1] ?? '', gemini[2] ?? '', query);
  }
  const speaker = speakerOf(path, headers);
  if (!speaker) return undefined;
  const models = method === 'GET' ? MODELS.exec(path) : null;
  if (!models) return { kind: 'unknown', dialect: speaker.dialect };
  return { kind: 'models', ...speaker, id: models[2] };
}

/** Who answers on a path that several dialects could mean: Anthropic's callers say who they are in a header. */
function speakerOf(path: string, headers: IncomingHttpHeaders) {
  if (path.startsWith('/v1beta/')) return { dialect: geminiDialect, catalogue: geminiModels };
  if (!path.startsWith('/v1/')) return undefined;
  if ('anthropic-version' in headers) return { dialect: messagesDialect, catalogue: anthropicModels };
  return { dialect: chatDialect, catalogue: openAiModels };
}

function geminiRoute(model: string, action: string, query: string): ProviderRoute {
  const dialect = geminiDialect;
  if (action === 'countTokens') return { kind: 'count', dialect, counter: geminiCounter };
  if (action === 'generateContent') return { kind: 'call', dialect, target: { model } };
  const stream = new URLSearchParams(query).get('alt') === 'sse' ? 'events' : 'array';
  return { kind: 'call', dialect, target: { model, stream } };
}
