import { setTimeout as pause } from 'node:timers/promises';
import { installed } from './installed.js';
import type { Measure } from './measure.js';
import { changeModel, ledgerOf, mostInAnyMinute } from './simulated-provider.js';
import { submitBatch } from './submit-batch.js';

const LIMIT = 100;
const MINUTE_MS = 60_000;

const CONFIG = `
providers:
  simulator: { adapter: openai, baseUrl: 'http://127.0.0.1:\${env:PENSTOCK_SIMULATOR_PORT}/v1', apiKey: '\${env:SIMULATOR_KEY}' }
deployments:
  - { id: simulator/small, provider: simulator, model: sim-small, price: { input: 1, output: 2 }, limits: { rpm: ${LIMIT} } }
models:
  small: { deployments: [simulator/small] }
tenants:
  - { id: acme, keys: [{ name: default, secret: '\${env:ACME_KEY}' }] }
`;

/** Two routers and three workers, a limit by the minute, and always more to do. */
export const sharedMinute: Measure = {
  name: 'shared-minute',
  title: `Two routers and three workers share ${LIMIT} requests a minute`,
  run(options) {
    const minutes = options.short ? 2 : 5;
    return installed(
      options,
      { config: CONFIG, replicas: { router: 2, worker: 3 } },
      async (installation) => {
        const { simulatorUrl, httpUrl } = installation;
        // The provider limits nothing, so that whatever is too much is let in and counted.
        await changeModel(simulatorUrl, 'sim-small', {
          latency: { firstTokenMs: { uniform: [200, 1_500] } },
        });
        await submitBatch(httpUrl, installation.keyOf('acme'), 'small', LIMIT * (minutes + 2));
        let starts: number[] = [];
        while ((starts.at(-1) ?? 0) - (starts[0] ?? 0) < minutes * MINUTE_MS) {
          await pause(1_000);
          starts = (await ledgerOf(simulatorUrl, 'sim-small'))
            .map(({ startedAtMs }) => startedAtMs)
            .sort((a, b) => a - b);
        }
        const firstMs = starts[0]!;
        const within = (fromMs: number) =>
          starts.filter((atMs) => atMs >= fromMs && atMs < fromMs + MINUTE_MS).length;
        const byMinute = Array.from({ length: minutes }, (_, minute) => within(firstMs + minute * MINUTE_MS));
        // Any minute that begins after the burst of the start has left the window.
        const sliding = [];
        for (let fromMs = firstMs + MINUTE_MS; fromMs <= firstMs + (minutes - 1) * MINUTE_MS; fromMs += 250)
          sliding.push(within(fromMs));
        const most = await mostInAnyMinute(simulatorUrl, 'sim-small');
        const least = Math.min(...byMinute);
        return {
          findings: [
            {
              what: 'most calls in any minute, as the provider counts',
              figure: String(most),
              bound: `at most ${LIMIT}`,
              met: most <= LIMIT,
            },
            {
              what: `fewest in one of ${minutes} minutes on end`,
              figure: `${least} (${byMinute.join(', ')})`,
              bound: `at least ${LIMIT * 0.95}`,
              met: least >= LIMIT * 0.95,
            },
          ],
          figures: { byMinute, most, fewestInAnyLaterMinute: Math.min(...sliding) },
        };
      },
    );
  },
};
