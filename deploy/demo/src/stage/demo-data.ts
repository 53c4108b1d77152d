import { mkdirSync, mkdtempSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Clock } from '@penstock/resilience';
import { RunRecord } from '../../../local/src/index.js';

/** A folder for what one demo writes. */
export interface DemoData {
  readonly dir: string;
  remove(): void;
}

/**
 * Makes the folder. What a demo that was killed has left behind is ended and removed first; another one that
 * runs at the same time is left alone.
 */
export async function makeDemoData(
  root: string,
  clock: Clock,
  say: (line: string) => void,
): Promise<DemoData> {
  const parent = path.join(root, '.penstock', 'demo');
  mkdirSync(parent, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(parent)) await removeLeftOver(path.join(parent, name), clock, say);
  const dir = mkdtempSync(path.join(parent, 'run-'));
  return {
    dir,
    remove: () => {
      rmSync(dir, { recursive: true, force: true });
      try {
        rmdirSync(parent);
      } catch {
        // Another demo has its data there.
      }
    },
  };
}

async function removeLeftOver(dir: string, clock: Clock, say: (line: string) => void): Promise<void> {
  let record: RunRecord;
  try {
    record = await RunRecord.open(dir, clock, say);
  } catch {
    // Its owner is alive.
    return;
  }
  record.close();
  rmSync(dir, { recursive: true, force: true });
}
