import { sleep, type Clock } from '@penstock/resilience';
import { awaitReady } from '../processes/await-ready.js';
import { describeExit, runProcess, type ProcessSpec, type RunningProcess } from '../processes/run-process.js';

export interface SuperviseOptions {
  readonly spec: ProcessSpec;
  /** Whether the process does its work now. */
  readonly isReady: (running: RunningProcess) => Promise<boolean>;
  readonly clock: Clock;
  /** Told, in a line, of a death and of the return. */
  readonly say: (line: string) => void;
  /** Told whenever another process has taken the name. */
  readonly onStart?: (running: RunningProcess) => void;
  /** How long the first start may take. Default 30,000. */
  readonly startWithinMs?: number;
  readonly backoff?: RestartBackoff;
}

export interface RestartBackoff {
  /** Before the first restart; doubled for each further one. */
  readonly firstMs: number;
  readonly mostMs: number;
  /** A process that was ready for this long has recovered: the next death starts from `firstMs` again. */
  readonly recoveredAfterMs: number;
}

const DEFAULT_BACKOFF: RestartBackoff = { firstMs: 250, mostMs: 30_000, recoveredAfterMs: 30_000 };

/** A process that is started again whenever it dies, until it is stopped. */
export interface Supervised {
  readonly name: string;
  /** The process there is now; one that has just died until the next one is there. */
  current(): RunningProcess;
  /** How often it was started again. */
  restarts(): number;
  /** Ends it for good. Kills it when it has not ended within `graceMs`. Safe to call twice. */
  stop(graceMs: number): Promise<void>;
  /** Ends it for good at once. */
  kill(): void;
}

/**
 * Starts a process and keeps it running. Resolves when it is ready for the first time, and rejects when it does
 * not get there: a service that never worked has a mistake in it that a restart would only hide.
 */
export async function supervise(options: SuperviseOptions): Promise<Supervised> {
  const { spec, isReady, clock, say, startWithinMs = 30_000, backoff = DEFAULT_BACKOFF } = options;
  const stopping = new AbortController();
  let restarts = 0;

  const start = async () => {
    const running = await runProcess(spec, clock);
    options.onStart?.(running);
    return running;
  };
  const ready = (running: RunningProcess) =>
    awaitReady(running, spec.logFile, () => isReady(running), { timeoutMs: startWithinMs, clock });

  let current = await start();
  await ready(current);

  const keepRunning = async () => {
    let delayMs = backoff.firstMs;
    for (;;) {
      const readySinceMs = clock.monotonicMs();
      const exit = await current.exited;
      if (stopping.signal.aborted) return;
      if (clock.monotonicMs() - readySinceMs >= backoff.recoveredAfterMs) delayMs = backoff.firstMs;
      say(`${spec.name} died (${describeExit(exit)}); it is started again in ${delayMs / 1_000} s`);
      await sleep(clock, delayMs, stopping.signal);
      delayMs = Math.min(delayMs * 2, backoff.mostMs);
      restarts++;
      try {
        current = await start();
        // Stopped in the moment between the two: what has just come up must go as well.
        if (stopping.signal.aborted) return current.signal('SIGKILL');
        await ready(current);
        say(`${spec.name} is back`);
      } catch (error) {
        if (!stopping.signal.aborted) say((error as Error).message);
      }
    }
  };
  const ended = keepRunning().catch(() => undefined);

  return {
    name: spec.name,
    current: () => current,
    restarts: () => restarts,
    async stop(graceMs) {
      stopping.abort(new Error('stopped'));
      await current.stop(graceMs);
      await ended;
    },
    kill() {
      stopping.abort(new Error('stopped'));
      current.signal('SIGKILL');
    },
  };
}
