import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { systemClock, type Clock } from '@penstock/resilience';

/** What it takes to run one process, as data. */
export interface ProcessSpec {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** Added to this process's own environment. `undefined` takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly uid?: number;
  readonly gid?: number;
  /** What asks it to end in good order. Default SIGTERM. */
  readonly stopSignal?: NodeJS.Signals;
  /** Where its output goes, appended. */
  readonly logFile: string;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface RunningProcess {
  readonly name: string;
  readonly pid: number;
  /** Resolves when the process is gone; never rejects. */
  readonly exited: Promise<Exit>;
  /** Undefined while it runs. */
  exit(): Exit | undefined;
  signal(signal: NodeJS.Signals): void;
  /** Asks it to end, and kills it when it has not within `graceMs`. Safe to call twice. */
  stop(graceMs?: number): Promise<Exit>;
  /** Lets this process end while that one goes on. */
  release(): void;
}

const DEFAULT_GRACE_MS = 10_000;

/**
 * Starts a process in a group of its own, so that Ctrl-C in a terminal reaches only whoever started it and the
 * order of stopping stays in one hand. Rejects when the program cannot be started at all.
 */
export async function runProcess(spec: ProcessSpec, clock: Clock = systemClock): Promise<RunningProcess> {
  const log = openSync(spec.logFile, 'a');
  let child: ChildProcess;
  try {
    child = spawn(spec.command, [...spec.args], {
      cwd: spec.cwd ?? '/',
      env: { ...process.env, ...spec.env },
      stdio: ['ignore', log, log],
      detached: true,
      ...(spec.uid === undefined ? {} : { uid: spec.uid }),
      ...(spec.gid === undefined ? {} : { gid: spec.gid }),
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', (cause) => reject(new Error(`${spec.name} cannot be started: ${cause.message}`)));
    });
  } finally {
    closeSync(log);
  }

  let exit: Exit | undefined;
  const exited = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) => {
      exit = { code, signal };
      resolve(exit);
    });
  });
  return {
    name: spec.name,
    pid: child.pid as number,
    exited,
    exit: () => exit,
    signal: (signal) => void child.kill(signal),
    async stop(graceMs = DEFAULT_GRACE_MS) {
      if (exit) return exit;
      child.kill(spec.stopSignal ?? 'SIGTERM');
      const cancel = clock.after(graceMs, () => void child.kill('SIGKILL'));
      const ended = await exited;
      cancel();
      return ended;
    },
    release: () => child.unref(),
  };
}

/** An exit in words: `exit code 1`, `signal SIGKILL`. */
export function describeExit({ code, signal }: Exit): string {
  return signal ? `signal ${signal}` : `exit code ${code ?? 'unknown'}`;
}
