import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import type { ProcessSpec } from '../processes/run-process.js';
import { askJetStream, whyUnfit } from './jetstream-level.js';

export interface NatsServerOptions {
  /** Path of the program. */
  readonly program: string;
  readonly port: number;
  /** Holds the JetStream store, the server's settings and its log. Made when absent. */
  readonly dir: string;
  /** How often JetStream syncs to disk: `always`, or an interval such as `1s`. */
  readonly syncInterval: string;
}

/** A nats-server with JetStream on 127.0.0.1, as data; writes its settings file, which the server insists on. */
export function natsServer({ program, port, dir, syncInterval }: NatsServerOptions): ProcessSpec {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const settings = path.join(dir, 'nats-server.conf');
  writeFileSync(
    settings,
    [
      `listen: 127.0.0.1:${port}`,
      'server_name: penstock',
      'jetstream {',
      `  store_dir: ${JSON.stringify(path.join(dir, 'store'))}`,
      // JetStream syncs every two minutes by default, which an accepted job must not be trusted to.
      `  sync_interval: ${JSON.stringify(syncInterval)}`,
      '}',
      '',
    ].join('\n'),
  );
  return {
    name: 'nats-server',
    command: program,
    args: ['-c', settings],
    // It shares the cores with everything else here. With a scheduler for each core it spends more on waking threads
    // than on messages: on two cores a job costs twice the CPU.
    env: { GOMAXPROCS: String(Math.max(1, Math.floor(availableParallelism() / 2))) },
    logFile: path.join(dir, 'nats-server.log'),
  };
}

export function natsUrl(port: number): string {
  return `nats://127.0.0.1:${port}`;
}

/** Whether the server is there and JetStream works. Rejects when it is there and will never do. */
export async function natsIsReady(url: string): Promise<boolean> {
  const answer = await askJetStream(url);
  if (answer.kind === 'unreachable') return false;
  const unfit = whyUnfit(url, answer);
  if (unfit) throw new Error(unfit);
  return true;
}
