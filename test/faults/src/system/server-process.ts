import { endWith } from '@penstock/testing';
import {
  awaitReady,
  runProcess,
  type ProcessSpec,
  type RunningProcess,
} from '../../../../deploy/local/src/index.js';

/** A server that can be killed, frozen, stopped and started again on the store it has. */
export class ServerProcess {
  private running: RunningProcess | undefined;
  private starting: Promise<void> | undefined;
  private over = false;

  constructor(
    private readonly spec: () => Promise<ProcessSpec>,
    private readonly probe: (pid: number) => Promise<boolean>,
    /** Removed when this process is gone. */
    private readonly dir: string,
  ) {}

  get pid(): number | undefined {
    return this.running?.exit() ? undefined : this.running?.pid;
  }

  start(): Promise<void> {
    this.starting = this.begin();
    return this.starting;
  }

  private async begin(): Promise<void> {
    // Before the spec, which makes folders: what was stopped for good has none any more.
    if (this.over) throw new Error('It was stopped for good.');
    const spec = await this.spec();
    if (this.over) throw new Error('It was stopped for good.');
    const running = await runProcess(spec);
    this.running = running;
    endWith(process.pid, running.pid, [this.dir]);
    if (this.over) await this.stop();
    await awaitReady(running, spec.logFile, () => this.probe(running.pid));
  }

  async kill(): Promise<void> {
    this.running?.signal('SIGKILL');
    await this.running?.exited;
  }

  /** Stands still with all its sockets open. */
  freeze(): void {
    this.running?.signal('SIGSTOP');
  }

  thaw(): void {
    this.running?.signal('SIGCONT');
  }

  async stop(): Promise<void> {
    this.thaw();
    await this.running?.stop();
  }

  /** Stops it, and whatever still wants to start it again is refused. */
  async stopForGood(): Promise<void> {
    this.over = true;
    await this.stop();
    // One that is under way may be making folders just now.
    await this.starting?.catch(() => undefined);
  }
}
