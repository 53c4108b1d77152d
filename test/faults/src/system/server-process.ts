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

  constructor(
    private readonly spec: () => Promise<ProcessSpec>,
    private readonly probe: (pid: number) => Promise<boolean>,
    /** Removed when this process is gone. */
    private readonly dir: string,
  ) {}

  get pid(): number | undefined {
    return this.running?.exit() ? undefined : this.running?.pid;
  }

  async start(): Promise<void> {
    const spec = await this.spec();
    const running = await runProcess(spec);
    endWith(process.pid, running.pid, [this.dir]);
    await awaitReady(running, spec.logFile, () => this.probe(running.pid));
    this.running = running;
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
}
