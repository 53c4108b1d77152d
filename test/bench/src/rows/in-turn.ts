import type { Workbench } from '../workbench.js';
import type { Cell, Figures } from './row.js';

/** One measurement of one system: figures, and how many answers were not as they should be. */
export interface Once {
  readonly figures: Figures;
  readonly failed?: number;
}

/**
 * Measures systems in turn, run by run, so that what the machine does meanwhile meets all of them, and gives medians.
 * A system that fails is left out from then on and named; the others go on.
 */
export async function inTurn<S extends { readonly name: string }>(
  bench: Workbench,
  at: string,
  systems: readonly S[],
  once: (system: S, run: number) => Promise<Once>,
): Promise<Cell[]> {
  const measured = new Map<S, Once[]>(systems.map((system) => [system, []]));
  for (let run = 0; run < bench.runs; run++) {
    for (const [system, earlier] of measured) {
      if (run > 0 && bench.isLate()) continue;
      try {
        const one = await once(system, run);
        earlier.push(one);
        bench.say(`  ${at}, ${system.name}: ${describe(one)}`);
      } catch (error) {
        bench.leaveOut(system.name, error);
        measured.delete(system);
      }
    }
  }
  return [...measured].map(([{ name: system }, runs]) => ({
    system,
    at,
    figures: medians(runs.map(({ figures }) => figures)),
    runs: runs.length,
    failed: runs.reduce((sum, { failed = 0 }) => sum + failed, 0),
  }));
}

export function median(values: readonly number[]): number {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  const middle = sorted.length / 2;
  if (sorted.length % 2 === 1) return sorted[Math.floor(middle)]!;
  return sorted.length === 0 ? NaN : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function medians(runs: readonly Figures[]): Figures {
  const names = Object.keys(runs[0] ?? {});
  return Object.fromEntries(names.map((name) => [name, median(runs.map((run) => run[name] ?? NaN))]));
}

function describe({ figures, failed = 0 }: Once): string {
  const said = Object.entries(figures).map(([name, value]) => `${name} ${value.toFixed(2)}`);
  return said.concat(failed > 0 ? [`${failed} failed`] : []).join(', ');
}
