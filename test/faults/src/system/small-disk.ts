import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync, openSync, writeSync, closeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Mounts a file system of a fixed size on a folder. Returns what takes it away. Throws where that is not permitted. */
export function mountDisk(dir: string, bytes: number): () => void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', dir], { stdio: 'pipe' });
  chmodSync(dir, 0o777);
  return () => void execFileSync('umount', ['-l', dir], { stdio: 'pipe' });
}

export function canMountDisks(): boolean {
  try {
    const dir = mkdtempSync(path.join(tmpdir(), 'penstock-mount-probe-'));
    mountDisk(dir, 1024 ** 2)();
    rmSync(dir, { recursive: true });
    return true;
  } catch {
    return false;
  }
}

const FILLER = 'filler';

/** Leaves no byte free on a disk. */
export function fillDisk(dir: string): void {
  const file = openSync(path.join(dir, FILLER), 'w');
  const piece = Buffer.alloc(1024 ** 2);
  try {
    for (let size = piece.length; size >= 512;) {
      try {
        if (writeSync(file, piece, 0, size) < size) size = Math.floor(size / 2);
      } catch {
        size = Math.floor(size / 2);
      }
    }
  } finally {
    closeSync(file);
  }
}

export function freeDisk(dir: string): void {
  writeFileSync(path.join(dir, FILLER), '');
  rmSync(path.join(dir, FILLER));
}
