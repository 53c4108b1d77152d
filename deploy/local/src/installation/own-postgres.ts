import path from 'node:path';
import { postgresIsReady, postgresServer, postgresUrl } from '../postgres/postgres-server.js';
import { freePort } from '../processes/free-port.js';
import { usualPort } from './choose-ports.js';
import type { KeepRunning } from './start-installation.js';

/** Where anybody looks for a Postgres first. */
const USUAL_PORT = 5432;

/** Starts the installation's own Postgres and gives its address. */
export async function ownPostgres(options: {
  password: string;
  dataDir: string;
  throwAway: boolean;
  durable: boolean;
  keep: KeepRunning;
  say: (line: string) => void;
}): Promise<string> {
  const { password, throwAway, durable } = options;
  const port = await (throwAway ? freePort() : usualPort(USUAL_PORT));
  const dir = path.join(options.dataDir, 'postgres');
  await options.keep(await postgresServer({ port, dir, password, durable }), async ({ pid }) =>
    postgresIsReady(dir, pid),
  );
  options.say('Postgres is ready');
  return postgresUrl(port, password);
}
