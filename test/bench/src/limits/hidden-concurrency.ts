import { setTimeout as pause } from 'node:timers/promises';
import { installed } from './installed.js';
import type { Finding, Measure } from './measure.js';
import { changeModel, ledgerOf, meanConcurrency } from './simulated-provider.js';
import { submitBatch } from './submit-batch.js';

const LATENCY_MS = 1_000;

const CONFIG = `
providers:
  simulator: { adapter: openai, baseUrl: 'http://127.0.0.1:\${env:PENSTOCK_SIMULATOR_PORT}/v1', apiKey: '\${env:SIMULATOR_KEY}' }
deployments:
  - { id: simulator/small, provider: simulator, model: sim-small, price: { input: 1, output: 2 } }
models:
  small: { deployments: [simulator/small] }
tenants:
  - { id: acme, keys: [{ name: default, secret: '\${env:ACME_KEY}' }] }
`;

/** A provider that takes so many calls at a time and does not say how many, then other numbers. */
export const hiddenConcurrency: Measure = {
  name: 'hidden-concurrency',
  title: 'A number of calls at a time that nobody configured, and that changes',
  run(options) {
    const limits = options.short ? [40] : [40, 20, 60];
    const minutes = options.short ? 1.5 : 2.5;
    return installed(options, { config: CONFIG, replicas: { worker: 2 } }, async (installation) => {
      const { simulatorUrl, httpUrl } = installation;
      const latency = { firstTokenMs: { uniform: [LATENCY_MS / 2, LATENCY_MS * 1.5] } };
      const calls = limits.reduce((sum, limit) => sum + (limit * minutes * 60_000) / LATENCY_MS, 0);
      await changeModel(simulatorUrl, 'sim-small', { latency, limits: { concurrency: limits[0] } });
      await submitBatch(httpUrl, installation.keyOf('acme'), 'small', Math.ceil(calls * 1.3));
      while ((await ledgerOf(simulatorUrl, 'sim-small')).length === 0) await pause(50);

      const findings: Finding[] = [];
      for (const limit of limits) {
        const changedAtMs = Date.now();
        await changeModel(simulatorUrl, 'sim-small', { limits: { concurrency: limit } });
        await pause(minutes * 60_000);
        const [fromMs, toMs] = [changedAtMs + 60_000, changedAtMs + minutes * 60_000 - 2 * LATENCY_MS];
        const entries = await ledgerOf(simulatorUrl, 'sim-small');
        const used = meanConcurrency(entries, fromMs, toMs) / limit;
        const later = entries.filter(({ endedAtMs }) => endedAtMs >= fromMs && endedAtMs < toMs);
        const refused = later.filter(({ outcome }) => outcome === 'refused').length / later.length;
        findings.push(
          {
            what: `part of ${limit} used, from a minute after it holds`,
            figure: `${(used * 100).toFixed(1)} %`,
            bound: 'at least 90 %',
            met: used >= 0.9,
          },
          {
            what: 'calls refused meanwhile',
            figure: `${(refused * 100).toFixed(2)} % of ${later.length}`,
            bound: 'under 2 %',
            met: refused < 0.02,
          },
        );
      }
      return { findings, figures: { limits, latencyMs: LATENCY_MS } };
    });
  },
};
