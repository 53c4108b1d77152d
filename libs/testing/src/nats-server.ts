import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  awaitReady,
  findNatsServer,
  freePort,
  natsIsReady,
  natsServer,
  natsUrl,
  runProcess,
  type FoundNatsServer,
} from '../../../deploy/local/src/index.js';
import { cacheDir } from './cache-dir.js';
import { endWith } from './end-with.js';

export interface TestNatsServer {
  readonly url: string;
  readonly port: number;
  /** SIGKILL, as a crash would; the store stays as it was written. */
  kill(): Promise<void>;
  /** Starts it again on the same port and store, stopping it first when it runs. */
  restart(): Promise<void>;
  /** Stops it and removes its store. Safe to call twice. */
  stop(): Promise<void>;
}

let found: Promise<FoundNatsServer> | undefined;

/** A nats-server of one's own, with JetStream, an empty store and a free port. It must be stopped. */
export async function startNatsServer({
  syncInterval = '1s',
}: { syncInterval?: string } = {}): Promise<TestNatsServer> {
  found ??= findNatsServer({ cacheDir });
  const { path: program } = await found;
  const dir = mkdtempSync(path.join(tmpdir(), 'penstock-nats-'));
  const port = await freePort();
  const url = natsUrl(port);
  const spec = natsServer({ program, port, dir, syncInterval });

  const start = async () => {
    const server = await runProcess(spec);
    endWith(process.pid, server.pid, [dir]);
    await awaitReady(server, spec.logFile, () => natsIsReady(url));
    return server;
  };
  let server = await start();

  return {
    url,
    port,
    async kill() {
      server.signal('SIGKILL');
      await server.exited;
    },
    async restart() {
      await server.stop();
      server = await start();
    },
    async stop() {
      await server.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
