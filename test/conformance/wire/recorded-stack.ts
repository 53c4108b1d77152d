import type { Deployment } from '@penstock/contracts';
import { STACK_DEPLOYMENTS, STACK_MODELS, startStack, type Stack } from '../../stack/start-stack.js';
import { checkExchanges } from '../published/check-exchange.js';
import { startRecordingProxy, type Exchange } from './recording-proxy.js';

/** A stack behind a recording proxy. */
export interface RecordedStack {
  readonly stack: Stack;
  /** What a client is given as Penstock's address. */
  readonly url: string;
  readonly key: string;
  /**
   * What has been answered since the last time, and held against the vendors' types: throws with all that does not
   * fit. To be called after each test.
   */
  checked(): Exchange[];
  close(): Promise<void>;
}

/**
 * Deployments of their own for calls that are made to fail: a provider's failures close its deployment for a while,
 * and nobody else shall suffer from it.
 */
const FAILING = ['limited', 'broken', 'cut'].flatMap((name) => [name, `${name}-1`, `${name}-2`]);

export async function startRecordedStack(): Promise<RecordedStack> {
  const failing = FAILING.map((name): Deployment => ({
    id: `simulator/${name}`,
    provider: 'simulator',
    upstreamModel: 'sim-small',
    price: { input: 1, output: 1 },
    limits: { concurrency: 8 },
  }));
  const stack = await startStack({
    deployments: [...STACK_DEPLOYMENTS, ...failing],
    models: [
      ...STACK_MODELS,
      ...FAILING.map((name) => ({ name, deployments: [`simulator/${name}`], maxOutputTokens: 4_096 })),
    ],
  });
  const proxy = await startRecordingProxy(stack.url);
  return {
    stack,
    url: proxy.url,
    key: stack.keys.acme,
    checked() {
      const exchanges = proxy.take();
      expect(checkExchanges(exchanges).complaints).toEqual([]);
      return exchanges;
    },
    async close() {
      await proxy.close();
      await stack.close();
    },
  };
}

/** What was thrown. */
export async function thrownBy(call: PromiseLike<unknown>): Promise<unknown> {
  try {
    await call;
  } catch (error) {
    return error;
  }
  throw new Error('Nothing was thrown.');
}
