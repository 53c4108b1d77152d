import type { CanonicalCall } from '@penstock/contracts';
import { present } from '../canonical/present.js';
import type { Shortfalls } from '../canonical/shortfalls.js';
import { DEFAULT_MAX_TOKENS } from './read-request.js';
import type { CompletionsRequest } from './request.js';

/** Fields with a place in the canonical call, or acted on before a provider is chosen. */
const KNOWN: ReadonlySet<string> = new Set([
  'model',
  'prompt',
  'max_tokens',
  'n',
  'best_of',
  'echo',
  'stream',
  'stream_options',
  'temperature',
  'top_p',
  'presence_penalty',
  'frequency_penalty',
  'seed',
  'stop',
  'user',
]);

/** A text to complete becomes what a user says: chat is all that providers of other APIs have. */
export function completionsToCanonical(request: CompletionsRequest, shortfalls: Shortfalls): CanonicalCall {
  shortfalls.dropUnknown(request, KNOWN);
  for (const field of ['n', 'best_of'] as const) if ((request[field] ?? 1) > 1) shortfalls.drop(field);
  if (request.echo) shortfalls.drop('echo');
  return present({
    prompt: [
      { role: 'user' as const, content: [{ type: 'text' as const, text: onePrompt(request, shortfalls) }] },
    ],
    maxOutputTokens: request.max_tokens ?? DEFAULT_MAX_TOKENS,
    temperature: request.temperature,
    stopSequences: typeof request.stop === 'string' ? [request.stop] : request.stop,
    topP: request.top_p,
    presencePenalty: request.presence_penalty,
    frequencyPenalty: request.frequency_penalty,
    seed: request.seed,
    user: request.user,
  });
}

function onePrompt({ prompt }: CompletionsRequest, shortfalls: Shortfalls): string {
  if (typeof prompt === 'string') return prompt;
  const [only, ...others] = prompt;
  if (typeof only === 'string' && others.length === 0) return only;
  shortfalls.refuse('prompt', 'must be one text for a provider of another API: no token ids, no list');
  return '';
}
