import { mkdirSync, readFileSync, rmSync, writeFileSync, appendFileSync } from 'node:fs';
import path from 'node:path';
import { eventually, freePort } from '@penstock/testing';
import { findNatsServer, natsIsReady, natsServer, natsUrl } from '../../../../deploy/local/src/index.js';
import { TcpProxy } from '../proxy/tcp-proxy.js';
import type { Belongings } from './belongings.js';
import { ServerProcess } from './server-process.js';
import { ROOT } from './root.js';

/** A line from one server of a cluster to another. */
export interface Route {
  readonly to: string;
  readonly line: TcpProxy;
}

export interface NatsNode {
  readonly name: string;
  readonly port: number;
  readonly url: string;
  readonly process: ServerProcess;
  /** Its lines to the others. Empty for one server that stands by itself. */
  readonly routes: readonly Route[];
  /** Removes what it has stored. For a server that is stopped. */
  wipe(): void;
}

export interface NatsOptions {
  readonly dir: string;
  readonly belongings: Belongings;
  /** 1, or 3 for a cluster. */
  readonly nodes: 1 | 3;
  /** Where the one server stores, if not beside its settings. */
  readonly storeDir?: string;
  /** Its disk is too small for what the streams may come to: it is to promise the room, and to find the disk full. */
  readonly smallDisk?: boolean;
}

/** Starts one nats-server, or three that are a cluster and reach each other through proxies only. */
export async function startNats({
  dir,
  belongings,
  nodes,
  storeDir,
  smallDisk,
}: NatsOptions): Promise<readonly NatsNode[]> {
  const { path: program } = await findNatsServer({ cacheDir: path.join(ROOT, '.penstock/cache') });
  const names = nodes === 1 ? ['penstock'] : ['n1', 'n2', 'n3'];
  const clusterPorts = await Promise.all(names.map(() => freePort()));
  const started: NatsNode[] = [];
  const routes = await routesBetween(names, clusterPorts);
  for (const { line } of [...routes.values()].flat()) belongings.add(() => line.close());
  for (const [i, name] of names.entries()) {
    const home = path.join(dir, name);
    mkdirSync(home, { recursive: true });
    const port = await freePort();
    const url = natsUrl(port);
    const spec = natsServer({ program, port, dir: storeDir ?? home, syncInterval: '1s' });
    if (nodes === 3) {
      const conf = spec.args[1] ?? '';
      writeFileSync(conf, clusterSettings(name, port, home, clusterPorts[i] ?? 0, routes.get(name) ?? []));
    }
    appendFileSync(spec.args[1] ?? '', 'max_traced_msg_len: 64\n');
    if (smallDisk) promiseRoom(spec.args[1] ?? '');
    const node: NatsNode = {
      name,
      port,
      url,
      process: new ServerProcess(
        async () => spec,
        // A member of a cluster is up long before the cluster is.
        () => (nodes === 1 ? natsIsReady(url) : isListening(port)),
        home,
      ),
      routes: [...(routes.get(name) ?? [])],
      wipe: () => rmSync(path.join(storeDir ?? home, 'store'), { recursive: true, force: true }),
    };
    started.push(node);
  }
  belongings.add(() => Promise.all(started.map((node) => node.process.stopForGood())));
  await Promise.all(started.map((node) => node.process.start()));
  await Promise.all(
    started.map(({ url, name }) =>
      eventually(() => natsIsReady(url), { timeoutMs: 60_000, what: `${name} in its cluster` }),
    ),
  );
  return started;
}

/** By itself a server promises three quarters of its disk, and no stream is made that may become larger. */
function promiseRoom(conf: string): void {
  const settings = readFileSync(conf, 'utf8');
  writeFileSync(conf, settings.replace('jetstream {', 'jetstream {\n  max_file_store: 64GB'));
}

/** From each node to each other one, a line of its own. */
async function routesBetween(
  names: readonly string[],
  ports: readonly number[],
): Promise<Map<string, Route[]>> {
  const routes = new Map<string, Route[]>(names.map((name) => [name, []]));
  if (names.length === 1) return routes;
  for (const from of names) {
    for (const [i, to] of names.entries()) {
      if (from === to) continue;
      routes.get(from)?.push({ to, line: await TcpProxy.open({ port: ports[i] ?? 0 }) });
    }
  }
  return routes;
}

function clusterSettings(
  name: string,
  port: number,
  home: string,
  clusterPort: number,
  routes: readonly Route[],
): string {
  return `
listen: 127.0.0.1:${port}
server_name: ${name}
jetstream { store_dir: ${JSON.stringify(path.join(home, 'store'))}, sync_interval: "1s" }
cluster {
  name: faults
  listen: 127.0.0.1:${clusterPort}
  # Nobody is told where it really listens, so that all goes by the proxies.
  no_advertise: true
  pool_size: -1
  routes: [${routes.map(({ line }) => `"nats://127.0.0.1:${line.port}"`).join(', ')}]
}
`;
}

async function isListening(port: number): Promise<boolean> {
  const { connect } = await import('node:net');
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => (socket.destroy(), resolve(true)));
    socket.once('error', () => resolve(false));
  });
}
