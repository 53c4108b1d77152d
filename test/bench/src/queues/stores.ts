import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync } from 'node:fs';
import path from 'node:path';
import {
  awaitReady,
  freePort,
  postgresIsReady,
  postgresServer,
  postgresUrl,
  runProcess,
} from '../../../../deploy/local/src/index.js';
import { findProgram } from '../machine/debian-program.js';
import { listening, stopper } from '../machine/listening.js';
import type { Workbench } from '../workbench.js';

/** A server that a queue keeps its jobs in. */
export interface Store {
  readonly url: string;
  readonly pid: number;
  readonly version: string;
  stop(): Promise<unknown>;
}

/** When a store has a job on disk: every second, or before it says that it has the job. */
export type Durability = 'everysec' | 'always';

/** Redis with its append-only file, and no snapshots beside it. */
export async function startRedis(bench: Workbench, durability: Durability): Promise<Store> {
  const program = await findProgram(
    {
      name: 'redis-server',
      packages: ['redis-tools', 'liblzf1', 'libjemalloc2', 'libatomic1'],
      file: 'usr/bin/redis-check-rdb',
      versionFlag: '--version',
    },
    bench.cacheDir,
  );
  const port = await freePort();
  const dir = mkdtempSync(path.join(bench.workDir, 'redis-'));
  const flags = { port, dir, bind: '127.0.0.1', save: '', appendonly: 'yes', appendfsync: durability };
  const args = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const child = spawn(program.command, args, { stdio: 'ignore', env: { ...process.env, ...program.env } });
  await listening(port, child, 'redis-server');
  const pid = child.pid ?? 0;
  bench.guard.watch(pid);
  const stop = stopper(child);
  return {
    url: `redis://127.0.0.1:${port}`,
    pid,
    version: program.version,
    stop: async () => {
      await stop();
      bench.guard.release(pid);
    },
  };
}

/** Postgres as it is by default: a commit is on disk before it is answered. */
export async function startPostgres(bench: Workbench): Promise<Store> {
  const dir = path.join(mkdtempSync(path.join(bench.workDir, 'postgres-')), 'server');
  mkdirSync(dir, { recursive: true });
  const port = await freePort();
  const password = 'bench';
  const spec = await postgresServer({ port, dir, password });
  const running = await runProcess(spec);
  bench.guard.watch(running.pid);
  await awaitReady(running, spec.logFile, async () => postgresIsReady(dir, running.pid));
  return {
    url: postgresUrl(port, password),
    pid: running.pid,
    version: '',
    stop: async () => {
      await running.stop();
      bench.guard.release(running.pid);
    },
  };
}
