import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemClock } from '@penstock/resilience';
import { identify, isAlive } from './process-identity.js';
import { RunRecord } from './run-record.js';

describe('RunRecord', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), 'penstock-record-'));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));
  const open = (said: string[] = []) => RunRecord.open(dir, systemClock, (line) => said.push(line));
  const file = () => path.join(dir, 'running.json');

  it('lets one start at a time have the directory, and the next one when it is done', async () => {
    const first = await open();
    await expect(open()).rejects.toThrow(
      new RegExp(`already running on .*\\(process ${process.pid}\\).*PENSTOCK_DATA_DIR`),
    );
    first.close();
    expect(existsSync(file())).toBe(false);
    (await open()).close();
  });

  it('ends what a start that was killed left running, and nothing else', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'ignore' });
    const ended = new Promise((resolve) => child.once('exit', (_code, signal) => resolve(signal)));
    const gone = { pid: 2 ** 30, startedAt: '1' };
    const reused = { name: 'reused', pid: process.pid, startedAt: 'long ago' };
    const orphan = { name: 'router', ...identify(child.pid as number) };
    writeFileSync(file(), JSON.stringify({ owner: gone, processes: [orphan, reused] }));

    const said: string[] = [];
    const record = await open(said);
    await expect(ended).resolves.toBe('SIGINT');
    expect(said).toEqual([`stopping router, left over from a start that was killed (process ${child.pid})`]);
    record.close();
  });

  it('keeps the processes that run now', async () => {
    const record = await open();
    record.add('router', process.pid);
    record.add('router', process.ppid);
    const { processes } = JSON.parse(readFileSync(file(), 'utf8')) as { processes: { pid: number }[] };
    expect(processes.map(({ pid }) => pid)).toEqual([process.ppid]);
    record.close();
  });
});

describe('isAlive', () => {
  it('tells a process from another one with its number', () => {
    expect(isAlive(identify(process.pid))).toBe(true);
    expect(isAlive({ pid: process.pid, startedAt: 'at another time' })).toBe(false);
    expect(isAlive({ pid: 2 ** 30, startedAt: '' })).toBe(false);
  });
});
