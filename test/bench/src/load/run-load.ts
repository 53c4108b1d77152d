import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

export interface Load {
  readonly url: string;
  readonly connections: number;
  readonly seconds: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** What a good answer has. Default 200. */
  readonly status?: number;
}

/** What the load generator saw; times are NaN when nothing was answered. */
export interface LoadFigures {
  readonly answered: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** From the request to the first byte of the answer's body. */
  readonly firstByteP50Ms: number;
  readonly firstByteP99Ms: number;
  /** Answers that were not as they should be, and connections that broke. */
  readonly failed: number;
  /** The same by why. */
  readonly failures: Readonly<Record<string, number>>;
}

/** How long the generator may take beyond its time, its own wait for late answers included. */
const GRACE_MS = 20_000;

/** Runs the load generator once. */
export async function runLoad(load: Load): Promise<LoadFigures> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      path.join(import.meta.dirname, 'load-generator.js'),
      ...['--url', load.url, '--body', load.body, '--headers', JSON.stringify(load.headers)],
      ...['--connections', String(load.connections), '--seconds', String(load.seconds)],
      ...['--status', String(load.status ?? 200)],
    ],
    { timeout: Math.ceil(load.seconds * 1_000) + GRACE_MS, killSignal: 'SIGKILL' },
  );
  const figures = JSON.parse(stdout) as Omit<LoadFigures, 'failed'>;
  const known = (ms: number | null) => ms ?? NaN;
  return {
    ...figures,
    p50Ms: known(figures.p50Ms),
    p99Ms: known(figures.p99Ms),
    firstByteP50Ms: known(figures.firstByteP50Ms),
    firstByteP99Ms: known(figures.firstByteP99Ms),
    failed: Object.values(figures.failures).reduce((a, b) => a + b, 0),
  };
}
