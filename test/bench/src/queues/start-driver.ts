import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Guard } from '../machine/guard.js';
import type { Command, QueueConnection, Reply } from './queue.js';

/** A process that plays a producer or a worker. */
export interface Driver {
  readonly pid: number;
  /** Has it do something; rejects when that fails, when it dies, or after `withinSeconds`. Default 120. */
  tell(command: Command, withinSeconds?: number): Promise<Reply>;
  stop(): void;
}

/** Starts one on the queue of a module: a path, and how to reach the store. */
export async function startDriver(
  module: string,
  connection: QueueConnection,
  guard: Guard,
): Promise<Driver> {
  const child = fork(
    path.join(import.meta.dirname, 'drive-queue.js'),
    [module, JSON.stringify(connection)],
    // Its last words are why it died.
    { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] },
  );
  const pid = child.pid ?? 0;
  guard.watch(pid);
  let said = '';
  child.stderr?.on('data', (bytes: Buffer) => (said = (said + bytes.toString()).slice(-2_000)));
  const reply = async (withinSeconds: number) => {
    const signal = AbortSignal.timeout(withinSeconds * 1_000);
    const died = new AbortController();
    const onExit = () => died.abort(new Error(`the driver of ${path.basename(module)} died: ${said}`));
    child.once('exit', onExit);
    try {
      const [answer] = (await once(child, 'message', {
        signal: AbortSignal.any([signal, died.signal]),
      })) as [Reply];
      if (answer.error !== undefined) throw new Error(answer.error);
      return answer;
    } catch (error) {
      if (died.signal.aborted) throw died.signal.reason;
      if (signal.aborted) throw new Error(`not done within ${withinSeconds} s`);
      throw error;
    } finally {
      child.off('exit', onExit);
    }
  };
  await reply(30);
  return {
    pid,
    tell(command, withinSeconds = 120) {
      const answered = reply(withinSeconds);
      child.send(command);
      return answered;
    },
    stop() {
      child.kill('SIGKILL');
      guard.release(pid);
    },
  };
}
