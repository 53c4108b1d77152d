import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemClock } from '@penstock/resilience';
import { eventually } from '@penstock/testing';
import { supervise, type Supervised } from './supervise.js';

const BACKOFF = { firstMs: 20, mostMs: 60, recoveredAfterMs: 60_000 };

/** A process that says it is ready by writing a file, last of all, and goes on until it is told to end. */
const STEADY = `
  process.on('SIGTERM', () => process.exit(0));
  require('node:fs').writeFileSync(process.argv[1], String(process.pid));
  setInterval(() => undefined, 1000);
`;

describe('supervise', () => {
  let dir: string;
  let kept: Supervised | undefined;
  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), 'penstock-supervise-'));
    kept = undefined;
  });
  afterEach(async () => {
    await kept?.stop(1_000);
    rmSync(dir, { recursive: true, force: true });
  });

  const start = async (script: string, said: string[] = []) => {
    const file = path.join(dir, 'ready');
    const spec = {
      name: 'steady',
      command: process.execPath,
      args: ['-e', script, file],
      logFile: path.join(dir, 'log'),
    };
    kept = await supervise({
      spec,
      isReady: async ({ pid }) => existsSync(file) && readFileSync(file, 'utf8') === String(pid),
      clock: systemClock,
      say: (line) => said.push(line),
      backoff: BACKOFF,
    });
    return kept;
  };

  it('starts a process again when it is killed, waits longer each time, and says so', async () => {
    const said: string[] = [];
    const steady = await start(STEADY, said);
    for (const round of [1, 2, 3]) {
      steady.current().signal('SIGKILL');
      await eventually(() => said.filter((line) => line === 'steady is back').length === round);
    }
    expect(steady.restarts()).toBe(3);
    expect(said.filter((line) => line.includes('died'))).toEqual([
      'steady died (signal SIGKILL); it is started again in 0.02 s',
      'steady died (signal SIGKILL); it is started again in 0.04 s',
      'steady died (signal SIGKILL); it is started again in 0.06 s',
    ]);
  });

  it('stops it for good, in good order', async () => {
    const said: string[] = [];
    const steady = await start(STEADY, said);
    const last = steady.current();
    await steady.stop(5_000);
    expect(last.exit()).toEqual({ code: 0, signal: null });
    expect([said, steady.restarts()]).toEqual([[], 0]);
  });

  it('kills what will not end in its time', async () => {
    const steady = await start(STEADY.replace('process.exit(0)', 'undefined'));
    await steady.stop(50);
    expect(steady.current().exit()).toEqual({ code: null, signal: 'SIGKILL' });
  });

  it('gives up at the first start, with what the process said', async () => {
    await expect(start(`console.error('the port is taken'); process.exit(3)`)).rejects.toThrow(
      /steady ended at start \(exit code 3\)\n {4}the port is taken/,
    );
  });

  it('stops while it waits to start again', async () => {
    const said: string[] = [];
    const steady = await start(STEADY, said);
    steady.current().signal('SIGKILL');
    await eventually(() => said.length > 0);
    await steady.stop(1_000);
    expect(steady.current().exit()).toBeDefined();
  });
});
