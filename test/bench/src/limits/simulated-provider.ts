/** A call as the simulator's ledger has it. */
export interface LedgerEntry {
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly outcome: 'completed' | 'aborted' | 'faulted' | 'refused';
}

/** Changes how a model of the simulator behaves, from the next call on. */
export async function changeModel(simulatorUrl: string, model: string, change: object): Promise<void> {
  const response = await fetch(`${simulatorUrl}/_simulator/models/${model}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(change),
  });
  if (!response.ok) throw new Error(`the simulator refused: ${await response.text()}`);
}

/** Every call to a model, in the order in which they ended. */
export async function ledgerOf(simulatorUrl: string, model: string): Promise<LedgerEntry[]> {
  const entries: LedgerEntry[] = [];
  for (let after: number | undefined = 0; after !== undefined;) {
    const url = `${simulatorUrl}/_simulator/ledger?model=${model}&limit=100000&after=${after}`;
    const page: Page = (await (await fetch(url)).json()) as Page;
    entries.push(...page.entries);
    after = page.next;
  }
  return entries;
}

interface Page {
  readonly entries: readonly LedgerEntry[];
  /** Absent at the end. */
  readonly next?: number;
}

/** The most calls let in within any 60 seconds, as the simulator itself counted while they came. */
export async function mostInAnyMinute(simulatorUrl: string, model: string): Promise<number> {
  const stats = (await (await fetch(`${simulatorUrl}/_simulator/stats`)).json()) as {
    models: Record<string, { maxCallsInAnyMinute: number }>;
  };
  return stats.models[model]?.maxCallsInAnyMinute ?? 0;
}

/** Calls under way between two instants, on average. */
export function meanConcurrency(entries: readonly LedgerEntry[], fromMs: number, toMs: number): number {
  const busyMs = entries
    .filter(({ outcome }) => outcome !== 'refused')
    .reduce((sum, { startedAtMs, endedAtMs }) => {
      return sum + Math.max(0, Math.min(endedAtMs, toMs) - Math.max(startedAtMs, fromMs));
    }, 0);
  return busyMs / (toMs - fromMs);
}
