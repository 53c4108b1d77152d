/** A call as the simulator counted it. */
export interface SimulatedCall {
  readonly attempt: string;
  readonly outcome: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** All calls of a simulator, in their order. */
export async function simulatorLedger(url: string): Promise<SimulatedCall[]> {
  const entries: SimulatedCall[] = [];
  for (let after: number | undefined = 0; after !== undefined;) {
    const page = (await (await fetch(`${url}/_simulator/ledger?after=${after}&limit=1000`)).json()) as {
      entries: SimulatedCall[];
      next?: number;
    };
    entries.push(...page.entries);
    after = page.next;
  }
  return entries;
}
