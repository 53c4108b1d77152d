import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { receiveSpans } from '@penstock/telemetry';
import { direct } from './gateways/direct.js';
import type { Gateway } from './gateways/gateway.js';
import { startMusistudio } from './gateways/musistudio.js';
import { startNginx } from './gateways/nginx.js';
import { startPortkey } from './gateways/portkey.js';
import { startPenstock, type Penstock, type PenstockOptions } from './gateways/start-penstock.js';
import { startGuard, type Guard } from './machine/guard.js';
import { installPeers, type Peers } from './machine/install-peers.js';
import type { Scale } from './scale.js';
import { startUpstream, type Upstream } from './upstream/start-upstream.js';

export interface WorkbenchOptions {
  readonly root: string;
  readonly runs: number;
  readonly scale: Scale;
  /** When to stop repeating, on the clock of `performance.now()`. */
  readonly lateAtMs: number;
  /** Flags of Node for every service of Penstock. */
  readonly nodeFlags?: string;
  readonly say: (line: string) => void;
}

/** Something that could not be measured, and why. */
export interface LeftOut {
  readonly system: string;
  readonly why: string;
}

/** What all rows measure with. What a row needs is started when the first row asks for it. */
export interface Workbench {
  readonly runs: number;
  readonly scale: Scale;
  readonly upstream: Upstream;
  readonly guard: Guard;
  /** Of every Penstock that was started: names of its services by the ids of their processes. */
  readonly servicesByPid: ReadonlyMap<number, string>;
  readonly cacheDir: string;
  readonly workDir: string;
  readonly say: (line: string) => void;
  /** Whether time is up: what has been measured once is not repeated. */
  isLate(): boolean;
  /** The Penstock that most rows share. */
  penstock(): Promise<Penstock>;
  /** Another one, on data of its own; the row stops it. */
  startPenstock(options: Pick<PenstockOptions, 'syncInterval' | 'lanes'>): Promise<Penstock>;
  /** All that can be called over HTTP: Penstock, its peers, the floor, and the upstream itself. */
  gateways(): Promise<readonly Gateway[]>;
  peers(): Peers;
  /** Tells of a system that could not be measured. */
  leaveOut(system: string, error: unknown): void;
  /** Those left out since the last time of asking. */
  takeLeftOut(): readonly LeftOut[];
  close(): Promise<void>;
}

export async function openWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  const { root, say } = options;
  const cacheDir = path.join(root, '.penstock/cache/bench');
  mkdirSync(cacheDir, { recursive: true });
  const workDir = mkdtempSync(path.join(tmpdir(), 'penstock-bench-'));
  const guard = startGuard();
  guard.remove(workDir);
  const spans = await receiveSpans();
  const upstream = await startUpstream();
  guard.watch(upstream.pid);
  const running: Gateway[] = [];
  const servicesByPid = new Map<number, string>();
  let leftOut: LeftOut[] = [];
  const absent: LeftOut[] = [];
  let peers: Peers | undefined;
  let own: Promise<Penstock> | undefined;
  let gateways: Promise<readonly Gateway[]> | undefined;

  const bench: Workbench = {
    ...options,
    upstream,
    guard,
    servicesByPid,
    cacheDir,
    workDir,
    isLate: () => performance.now() > options.lateAtMs,
    penstock: () => (own ??= bench.startPenstock({}).then(keep)),
    async startPenstock(chosen) {
      const penstock = await startPenstock({
        ...chosen,
        ...(options.nodeFlags !== undefined && { nodeFlags: options.nodeFlags }),
        root,
        workDir,
        upstream,
        guard,
        // The receiver would keep every trace: what is sampled is left to the default, 1 %.
        traceEnv: { ...spans.env, OTEL_TRACES_SAMPLER: undefined },
      });
      for (const name of Object.keys(penstock.installation.adminUrls)) {
        const pid = penstock.installation.process(name)?.pid;
        if (pid !== undefined) servicesByPid.set(pid, name);
      }
      return penstock;
    },
    async gateways() {
      const all = await (gateways ??= startAll());
      leftOut.push(...absent);
      return all;
    },
    peers: () => (peers ??= installPeers(path.join(root, 'test/bench/peers'), cacheDir, say)),
    leaveOut(system, error) {
      const why = error instanceof Error ? error.message : String(error);
      say(`  ${system} is left out: ${why}`);
      leftOut.push({ system, why: why.split('\n')[0] ?? '' });
    },
    takeLeftOut() {
      const taken = leftOut;
      leftOut = [];
      return taken;
    },
    async close() {
      for (const gateway of running) await gateway.stop();
      upstream.stop();
      await spans.close();
      rmSync(workDir, { recursive: true, force: true });
      guard.dismiss();
    },
  };
  return bench;

  async function startAll(): Promise<readonly Gateway[]> {
    const started: Gateway[] = [await bench.penstock()];
    const others: readonly (readonly [string, () => Promise<Gateway>])[] = [
      ['@portkey-ai/gateway', () => startPortkey(upstream, bench.peers())],
      ['@musistudio/llms', () => startMusistudio(upstream, bench.peers())],
      ['nginx', () => startNginx(upstream, cacheDir, workDir)],
    ];
    for (const [name, start] of others) {
      try {
        const gateway = keep(await start());
        for (const pid of gateway.pids()) guard.watch(pid);
        started.push(gateway);
      } catch (error) {
        bench.leaveOut(name, error);
        absent.push(...bench.takeLeftOut());
      }
    }
    return [...started, direct(upstream)];
  }

  function keep<G extends Gateway>(gateway: G): G {
    running.push(gateway);
    return gateway;
  }
}
