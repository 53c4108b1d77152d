import type { Workbench } from '../workbench.js';
import type { LoadFigures } from '../load/run-load.js';
import { inTurn } from './in-turn.js';
import { all, compare, figureOf, say } from './judge.js';
import { measureLoad, warmUp } from './measure-load.js';
import type { Cell } from './row.js';
import { clients } from './sync.js';

const CLIENTS = [1, 16, 64, 256];
const LATENCY_MS = 50;

export interface AddedTime {
  readonly stream: boolean;
  readonly seconds: number;
  /** The time of a call that is compared, and its 99th percentile. */
  readonly times: (figures: LoadFigures) => { readonly p50Ms: number; readonly p99Ms: number };
}

/** What each system adds to an upstream of 50 ms, at four numbers of clients: its median less that of `direct`. */
export async function measureAdded(bench: Workbench, { stream, seconds, times }: AddedTime): Promise<Cell[]> {
  const gateways = await bench.gateways();
  const cells: Cell[] = [];
  for (const connections of CLIENTS) {
    const load = { connections, latencyMs: LATENCY_MS, stream };
    await warmUp(gateways, { ...load, seconds: Math.min(1, seconds) });
    const own = await inTurn(bench, clients(connections), gateways, async (gateway) => {
      const measured = await measureLoad(gateway, { ...load, seconds });
      return { figures: { ...times(measured), perSecond: measured.perSecond }, failed: measured.failed };
    });
    const floorMs = figureOf(own, 'direct', clients(connections), 'p50Ms');
    for (const cell of own) {
      cells.push({ ...cell, figures: { addedMs: cell.figures['p50Ms']! - floorMs, ...cell.figures } });
    }
  }
  return cells;
}

/** What Penstock adds at each number of clients. */
export function added(cells: readonly Cell[], system: string): number[] {
  return CLIENTS.map((connections) => figureOf(cells, system, clients(connections), 'addedMs'));
}

/** Whether each is at most its limit. */
export function within(values: readonly number[], limits: readonly number[]): boolean | undefined {
  return all(values.map((value, i) => compare(value, '<=', limits[i]!)));
}

export function sayAll(values: readonly number[]): string {
  return `+${values.map((value) => say(value)).join(' / ')} ms`;
}
