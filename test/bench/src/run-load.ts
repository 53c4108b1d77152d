import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

export interface Load {
  readonly url: string;
  readonly connections: number;
  readonly seconds: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What the load generator saw. */
export interface LoadFigures {
  readonly answered: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Answers other than 200, and connections that broke, by why. */
  readonly failures: Readonly<Record<string, number>>;
}

/** Runs the load generator once. */
export async function runLoad(load: Load): Promise<LoadFigures> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    path.join(import.meta.dirname, 'load-generator.js'),
    ...['--url', load.url, '--body', load.body, '--headers', JSON.stringify(load.headers)],
    ...['--connections', String(load.connections), '--seconds', String(load.seconds)],
  ]);
  return JSON.parse(stdout) as LoadFigures;
}
