import { readFileSync } from 'node:fs';

/**
 * The text of a file, or undefined when there is none. Asked of the read itself, because a file that another process
 * owns may go between a look and the read: Postgres takes a dead server's pid file away while it starts.
 */
export function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
