import { spawn, type ChildProcess } from 'node:child_process';
import { createServer } from 'node:net';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { eventually, freePort } from '@penstock/testing';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** `npm start` without npm: installs and builds what is missing, like a user's own. */
class Start {
  output = '';
  readonly child: ChildProcess;
  readonly exited: Promise<number | null>;

  constructor(dataDir: string, ports: { http: number; simulator: number }) {
    const env = Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !name.startsWith('PENSTOCK_')),
    );
    this.child = spawn(process.execPath, ['deploy/local/run.mjs', 'dist/deploy/local/src/start.js'], {
      cwd: ROOT,
      env: {
        ...env,
        PENSTOCK_DATA_DIR: dataDir,
        PENSTOCK_HTTP_PORT: String(ports.http),
        PENSTOCK_SIMULATOR_PORT: String(ports.simulator),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    }
    this.exited = new Promise((resolve) => this.child.once('exit', resolve));
  }

  says(text: string, timeoutMs = 120_000): Promise<true> {
    return eventually(() => this.output.includes(text) || this.child.exitCode !== null, {
      timeoutMs,
      what: `"${text}" in what the start says:\n${this.output}`,
    }).then(() => {
      expect(this.output).toContain(text);
      return true;
    });
  }
}

interface Running {
  readonly owner: { readonly pid: number };
  readonly processes: readonly { readonly name: string; readonly pid: number }[];
}

describe('npm start', () => {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'penstock-start-'));
  let ports: { http: number; simulator: number };
  let start: Start;

  beforeAll(async () => {
    ports = { http: await freePort(), simulator: await freePort() };
    start = new Start(dataDir, ports);
    await start.says('Ctrl-C drains');
  }, 180_000);

  afterAll(async () => {
    start.child.kill('SIGTERM');
    await start.exited;
    rmSync(dataDir, { recursive: true, force: true });
  });

  const running = () => JSON.parse(readFileSync(path.join(dataDir, 'running.json'), 'utf8')) as Running;
  const pidOf = (name: string) => running().processes.find((one) => one.name === name)?.pid as number;
  /** Makes the call that the start offers to paste. */
  const pasted = async () => {
    const [, url = ''] = /curl (\S+)/.exec(start.output) ?? [];
    const [, key = ''] = /Bearer (\S+)'/.exec(start.output) ?? [];
    const [, body = ''] = /-d '(.*)'/.exec(start.output) ?? [];
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const response = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(5_000) });
    return { key, status: response.status, body: (await response.json()) as { choices?: unknown[] } };
  };

  it('offers a call that works as it stands', async () => {
    const { status, body } = await pasted();
    expect([status, body.choices?.length]).toEqual([200, 1]);
  });

  it('refuses a second start on the same data, and says who has it', async () => {
    const second = new Start(dataDir, { http: 0, simulator: 0 });
    await expect(second.exited).resolves.toBe(1);
    expect(second.output).toMatch(/already running on .*\(process \d+\).*PENSTOCK_DATA_DIR/);
  });

  it('starts each part again that is killed, and goes on working', async () => {
    for (const name of ['router', 'worker', 'nats-server', 'postgres', 'ingress']) {
      process.kill(pidOf(name), 'SIGKILL');
      await start.says(`${name} is back`, 30_000);
      expect(start.output).toMatch(
        new RegExp(`${name} died \\(signal SIGKILL\\); it is started again in [\\d.]+ s`),
      );
    }
    await eventually(async () => (await pasted()).status === 200, {
      timeoutMs: 30_000,
      what: 'a call that works',
    });
  }, 120_000);

  it('drains and stops all of it at Ctrl-C', async () => {
    const pids = running().processes.map(({ pid }) => pid);
    start.child.kill('SIGINT');
    await expect(start.exited).resolves.toBe(0);
    expect(start.output).toMatch(/draining.*\nstopped\n$/);
    expect(pids.filter((pid) => existsSync(`/proc/${pid}/stat`))).toEqual([]);
    expect(existsSync(path.join(dataDir, 'running.json'))).toBe(false);
  }, 60_000);

  it('names a port that is in use, and leaves nothing running', async () => {
    const server = createServer().listen(ports.http, '127.0.0.1');
    const refused = new Start(dataDir, ports);
    await expect(refused.exited).resolves.toBe(1);
    server.close();
    expect(refused.output).toContain(`port ${ports.http} for HTTP is in use`);
    expect(refused.output).toContain('PENSTOCK_HTTP_PORT');
    expect(existsSync(path.join(dataDir, 'running.json'))).toBe(false);
  }, 60_000);

  it('finds its data and keys again, and clears away what a killed start left', async () => {
    const before = /Bearer (\S+)'/.exec(start.output)?.[1];
    start = new Start(dataDir, ports);
    await start.says('Ctrl-C drains');
    expect((await pasted()).key).toBe(before);

    const { owner, processes } = running();
    process.kill(owner.pid, 'SIGKILL');
    await start.exited;
    start = new Start(dataDir, ports);
    await start.says('Ctrl-C drains');
    expect(start.output).toContain(`stopping router, left over from a start that was killed`);
    expect(processes.filter(({ pid }) => existsSync(`/proc/${pid}/stat`))).toEqual([]);
    expect((await pasted()).status).toBe(200);
  }, 120_000);

  it('refuses settings it does not know', async () => {
    const child = spawn(process.execPath, ['deploy/local/run.mjs', 'dist/deploy/local/src/start.js'], {
      cwd: ROOT,
      env: { ...process.env, PENSTOCK_HTTP_PROT: '1' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    await expect(new Promise((resolve) => child.once('close', resolve))).resolves.toBe(1);
    expect(said).toMatch(/PENSTOCK_HTTP_PROT is not a setting; there are PENSTOCK_HTTP_PORT/);
  });
});
