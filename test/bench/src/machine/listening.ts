import type { ChildProcess } from 'node:child_process';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

const START_WITHIN_MS = 20_000;

/** Resolves when something listens on the port; rejects when the process ends before, or takes too long. */
export async function listening(port: number, child: ChildProcess, name: string): Promise<void> {
  let failure: Error | undefined;
  child.once('error', (error) => (failure = error));
  const giveUpAtMs = performance.now() + START_WITHIN_MS;
  while (!(await answers(port))) {
    if (failure) throw failure;
    if (child.exitCode !== null) throw new Error(`${name} ended at its start with code ${child.exitCode}`);
    if (performance.now() > giveUpAtMs)
      throw new Error(`${name} does not listen after ${START_WITHIN_MS} ms`);
    await pause(20);
  }
}

/** What kills a process and waits until it is gone. */
export function stopper(child: ChildProcess): () => Promise<void> {
  return async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill('SIGKILL');
    await gone;
  };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
