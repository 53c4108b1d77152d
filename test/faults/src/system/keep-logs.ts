import { cpSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './root.js';

/** Puts what a system wrote down where it stays when the system is gone, and says where: why a run failed is in there. */
export function keepLogs(dir: string, run: string): string {
  const kept = path.join(ROOT, '.penstock/faults', run);
  mkdirSync(kept, { recursive: true });
  for (const name of readdirSync(dir)) {
    if (/\.(log|jsonl)$/.test(name)) cpSync(path.join(dir, name), path.join(kept, name));
  }
  return kept;
}
