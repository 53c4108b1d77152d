import { runOnce, type RunResult } from './run-once.js';
import { Belongings } from './system/belongings.js';
import { keepLogs } from './system/keep-logs.js';
import type { Scenario } from './scenarios/scenario.js';
import { canMountDisks, mountDisk } from './system/small-disk.js';
import { startSystem, type Kind, type System } from './system/start-system.js';

export interface ProgrammeOptions {
  readonly scenarios: readonly Scenario[];
  /** Runs of each fault. */
  readonly runs: number;
  readonly seed: number;
  readonly long: boolean;
  readonly say: (line: string) => void;
  /** What everything that is started belongs to, for whoever may have to end it in the middle. */
  readonly belongings: Belongings;
}

/** What came of one fault. */
export interface FaultResult {
  readonly scenario: Pick<Scenario, 'name' | 'fault' | 'shows'>;
  readonly runs: readonly RunResult[];
  /** Why it was not tried at all. */
  readonly skipped?: string;
}

/**
 * Faults of a kind follow each other on one system. They mostly wait, and systems have nothing in common: those of a
 * cluster, and of small disks after them, are tried beside those of a single server.
 */
const TRACKS: readonly (readonly Kind[])[] = [['single'], ['cluster', 'small disks']];

/** Runs every fault so many times. */
export async function runProgramme(options: ProgrammeOptions): Promise<FaultResult[]> {
  const tracks = await Promise.allSettled(TRACKS.map((kinds) => runTrack(options, kinds)));
  const results = tracks.flatMap((track) => {
    if (track.status === 'rejected') throw track.reason;
    return track.value;
  });
  return options.scenarios.flatMap(({ name }) => results.filter(({ scenario }) => scenario.name === name));
}

/**
 * Runs the faults of these kinds, kind by kind. One system serves one fault after another for as long as all goes well;
 * after a run that failed the next one begins on a fresh one.
 */
async function runTrack(options: ProgrammeOptions, kinds: readonly Kind[]): Promise<FaultResult[]> {
  const { runs, seed, long, say, belongings } = options;
  const scenarios = kinds.flatMap((kind) => options.scenarios.filter((scenario) => scenario.kind === kind));
  const results: FaultResult[] = [];
  let system: System | undefined;
  let itsBelongings = new Belongings();
  const close = async () => {
    system = undefined;
    await itsBelongings.release();
  };
  const on = async (kind: Kind) => {
    if (system?.kind !== kind) {
      await close();
      say(`starting a system (${kind})`);
      const mine = (itsBelongings = new Belongings());
      belongings.add(() => mine.release());
      system = await startSystem(kind, mountDisk, mine);
    }
    return system;
  };
  try {
    for (const scenario of scenarios) {
      if (scenario.kind === 'small disks' && !canMountDisks()) {
        results.push({ scenario, runs: [], skipped: 'mounting a file system is not permitted here' });
        continue;
      }
      const done: RunResult[] = [];
      let skipped: string | undefined;
      for (let round = 0; round < runs; round++) {
        const started = await on(scenario.kind).catch((error: unknown) => error as Error);
        if (started instanceof Error) {
          say(`FAIL  ${scenario.name}: its system did not start: ${started.message}`);
          skipped = `its system did not start: ${started.message}`;
          break;
        }
        const result = await runOnce(started, scenario, { seed: seed + round, round, long });
        done.push(result);
        const kept = result.passed ? '' : `\n      what it wrote down is in ${keepLogs(started, result.run)}`;
        say(`${lineOf(scenario, result)}${kept}`);
        if (!result.passed) await close();
      }
      results.push({ scenario, runs: done, ...(skipped !== undefined && { skipped }) });
    }
  } finally {
    await close();
  }
  return results;
}

function lineOf(
  { name }: Scenario,
  { passed, seed, seconds, breaches, failed, figures, notes }: RunResult,
): string {
  const counts = ['sent', 'accepted', 'outcomes', 'calls', 'ledger', 'estimated']
    .map((figure) => `${figures[figure] ?? 0} ${figure}`)
    .join(', ');
  const noted = Object.entries(notes).map(([what, value]) => `${what}: ${value}`);
  const told = [counts, ...noted].join(', ');
  const lines = [`${passed ? 'pass' : 'FAIL'}  ${name}  seed ${seed}  ${seconds} s  ${told}`];
  for (const { invariant, asks, count, examples } of breaches)
    lines.push(`      ${invariant} ${asks}: ${count}  ${JSON.stringify(examples)}`);
  for (const what of failed) lines.push(`      ${what}`);
  return lines.join('\n');
}
