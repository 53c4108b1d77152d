import type { Exchange } from '../wire/recording-proxy.js';
import { eventsOf } from './events.js';
import { publishedSchema } from './published-schema.js';

const published = publishedSchema('anthropic');

type Json = Readonly<Record<string, unknown>>;

export function checkAnthropic({ status, contentType, responseBody }: Exchange, path: string): string[] {
  if (contentType.startsWith('text/event-stream')) return checkStream(responseBody);
  const body = JSON.parse(responseBody) as Json;
  if (status >= 400) return checkError(body);
  switch (path) {
    case '/v1/messages':
      return published.complaints('message', body);
    case '/v1/messages/count_tokens':
      return published.complaints('tokens', body);
    case '/v1/models':
      return (body['data'] as Json[]).flatMap((model) => published.complaints('model', model));
    default:
      return path.startsWith('/v1/models/')
        ? published.complaints('model', body)
        : ['there is no published type for this path'];
  }
}

/** The client reads `details` of every error; the types have them only where the vendor has a code. */
function checkError(body: Json): string[] {
  const { details: _, ...error } = body['error'] as Json;
  // Documented for a body that is too large, and in no type.
  if (error['type'] === 'request_too_large') return [];
  return published.complaints('error', { ...body, error });
}

function checkStream(stream: string): string[] {
  const events = eventsOf(stream);
  return events.flatMap(({ name, data }, index) => {
    const event = JSON.parse(data) as Json;
    const named = name === event['type'] ? [] : [`event ${index} is not named by its type`];
    // A ping is in no type: the client drops it.
    if (event['type'] === 'ping') return named;
    // An event has no request id of its own; the client adds null.
    if (event['type'] === 'error') return [...named, ...checkError({ request_id: null, ...event })];
    return [...named, ...published.complaints('messageEvent', event)];
  });
}
