import type { ProviderEntry } from '../judge/tables.js';

const MODELS = ['sim-small', 'sim-large', 'sim-flaky'];

/** Makes a model behave otherwise from its next call on. */
export async function simulateModel(url: string, model: string, behaviour: object): Promise<void> {
  const response = await fetch(`${url}/_simulator/models/${model}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(behaviour),
  });
  if (!response.ok) throw new Error(`the simulator refused: ${await response.text()}`);
}

/** No faults, no latency, no limits. */
export async function soundModels(url: string): Promise<void> {
  for (const model of MODELS) {
    await simulateModel(url, model, { faults: [], latency: { firstTokenMs: 0, tokensPerSecond: null } });
  }
}

/** Every call that ended after the sequence `after`, as the provider wrote it down. */
export async function providerLedger(url: string, after: number): Promise<ProviderEntry[]> {
  const all: ProviderEntry[] = [];
  for (let from: number | undefined = after; from !== undefined;) {
    const page = (await (await fetch(`${url}/_simulator/ledger?after=${from}&limit=10000`)).json()) as {
      entries: ProviderEntry[];
      next?: number;
    };
    all.push(...page.entries);
    from = page.next;
  }
  return all;
}

export async function lastCall(url: string): Promise<number> {
  return (await providerLedger(url, 0)).at(-1)?.sequence ?? 0;
}

/** Calls that the provider is working on now. */
export async function callsUnderWay(url: string): Promise<number> {
  const stats = (await (await fetch(`${url}/_simulator/stats`)).json()) as {
    models: Record<string, { inFlight: number }>;
  };
  return Object.values(stats.models).reduce((sum, { inFlight }) => sum + inFlight, 0);
}
