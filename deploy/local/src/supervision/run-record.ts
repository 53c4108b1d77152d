import { existsSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { sleep, type Clock } from '@penstock/resilience';
import { identify, isAlive, type ProcessIdentity } from './process-identity.js';

interface Recorded extends ProcessIdentity {
  readonly name: string;
}

interface Contents {
  readonly owner: ProcessIdentity;
  readonly processes: readonly Recorded[];
}

/**
 * What runs on a data directory, written beside the data: so that a second start is refused, and so that what
 * outlived a start that was killed is found and ended before it meets its successors.
 */
export class RunRecord {
  private readonly processes = new Map<string, Recorded>();

  private constructor(
    private readonly file: string,
    private readonly owner: ProcessIdentity,
  ) {}

  /** Rejects when a start is alive on the directory. `say` is told of each process that was left over. */
  static async open(dataDir: string, clock: Clock, say: (line: string) => void): Promise<RunRecord> {
    const file = path.join(dataDir, 'running.json');
    const record = new RunRecord(file, identify(process.pid));
    while (!record.claim()) {
      const former = read(file);
      if (former && isAlive(former.owner)) {
        throw new Error(
          `Penstock is already running on ${dataDir} (process ${former.owner.pid}). Stop it, or set PENSTOCK_DATA_DIR.`,
        );
      }
      const leftOver = former?.processes.filter(isAlive) ?? [];
      for (const { name, pid } of leftOver)
        say(`stopping ${name}, left over from a start that was killed (process ${pid})`);
      await endAll(leftOver, clock);
      rmSync(file, { force: true });
    }
    return record;
  }

  add(name: string, pid: number): void {
    this.processes.set(name, { name, ...identify(pid) });
    this.write(this.file);
  }

  close(): void {
    rmSync(this.file, { force: true });
  }

  /** Linking fails when the name is taken, and what is linked is whole: no other start reads half a record. */
  private claim(): boolean {
    const mine = `${this.file}.${this.owner.pid}`;
    this.write(mine);
    try {
      linkSync(mine, this.file);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      return false;
    } finally {
      rmSync(mine, { force: true });
    }
  }

  private write(file: string): void {
    const contents: Contents = { owner: this.owner, processes: [...this.processes.values()] };
    writeFileSync(`${file}.new`, JSON.stringify(contents));
    renameSync(`${file}.new`, file);
  }
}

function read(file: string): Contents | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Contents;
  } catch {
    return undefined;
  }
}

const GRACE_MS = 10_000;

async function endAll(processes: readonly Recorded[], clock: Clock): Promise<void> {
  const signalAll = (signal: NodeJS.Signals) => {
    for (const one of processes) if (isAlive(one)) process.kill(one.pid, signal);
  };
  // Postgres takes SIGINT for "now, in good order"; the others take either.
  signalAll('SIGINT');
  const giveUpAtMs = clock.monotonicMs() + GRACE_MS;
  while (processes.some(isAlive)) {
    if (clock.monotonicMs() > giveUpAtMs) signalAll('SIGKILL');
    await sleep(clock, 50);
  }
}
