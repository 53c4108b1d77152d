import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { eventually } from '@penstock/testing';
import { canMountDisks } from './src/system/small-disk.js';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** With disks of its own, where mounting is permitted. What runs is what was built last. */
const FAULT = canMountDisks() ? 'disk-full-postgres' : 'postgres-cut';

interface Running {
  readonly pid: number;
  readonly command: string;
}

/** All that was started by a process, however deep. */
function startedBy(pid: number | undefined): Running[] {
  const all = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' })
    .split('\n')
    .flatMap((line) => {
      const [, own, parent, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
      return command === undefined ? [] : [{ pid: Number(own), parent: Number(parent), command }];
    });
  const below = (parent: number | undefined): Running[] =>
    all.filter((one) => one.parent === parent).flatMap((one) => [one, ...below(one.pid)]);
  return below(pid);
}

const lives = ({ pid, command }: Running) => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim() === command.trim();
  } catch {
    return false;
  }
};

describe('a programme of faults that is ended in the middle', () => {
  let dir: string;
  let programme: ChildProcess | undefined;
  let told: string;
  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), 'penstock-stopped-'));
    told = '';
  });
  afterEach(() => {
    programme?.kill('SIGKILL');
    rmSync(dir, { recursive: true, force: true });
  });

  const begin = () => {
    const args = ['dist/test/faults/src/faults.js', FAULT, '--runs=3'];
    const child = spawn(process.execPath, args, { cwd: ROOT, env: { ...process.env, TMPDIR: dir } });
    for (const output of [child.stdout, child.stderr]) output.on('data', (text) => (told += String(text)));
    return (programme = child);
  };
  const runs = (what: RegExp) => startedBy(programme?.pid).some(({ command }) => what.test(command));

  it.each([
    ['SIGTERM', 143, 'while its system starts', () => runs(/nats-server .*-c /)],
    ['SIGINT', 130, 'while a fault is tried', () => /^pass|^FAIL/m.test(told)],
  ] as const)(
    'leaves nothing behind: %s (%i) %s',
    async (signal, code, _when, isTime) => {
      const child = begin();
      await eventually(() => Promise.resolve(isTime()), { timeoutMs: 90_000, what: `the moment (${told})` });
      const started = startedBy(child.pid);
      expect(started.length).toBeGreaterThan(0);
      const exited = once(child, 'exit');
      child.kill(signal);
      expect(await exited).toEqual([code, null]);

      // Those that would have cleaned up after a programme that was killed take a second to see that they need not.
      await eventually(() => Promise.resolve(!started.some(lives)), {
        what: 'the end of all that was started',
      });
      expect(readFileSync('/proc/mounts', 'utf8')).not.toContain(dir);
      expect({ left: readdirSync(dir, { recursive: true }).slice(0, 20), told }).toMatchObject({ left: [] });
    },
    180_000,
  );
});
