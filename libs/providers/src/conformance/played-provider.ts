import type { CanonicalCall } from '@penstock/contracts';
import { systemClock } from '@penstock/resilience';
import type { AdapterName } from '../adapters/adapters.js';
import { createProvider } from '../create-provider.js';
import type { Provider } from '../provider.js';
import type { PlaybackServer } from './playback-server.js';

/** A provider that is reached at a server of played answers, below `/base`. */
export function playedProvider(
  server: Pick<PlaybackServer, 'url'>,
  adapter: AdapterName,
  options?: Readonly<Record<string, string>>,
): Provider {
  const settings = { adapter, name: 'p', baseUrl: `${server.url}/base`, apiKey: 'test-key' };
  return createProvider({ ...settings, ...(options && { options }) }, systemClock);
}

/** What a call says beside its request, where it does not matter. */
export const anyCall = () => ({
  upstreamModel: 'up-model',
  attemptId: 'att_1',
  signal: new AbortController().signal,
  firstByteTimeoutMs: 5000,
  idleTimeoutMs: 5000,
});

/** A call that says hardly anything. */
export const PROMPT: CanonicalCall = { prompt: [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }] };

/** Has a provider translate a call that is answered with `body`, and gives what it made of it and what it sent. */
export async function generateWhole(
  server: PlaybackServer,
  adapter: AdapterName,
  call: CanonicalCall,
  body: string,
  options?: Readonly<Record<string, string>>,
) {
  server.plays(200, 'application/json', body);
  const answer = await playedProvider(server, adapter, options).generate({
    call,
    stream: false,
    ...anyCall(),
  });
  if (answer.kind !== 'complete') throw new Error(JSON.stringify(answer));
  const request = await server.request();
  return { answer, request, sent: JSON.parse(request.body.toString()) as Record<string, unknown> };
}
