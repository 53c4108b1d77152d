import path from 'node:path';
import type { Settings } from '@penstock/config';
import { findNatsServer } from '../nats/find-nats-server.js';
import { askJetStream, whyUnfit } from '../nats/jetstream-level.js';
import { natsIsReady, natsServer, natsUrl } from '../nats/nats-server.js';
import { freePort } from '../processes/free-port.js';
import { usualPort } from './choose-ports.js';
import type { KeepRunning } from './start-installation.js';

/** Where anybody looks for a NATS server first. */
const USUAL_PORT = 4222;

/** Starts the installation's own nats-server and gives its address. */
export async function ownNats(options: {
  settings: Settings;
  root: string;
  dataDir: string;
  throwAway: boolean;
  keep: KeepRunning;
  say: (line: string) => void;
}): Promise<string> {
  const { say } = options;
  const { syncInterval } = options.settings;
  const found = await findNatsServer({ cacheDir: path.join(options.root, '.penstock', 'cache'), say });
  const port = await (options.throwAway ? freePort() : usualPort(USUAL_PORT));
  const url = natsUrl(port);
  const dir = path.join(options.dataDir, 'nats');
  await options.keep(natsServer({ program: found.path, port, dir, syncInterval }), () => natsIsReady(url));
  const sync = syncInterval === 'always' ? 'before each acceptance' : `every ${syncInterval}`;
  say(`nats-server ${found.version} (${found.origin}) is ready; jobs are synced to disk ${sync}`);
  return url;
}

/** Refuses servers that are too old or not there. Those with TLS or WebSocket are asked by the services. */
export async function givenNats(url: string): Promise<string> {
  for (const server of url.split(',').map((one) => one.trim())) {
    if (!server.startsWith('nats:')) continue;
    const unfit = whyUnfit(server, await askJetStream(server));
    if (unfit) throw new Error(unfit);
  }
  return url;
}
