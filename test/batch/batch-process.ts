import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const ROOT = path.join(import.meta.dirname, '../..');

const CONFIG = `
providers: { test: { adapter: openai, baseUrl: 'http://127.0.0.1:9/v1', apiKey: '\${env:TEST_KEY}' } }
deployments: [{ id: test/small, provider: test, model: small, price: { input: 1, output: 1 } }]
models: { small: { deployments: [test/small] } }
tenants: [{ id: acme, keys: [{ name: default, secret: '\${env:TEST_KEY}' }] }]
`;

/** The batch service as a process of its own, built from the sources as they are, to be killed like one. */
export class BatchProcess {
  private child: ChildProcess | undefined;
  private readonly dir = mkdtempSync(path.join(tmpdir(), 'penstock-batch-'));
  private said = '';

  constructor(private readonly servers: { readonly natsUrl: string; readonly databaseUrl: string }) {
    writeFileSync(path.join(this.dir, 'penstock.yaml'), CONFIG);
  }

  static async build(): Promise<void> {
    const nest = path.join(ROOT, 'node_modules/@nestjs/cli/bin/nest.js');
    await promisify(execFile)(process.execPath, [nest, 'build', '--all'], { cwd: ROOT });
  }

  /** Resolves when the service answers that it is up. */
  start(): Promise<void> {
    const child = spawn(process.execPath, [path.join(ROOT, 'dist/services/batch/src/main.js')], {
      cwd: ROOT,
      env: {
        PATH: process.env['PATH'],
        TEST_KEY: 'sk-test-0001',
        PENSTOCK_CONFIG: path.join(this.dir, 'penstock.yaml'),
        PENSTOCK_NATS_URL: this.servers.natsUrl,
        PENSTOCK_DATABASE_URL: this.servers.databaseUrl,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    this.said = '';
    return new Promise((resolve, reject) => {
      const hear = (text: Buffer) => {
        this.said += text.toString();
        if (this.said.includes('batch is up')) resolve();
      };
      child.stdout?.on('data', hear);
      child.stderr?.on('data', hear);
      child.once('exit', (code) => reject(new Error(`The batch service ended with ${code}: ${this.said}`)));
    });
  }

  async kill(): Promise<void> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.dir, { recursive: true, force: true });
  }
}
