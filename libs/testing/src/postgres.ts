import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import {
  awaitReady,
  freePort,
  postgresIsReady,
  postgresServer,
  postgresUrl,
  runProcess,
} from '../../../deploy/local/src/index.js';
import { endWith } from './end-with.js';
import { eventually } from './eventually.js';

export interface TestPostgres {
  /** Of the cluster's first database; suites make their own with `createDatabase`. */
  readonly url: string;
}

export interface TestDatabase {
  readonly url: string;
  readonly name: string;
  /** Removes it, whoever is still connected. Safe to call twice. */
  drop(): Promise<void>;
}

/** Jest runs suites in child processes that talk to it over IPC, or in its own process with `-i`. */
const runPid = process.connected ? process.ppid : process.pid;

/**
 * The Postgres that all suites of this test run share: started by whoever needs it first, stopped when the run
 * is over. Where PENSTOCK_DATABASE_URL is given, that server is used instead.
 */
export function startPostgres(): Promise<TestPostgres> {
  shared ??= given() ?? join();
  return shared;
}

let shared: Promise<TestPostgres> | undefined;

function given(): Promise<TestPostgres> | undefined {
  const url = process.env['PENSTOCK_DATABASE_URL'];
  return url ? Promise.resolve({ url }) : undefined;
}

async function join(): Promise<TestPostgres> {
  const notice = path.join(tmpdir(), `penstock-postgres-run-${runPid}`);
  try {
    // Making a folder is atomic: exactly one of the suites that come at once gets to start the server.
    mkdirSync(notice, { mode: 0o700 });
  } catch {
    const url = await eventually(() => readUrl(notice), { timeoutMs: 60_000, what: 'the shared Postgres' });
    return { url };
  }
  try {
    const url = await start(notice);
    writeFileSync(path.join(notice, 'url.new'), url);
    renameSync(path.join(notice, 'url.new'), path.join(notice, 'url'));
    return { url };
  } catch (error) {
    rmSync(notice, { recursive: true, force: true });
    throw error;
  }
}

function readUrl(notice: string): string | undefined {
  const file = path.join(notice, 'url');
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

async function start(notice: string): Promise<string> {
  const dir = mkdtempSync(path.join(tmpdir(), 'penstock-postgres-'));
  const port = await freePort();
  const password = randomBytes(12).toString('hex');
  const spec = await postgresServer({ port, dir, password, durable: false });
  const server = await runProcess(spec);
  endWith(runPid, server.pid, [dir, notice]);
  await awaitReady(server, spec.logFile, () => Promise.resolve(postgresIsReady(dir, server.pid)));
  server.release();
  return postgresUrl(port, password);
}

/** A fresh, empty database in the shared Postgres. */
export async function createDatabase(): Promise<TestDatabase> {
  const { url } = await startPostgres();
  const name = `test_${randomBytes(8).toString('hex')}`;
  await query(url, `CREATE DATABASE ${name}`);
  const address = new URL(url);
  address.pathname = `/${name}`;
  return {
    url: address.href,
    name,
    drop: () => query(url, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

async function query(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
