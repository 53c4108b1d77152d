import { readdirSync, readFileSync } from 'node:fs';

/** Of /proc/<pid>/stat. Linux counts in hundredths of a second wherever Node runs. */
const TICKS_PER_SECOND = 100;

interface ProcessLine {
  readonly pid: number;
  readonly parent: number;
  readonly cpuSeconds: number;
  readonly residentBytes: number;
}

/** What a system's processes have used, children and theirs included. */
export interface ProcessUsage {
  readonly cpuSeconds: number;
  readonly residentMiB: number;
}

/** Adds up the processes of a system, from their own lines in /proc. */
export function usageOf(pids: readonly number[]): ProcessUsage {
  const lines = family(pids);
  return {
    cpuSeconds: lines.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
    residentMiB: lines.reduce((sum, { residentBytes }) => sum + residentBytes, 0) / 1024 ** 2,
  };
}

/** The processes, their children and theirs. */
export function withChildren(pids: readonly number[]): number[] {
  return family(pids).map(({ pid }) => pid);
}

function family(pids: readonly number[]): ProcessLine[] {
  const all = readProcesses();
  const counted = new Set(pids);
  for (let grown = true; grown;) {
    grown = false;
    for (const { pid, parent } of all) {
      if (!counted.has(parent) || counted.has(pid)) continue;
      counted.add(pid);
      grown = true;
    }
  }
  return all.filter(({ pid }) => counted.has(pid));
}

function readProcesses(): ProcessLine[] {
  const lines: ProcessLine[] = [];
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      // The command stands in parentheses and may hold anything: what is behind the last one has fixed places.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      lines.push({
        pid: Number(name),
        parent: Number(fields[1]),
        cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND,
        residentBytes: Number(fields[21]) * 4_096,
      });
    } catch {
      // It ended while we looked.
    }
  }
  return lines;
}
