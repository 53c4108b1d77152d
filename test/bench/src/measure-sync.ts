import { usageOf } from './process-usage.js';
import { runLoad, type LoadFigures } from './run-load.js';

export interface System {
  readonly name: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** All of its processes, its queue and its database included; the upstream is not one of them. */
  readonly pids: () => readonly number[];
}

/** Medians over the runs. */
export interface SyncRow {
  readonly system: string;
  readonly connections: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly cpuSecondsPerThousand: number;
  readonly residentMiB: number;
  /** Answers other than 200 in all runs together. */
  readonly failed: number;
}

const WARM_UP_SECONDS = 6;
const SECONDS = 5;

interface Run extends LoadFigures {
  readonly cpuSecondsPerThousand: number;
  readonly residentMiB: number;
}

/** Measures the systems in turn, run by run, so that what the machine does meanwhile meets all of them. */
export async function measureSync(
  systems: readonly System[],
  connections: number,
  runs: number,
  say: (line: string) => void,
): Promise<SyncRow[]> {
  const load = (system: System, seconds: number) => runLoad({ ...system, connections, seconds });
  for (const system of systems) await load(system, WARM_UP_SECONDS);
  const measured = new Map<string, Run[]>(systems.map(({ name }) => [name, []]));
  for (let run = 0; run < runs; run++) {
    for (const system of systems) {
      const before = usageOf(system.pids());
      const figures = await load(system, SECONDS);
      const after = usageOf(system.pids());
      const cpuSecondsPerThousand = ((after.cpuSeconds - before.cpuSeconds) / figures.answered) * 1_000;
      measured.get(system.name)?.push({ ...figures, cpuSecondsPerThousand, residentMiB: after.residentMiB });
      say(
        `${system.name}, ${connections} clients: ${figures.perSecond.toFixed(0)} a second, p50 ${figures.p50Ms.toFixed(2)} ms, ${cpuSecondsPerThousand.toFixed(2)} CPU-s per 1,000`,
      );
    }
  }
  return systems.map(({ name }) => {
    const own = measured.get(name) ?? [];
    const of = (figure: (run: Run) => number) => median(own.map(figure));
    return {
      system: name,
      connections,
      perSecond: of(({ perSecond }) => perSecond),
      p50Ms: of(({ p50Ms }) => p50Ms),
      p99Ms: of(({ p99Ms }) => p99Ms),
      cpuSecondsPerThousand: of((run) => run.cpuSecondsPerThousand),
      residentMiB: of((run) => run.residentMiB),
      failed: own.reduce((sum, { failures }) => sum + Object.values(failures).reduce((a, b) => a + b, 0), 0),
    };
  });
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}
