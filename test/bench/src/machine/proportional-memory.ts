import { readFileSync } from 'node:fs';
import { withChildren } from './process-usage.js';

/**
 * Memory of processes and their children with what they share counted once: a page that n processes map is a n-th of
 * each. NaN when the system does not tell, as of processes of another user.
 */
export function proportionalMiB(pids: readonly number[]): number {
  let kib = 0;
  for (const pid of withChildren(pids)) {
    try {
      const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
      kib += Number(/^Pss: +(\d+)/m.exec(rollup)?.[1] ?? NaN);
    } catch {
      return NaN;
    }
  }
  return kib / 1024;
}
