import type { BatchFigures } from './measure-batch.js';
import { median, type SyncRow } from './measure-sync.js';

export interface BenchResults {
  /** The day. */
  readonly at: string;
  readonly machine: string;
  /** `one` or `each`: PENSTOCK_PROCESSES. */
  readonly processes: string;
  readonly runs: number;
  readonly sync: readonly SyncRow[];
  readonly batch: readonly BatchFigures[];
}

/** The results as a page of the documentation. */
export function renderReport({ at, machine, processes, runs, sync, batch }: BenchResults): string {
  const rows = sync.map((row) => {
    const peer = sync.find((other) => other.connections === row.connections && other.system !== row.system);
    const ratio = row.system === 'Penstock' && peer ? `${(row.perSecond / peer.perSecond).toFixed(2)} ×` : '';
    const figures = [
      row.perSecond.toFixed(0),
      ratio,
      row.p50Ms.toFixed(2),
      row.p99Ms.toFixed(2),
      row.cpuSecondsPerThousand.toFixed(2),
      row.residentMiB.toFixed(0),
      row.failed,
    ];
    return `| ${row.system} | ${row.connections} | ${figures.join(' | ')} |`;
  });
  const seconds = batch.map((run) => run.seconds);
  return `# Benchmark

Written by \`npm run bench\` on ${at}: ${machine}. Medians of ${runs} runs, the systems in turn, all on the same
cores with their upstream and the load generator. Absolute figures depend on the machine; compare within a table.

## Sync JSON, an upstream that answers at once

A request of 1 KB. Penstock (\`PENSTOCK_PROCESSES=${processes}\`): authentication, queue, ledger in Postgres and 1 % of the traces exported; CPU and memory
over all of its processes, nats-server and Postgres included. Data is thrown away afterwards: nats-server syncs every second,
Postgres does not wait for the disk. The peer keeps nothing.

| System | Clients | Requests/s | To the peer | p50 ms | p99 ms | CPU-s per 1,000 | MiB | Failed |
| --- | --: | --: | --: | --: | --: | --: | --: | --: |
${rows.join('\n')}

## A batch file

${batch[0]?.lines.toLocaleString('en')} lines, 20 ms upstream, 64 calls at the same time (ideal 3.125 s), from \`POST /v1/batches\` to
\`completed\`: median **${median(seconds).toFixed(2)} s** (${Math.min(...seconds).toFixed(2)} to ${Math.max(...seconds).toFixed(2)} s).
`;
}
