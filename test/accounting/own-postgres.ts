import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import {
  awaitReady,
  freePort,
  postgresIsReady,
  postgresServer,
  postgresUrl,
  runProcess,
} from '../../deploy/local/src/index.js';

/** A Postgres that a suite may kill, since nobody else uses it. */
export interface OwnPostgres {
  readonly url: string;
  /** SIGKILL, as a crash would: what was committed is there after `start`. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Stops it and removes its data. */
  remove(): Promise<void>;
}

export async function startOwnPostgres(): Promise<OwnPostgres> {
  const dir = mkdtempSync(path.join(tmpdir(), 'penstock-own-postgres-'));
  const port = await freePort();
  const spec = await postgresServer({ port, dir, password: 'secret' });

  const start = async () => {
    const started = await runProcess(spec);
    await awaitReady(started, spec.logFile, () => Promise.resolve(postgresIsReady(dir, started.pid)));
    return started;
  };
  let server = await start();

  return {
    url: postgresUrl(port, 'secret'),
    async kill() {
      server.signal('SIGKILL');
      await server.exited;
    },
    async start() {
      server = await start();
    },
    async remove() {
      await server.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
