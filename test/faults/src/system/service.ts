import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { openSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { eventually } from '@penstock/testing';
import { lastLines } from '../../../../deploy/local/src/index.js';
import type { Moment, Tripwire } from '../proxy/tripwire.js';
import type { TcpProxy } from '../proxy/tcp-proxy.js';
import { ROOT } from './root.js';

export const SERVICES = ['accounting', 'batch', 'worker', 'router', 'ingress'] as const;

export type ServiceName = (typeof SERVICES)[number];

export interface ServiceOptions {
  readonly name: ServiceName | 'simulator';
  readonly args?: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly dir: string;
  readonly adminPort?: number;
  /** Its lines to the servers of NATS, in the order in which it tries them, and what listens on them. */
  readonly lines?: readonly TcpProxy[];
  readonly tripwire?: Tripwire;
}

/** A service as the process it is. */
export class Service {
  readonly logFile: string;
  private readonly clockFile: string;
  private child: ChildProcess | undefined;
  private over = false;

  constructor(private readonly options: ServiceOptions) {
    this.logFile = path.join(options.dir, `${options.name}.log`);
    this.clockFile = path.join(options.dir, `${options.name}.clock`);
    writeFileSync(this.clockFile, '0');
  }

  get name(): string {
    return this.options.name;
  }

  get lines(): readonly TcpProxy[] {
    return this.options.lines ?? [];
  }

  get pid(): number | undefined {
    const { child } = this;
    return child && child.exitCode === null && child.signalCode === null ? child.pid : undefined;
  }

  start(): void {
    if (this.over) throw new Error('It was ended for good.');
    const { name, args = [], env } = this.options;
    const log = openSync(this.logFile, 'a');
    const shift = path.join(ROOT, 'test/faults/src/system/clock-shift.mjs');
    const main = path.join(ROOT, 'dist/services', name, 'src/main.js');
    this.child = spawn(process.execPath, ['--import', shift, main, ...args], {
      env: { ...env, FAULTS_CLOCK_FILE: this.clockFile },
      stdio: ['ignore', log, log],
      cwd: ROOT,
    });
  }

  /** Ends it and waits until it is gone. SIGKILL: nothing is drained, nothing is said. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const { child } = this;
    if (!child || this.pid === undefined) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  }

  /** Kills it, and whatever still wants to start it again is refused. */
  async endForGood(): Promise<void> {
    this.over = true;
    this.thaw();
    await this.end('SIGKILL');
  }

  async restart(): Promise<void> {
    await this.end('SIGKILL');
    this.start();
  }

  freeze(): void {
    this.child?.kill('SIGSTOP');
  }

  thaw(): void {
    this.child?.kill('SIGCONT');
  }

  /** Kills it at a moment of its conversation with NATS, the `nth` time that it comes; false when it does not come in time. */
  async killAt(moment: Moment, nth: number, withinMs: number): Promise<boolean> {
    const { tripwire } = this.options;
    const { child } = this;
    if (!tripwire || !child) return false;
    const gone = once(child, 'exit').then(() => true);
    void tripwire.arm(moment, nth, () => child.kill('SIGKILL'));
    const late = new Promise<false>((resolve) => setTimeout(() => resolve(false), withinMs).unref());
    const struck = await Promise.race([gone, late]);
    if (!struck) tripwire.disarm();
    return struck;
  }

  /** Sets the clock on its wall forward or back. */
  shiftClock(offsetMs: number): void {
    writeFileSync(this.clockFile, String(offsetMs));
    this.child?.kill('SIGUSR2');
  }

  /** Waits until it says of itself that it can work. One that has ended never will, and its last words say why. */
  async ready(timeoutMs = 120_000): Promise<void> {
    if (this.options.adminPort === undefined) return;
    await eventually(async () => this.pid === undefined || (await this.isReady()), {
      timeoutMs,
      what: `${this.name} ready`,
    });
    if (this.pid === undefined) {
      throw new Error(`${this.name} ended before it was ready${lastLines(this.logFile)}`);
    }
  }

  async isReady(): Promise<boolean> {
    const { adminPort } = this.options;
    return fetch(`http://127.0.0.1:${adminPort ?? 0}/readyz`, { signal: AbortSignal.timeout(3_000) }).then(
      ({ ok }) => ok,
      () => false,
    );
  }
}
