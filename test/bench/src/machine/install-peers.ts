import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';

/** The peers from npm, where they are installed. */
export interface Peers {
  /** Absolute path of one of the files of `test/bench/peers`, beside the installed packages. */
  file(name: string): string;
  /** The version that was installed. */
  version(packageName: string): string;
}

/**
 * Copies `test/bench/peers` into the cache and installs what its lock names there, once for each state of the folder's
 * lock. Not with Penstock itself: they are far more than Penstock needs, and none of its business.
 */
export function installPeers(sourceDir: string, cacheDir: string, say: (line: string) => void): Peers {
  const lock = readFileSync(path.join(sourceDir, 'package-lock.json'));
  const dir = path.join(cacheDir, `peers-${createHash('sha256').update(lock).digest('hex').slice(0, 12)}`);
  if (!existsSync(dir)) {
    say('installing the peers from npm (once)');
    const work = `${dir}.unfinished`;
    rmSync(work, { recursive: true, force: true });
    mkdirSync(work, { recursive: true });
    cpSync(sourceDir, work, { recursive: true });
    installFromLock(work);
    renameSync(work, dir);
  }
  // The programs that drive them change more often than the lock.
  cpSync(sourceDir, dir, { recursive: true });
  return {
    file: (name) => path.join(dir, name),
    version: (name) => {
      const about = readFileSync(path.join(dir, 'node_modules', name, 'package.json'), 'utf8');
      return (JSON.parse(about) as { version: string }).version;
    },
  };
}

/**
 * `npm ci` is exact, but refuses a lock as a whole when the registry at hand lacks some package for a platform that
 * this is not. Then `npm install` takes the same versions from the same lock.
 */
function installFromLock(cwd: string): void {
  // Scripts of packages only build optional speed-ups that have fallbacks, or call home.
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  try {
    execFileSync('npm', ['ci', ...flags], { cwd, stdio: 'ignore' });
  } catch {
    execFileSync('npm', ['install', '--no-save', ...flags], { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
  }
}
