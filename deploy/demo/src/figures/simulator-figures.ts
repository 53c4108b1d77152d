import type { Stage } from '../stage/stage.js';

/** What has gone through one model of the simulator. */
export interface Traffic {
  readonly calls: number;
  readonly outcomes: { readonly faulted: number };
}

/** One call that the provider charges for, by its own book. */
export interface ProviderCharge {
  readonly attempt: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export async function readTraffic(stage: Stage, model: string): Promise<Traffic> {
  const { models } = await ask<{ readonly models: Record<string, Traffic> }>(stage, 'stats');
  const traffic = models[model];
  if (!traffic) throw new Error(`the simulator has no model ${model}`);
  return traffic;
}

/** Every call the simulator charges for. */
export async function readCharges(stage: Stage): Promise<readonly ProviderCharge[]> {
  const { entries } = await ask<{ readonly entries: readonly ProviderCharge[] }>(
    stage,
    'ledger?limit=100000',
  );
  return entries.filter(({ inputTokens, outputTokens }) => inputTokens + outputTokens > 0);
}

async function ask<T>({ installation, signal }: Stage, path: string): Promise<T> {
  const answer = await fetch(`${installation.simulatorUrl}/_simulator/${path}`, { signal });
  if (!answer.ok) throw new Error(`the simulator answered ${answer.status} for ${path}`);
  return (await answer.json()) as T;
}
