import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openConnection, type Connection } from '@penstock/messaging';
import { migrateDatabase } from '@penstock/persistence';
import { eventually, freePort } from '@penstock/testing';
import pg from 'pg';
import { postgresIsReady, postgresServer, postgresUrl } from '../../../../deploy/local/src/index.js';
import { TcpProxy } from '../proxy/tcp-proxy.js';
import { Tripwire } from '../proxy/tripwire.js';
import type { Belongings } from './belongings.js';
import { configuration, SECRETS } from './configuration.js';
import { keepLogs } from './keep-logs.js';
import { startNats, type NatsNode } from './nats-nodes.js';
import { ServerProcess } from './server-process.js';
import { Service, SERVICES, type ServiceName } from './service.js';

/** What kind of system a fault is tried on. */
export type Kind = 'single' | 'cluster' | 'small disks';

/** All of Penstock as the processes it is, before a simulated provider, with every line between them in reach. */
export interface System {
  readonly kind: Kind;
  readonly dir: string;
  readonly url: string;
  readonly httpPort: number;
  readonly simulatorUrl: string;
  readonly nats: readonly NatsNode[];
  readonly postgres: ServerProcess;
  /** Services' line to Postgres. The programme's own goes past it. */
  readonly postgresLine: TcpProxy;
  readonly services: Readonly<Record<ServiceName, Service>>;
  /** The programme's own connection, which no proxy is on. */
  readonly connection: Connection;
  readonly sql: pg.Pool;
  /** Where the stores lie, if on disks of their own. */
  readonly disks: { readonly nats: string; readonly postgres: string };
  /** Waits until every service says that it can work, and a call is answered. */
  ready(): Promise<void>;
}

/** Starts it; all of it belongs to `belongings` from the moment on at which it is there. */
export async function startSystem(
  kind: Kind,
  mountDisk: (dir: string, bytes: number) => () => void,
  belongings: Belongings,
): Promise<System> {
  const dir = mkdtempSync(path.join(tmpdir(), 'penstock-faults-'));
  belongings.add(() => rmSync(dir, { recursive: true, force: true }));
  const disks = { nats: path.join(dir, 'nats'), postgres: path.join(dir, 'postgres') };
  for (const disk of Object.values(disks)) mkdirSync(disk);
  if (kind === 'small disks') {
    belongings.add(mountDisk(disks.nats, 48 * 1024 ** 2));
    belongings.add(mountDisk(disks.postgres, 160 * 1024 ** 2));
  }
  const nats = await startNats({
    dir: disks.nats,
    belongings,
    nodes: kind === 'cluster' ? 3 : 1,
    smallDisk: kind === 'small disks',
  });

  const postgresPort = await freePort();
  const password = 'pg-canary-81c3';
  const postgresDir = path.join(disks.postgres, 'server');
  const postgres = new ServerProcess(
    () => postgresServer({ port: postgresPort, dir: postgresDir, password }),
    async (pid) => postgresIsReady(postgresDir, pid),
    disks.postgres,
  );
  belongings.add(() => postgres.stopForGood());
  await postgres.start();
  const databaseUrl = postgresUrl(postgresPort, password);
  await migrateDatabase({ url: databaseUrl, applicationName: 'faults' });
  const sql = new pg.Pool({ connectionString: databaseUrl, max: 3, application_name: 'faults' });
  sql.on('error', () => undefined);
  belongings.add(() => sql.end());
  const postgresLine = await TcpProxy.open({ port: postgresPort });
  belongings.add(() => postgresLine.close());

  const simulatorPort = await freePort();
  const httpPort = await freePort();
  const simulatorUrl = `http://127.0.0.1:${simulatorPort}`;
  const configPath = path.join(dir, 'penstock.yaml');
  writeFileSync(configPath, configuration(simulatorUrl));
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    PENSTOCK_DATABASE_URL: postgresUrl(postgresLine.port, password),
    PENSTOCK_CONFIG: configPath,
    PENSTOCK_HTTP_PORT: String(httpPort),
    PENSTOCK_REPLICAS: kind === 'cluster' ? '3' : '1',
    PENSTOCK_LOG_LEVEL: 'info',
    PROVIDER_KEY: SECRETS.provider,
    PROVIDER_HEADER: SECRETS.header,
    ACME_KEY: SECRETS.acme,
    GLOBEX_KEY: SECRETS.globex,
  };
  const simulator = new Service({ name: 'simulator', args: ['--port', String(simulatorPort)], env, dir });
  const services = {} as Record<ServiceName, Service>;
  for (const [i, name] of SERVICES.entries()) {
    const tripwire = new Tripwire();
    const lines = await Promise.all(
      nats.map(({ port }) =>
        TcpProxy.open({
          port,
          watch: () => ({ toServer: tripwire.watch('toServer'), toClient: tripwire.watch('toClient') }),
        }),
      ),
    );
    // Services find the nodes in different orders, as they would be spread over them.
    const turned = lines.map((_, at) => lines[(at + i) % lines.length] as TcpProxy);
    belongings.add(() => Promise.all(lines.map((line) => line.close())));
    const adminPort = await freePort();
    const urls = turned.map(({ port }) => `nats://127.0.0.1:${port}`).join(',');
    services[name] = new Service({
      name,
      env: { ...env, PENSTOCK_NATS_URL: urls, PENSTOCK_ADMIN_PORT: String(adminPort) },
      dir,
      adminPort,
      lines: turned,
      tripwire,
    });
  }
  const all = [simulator, ...Object.values(services)];
  belongings.add(() => Promise.all(all.map((service) => service.endForGood())));
  for (const service of all) service.start();
  const connection = await openConnection({ url: nats.map(({ url }) => url).join(','), name: 'faults' });
  belongings.add(() => connection.close());

  const url = `http://127.0.0.1:${httpPort}`;
  const system: System = {
    kind,
    dir,
    url,
    httpPort,
    simulatorUrl,
    nats,
    postgres,
    postgresLine,
    services,
    connection,
    sql,
    disks,
    async ready() {
      await Promise.all(Object.values(services).map((service) => service.ready()));
      await eventually(() => isAnswering(url), { timeoutMs: 60_000, what: 'an answer' });
    },
  };
  try {
    await system.ready();
  } catch (error) {
    const kept = keepLogs(dir, `not-started-${path.basename(dir)}`);
    throw new Error(`what it wrote down is in ${kept}: ${String(error)}`, { cause: error });
  }
  return system;
}

async function isAnswering(url: string): Promise<boolean> {
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${SECRETS.acme}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'steady', messages: [{ role: 'user', content: 'Are you there?' }] }),
    // One that is never answered is a finding, and soon.
    signal: AbortSignal.timeout(20_000),
  });
  await response.arrayBuffer();
  return response.ok;
}
