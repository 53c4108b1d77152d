import type { Provider, ProviderAnswer, ProviderCall } from '../provider.js';
import type { PlaybackServer } from './playback-server.js';
import type { RecordedExchanges } from './recorded-exchanges.js';

/** What every group of the suite works with. */
export interface Bench {
  readonly server: PlaybackServer;
  readonly provider: Provider;
  readonly recorded: RecordedExchanges;
  call(more?: Partial<ProviderCall>): Promise<ProviderAnswer>;
  stream(more?: Partial<ProviderCall>): Promise<ProviderAnswer>;
}

/** The credential that the adapter under test is given. */
export const KEY = 'test-key';

export const JSON_TYPE = { 'content-type': 'application/json' };
export const SSE_TYPE = { 'content-type': 'text/event-stream; charset=utf-8' };
