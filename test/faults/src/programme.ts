import { Agenda } from './agenda.js';
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
  /** How many systems are at work at a time. */
  readonly systems: number;
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
 * Runs every fault so many times, on so many systems side by side: they have nothing in common, and faults mostly
 * wait.
 */
export async function runProgramme(options: ProgrammeOptions): Promise<FaultResult[]> {
  const { scenarios, runs } = options;
  const possible = scenarios.filter(({ kind }) => kind !== 'small disks' || canMountDisks());
  const findings: Findings = { runs: new Map(), skipped: new Map() };
  const agenda = new Agenda(possible, runs);
  // One after another: a start takes all the cores there are, and several at once would only be late together.
  let started: Promise<unknown> = Promise.resolve();
  const start: typeof startSystem = (...system) => {
    const starting = started.then(() => startSystem(...system));
    started = starting.catch(() => undefined);
    return starting;
  };
  const systems = await Promise.allSettled(
    Array.from({ length: options.systems }, () => runAgenda(agenda, findings, start, options)),
  );
  for (const system of systems) if (system.status === 'rejected') throw system.reason;
  return scenarios.map((scenario) => {
    const skipped = possible.includes(scenario)
      ? findings.skipped.get(scenario)
      : 'mounting a file system is not permitted here';
    const done = (findings.runs.get(scenario) ?? []).toSorted((a, b) => a.seed - b.seed);
    return { scenario, runs: done, ...(skipped !== undefined && { skipped }) };
  });
}

/** What came of the runs so far. */
interface Findings {
  readonly runs: Map<Scenario, RunResult[]>;
  readonly skipped: Map<Scenario, string>;
}

/**
 * Runs what is left on one system after another. One serves for as long as all goes well; after a run that failed the
 * next one begins on a fresh one.
 */
async function runAgenda(
  agenda: Agenda,
  findings: Findings,
  start: typeof startSystem,
  options: ProgrammeOptions,
): Promise<void> {
  const { seed, long, say, belongings } = options;
  let system: System | undefined;
  let kind: Kind | undefined;
  let itsBelongings = new Belongings();
  const close = async () => {
    system = undefined;
    await itsBelongings.release();
  };
  const on = async (wanted: Kind) => {
    if (system?.kind !== wanted) {
      await close();
      say(`starting a system (${wanted})`);
      const mine = (itsBelongings = new Belongings());
      belongings.add(() => mine.release());
      system = await start(wanted, mountDisk, mine);
    }
    return system;
  };
  try {
    for (let next = agenda.next(); next !== undefined; next = agenda.next(kind)) {
      const { scenario, round } = next;
      kind = scenario.kind;
      const started = await on(kind).catch((error: unknown) => error as Error);
      if (started instanceof Error) {
        say(`FAIL  ${scenario.name}: its system did not start: ${started.message}`);
        findings.skipped.set(scenario, 'its system did not start');
        agenda.drop(scenario);
        continue;
      }
      const result = await runOnce(started, scenario, { seed: seed + round, round, long });
      findings.runs.set(scenario, [...(findings.runs.get(scenario) ?? []), result]);
      const kept = result.passed
        ? ''
        : `\n      what it wrote down is in ${keepLogs(started.dir, result.run)}`;
      say(`${lineOf(scenario, result)}${kept}`);
      if (!result.passed) await close();
    }
  } finally {
    await close();
  }
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
