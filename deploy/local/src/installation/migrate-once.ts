import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { readIfThere } from '../processes/read-if-there.js';

/**
 * Migrates unless this build already has, which saves a process at each start. `stamp` is the file that remembers
 * the build; without one, migrations are always looked for.
 */
export async function migrateOnce({
  root,
  stamp,
  migrate,
}: {
  root: string;
  stamp: string | undefined;
  migrate: () => Promise<unknown>;
}): Promise<void> {
  const build = readIfThere(path.join(root, 'dist', '.built-from'));
  if (stamp && build !== undefined && readIfThere(stamp) === build) return;
  await migrate();
  if (stamp && build !== undefined) writeFileSync(stamp, build);
}
