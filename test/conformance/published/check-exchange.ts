import type { Exchange } from '../wire/recording-proxy.js';
import { checkAnthropic } from './check-anthropic.js';
import { checkOpenAi } from './check-openai.js';

/** What is Penstock's own. */
const OF_NO_PUBLISHED_TYPE = /^\/v1\/(jobs|dead_letters|usage)/;

function isOfGemini({ method, requestHeaders }: Exchange, path: string): boolean {
  if (path.startsWith('/v1beta/') || requestHeaders['x-goog-api-key'] !== undefined) return true;
  return path.startsWith('/v1/models/') && (method === 'POST' || path.includes(':'));
}

/**
 * What an answer has that its vendor's package does not know of, each in a sentence that says where. `undefined` for
 * an answer in a dialect whose vendor publishes no types that can be read this way, or of no vendor's.
 */
export function checkExchange(exchange: Exchange): string[] | undefined {
  const path = exchange.path.split('?')[0] ?? '';
  if (isOfGemini(exchange, path) || OF_NO_PUBLISHED_TYPE.test(path)) return undefined;
  const isAnthropic =
    path.startsWith('/v1/messages') || exchange.requestHeaders['anthropic-version'] !== undefined;
  const complaints = (isAnthropic ? checkAnthropic : checkOpenAi)(exchange, path);
  return complaints.map((complaint) => `${exchange.method} ${path} ${exchange.status}: ${complaint}`);
}

/** All complaints about all exchanges, and how many answers there were to complain about. */
export function checkExchanges(exchanges: readonly Exchange[]): {
  readonly checked: number;
  readonly complaints: string[];
} {
  const results = exchanges.map(checkExchange).filter((result) => result !== undefined);
  return { checked: results.length, complaints: [...new Set(results.flat())] };
}
