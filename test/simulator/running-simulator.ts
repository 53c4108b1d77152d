import { seededRandom, systemClock } from '@penstock/resilience';
import { fetch } from 'undici';

import type { LedgerEntry } from '../../services/simulator/src/ledger/ledger-entry.js';
import type { TrafficFigures } from '../../services/simulator/src/ledger/traffic.js';
import type { SimulatorOptions } from '../../services/simulator/src/simulator-options.js';
import { startSimulator } from '../../services/simulator/src/start-simulator.js';

/** A simulator on a free port, and what a test asks of it over HTTP. */
export async function runSimulator(options: Partial<SimulatorOptions> = {}) {
  const running = await startSimulator({ clock: systemClock, random: seededRandom(9), ...options });
  const { url } = running;
  return {
    url,
    close: () => running.close(),
    /** Posts JSON; the response as undici gives it. */
    post: (path: string, body: unknown, headers: Record<string, string> = {}, signal?: AbortSignal) =>
      fetch(`${url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
        ...(signal && { signal }),
      }),
    async change(model: string, patch: object): Promise<void> {
      const response = await this.post(`/_simulator/models/${model}`, patch);
      if (!response.ok) throw new Error(await response.text());
    },
    async ledger(query = ''): Promise<LedgerEntry[]> {
      const response = await fetch(`${url}/_simulator/ledger${query}`);
      return ((await response.json()) as { entries: LedgerEntry[] }).entries;
    },
    async figures(model: string): Promise<TrafficFigures> {
      const response = await fetch(`${url}/_simulator/stats`);
      const { models } = (await response.json()) as { models: Record<string, TrafficFigures> };
      const figures = models[model];
      if (!figures) throw new Error(`no figures of ${model}`);
      return figures;
    },
  };
}

export type RunningSimulator = Awaited<ReturnType<typeof runSimulator>>;
