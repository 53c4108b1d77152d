import { existsSync } from 'node:fs';
import path from 'node:path';

/** The checkout, from the sources as from what is built of them. */
export const ROOT = findRoot(import.meta.dirname);

function findRoot(dir: string): string {
  return existsSync(path.join(dir, 'package-lock.json')) ? dir : findRoot(path.dirname(dir));
}
