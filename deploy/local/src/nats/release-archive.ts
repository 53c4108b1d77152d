import { createHash } from 'node:crypto';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runCommand } from '../processes/run-command.js';

const VERSION = '2.15.0';

/**
 * SHA-256 of the official archives, as in the release's own SHA256SUMS and in the Dockerfile of the official
 * `nats` image for this version. A new version is pinned by changing both together.
 */
const ARCHIVES: Readonly<Record<string, { readonly name: string; readonly sha256: string }>> = {
  'linux-x64': {
    name: `nats-server-v${VERSION}-linux-amd64`,
    sha256: '5d2c51caca950333aba84911df7d377f826f3a59ec36061c6539105084f65c92',
  },
  'linux-arm64': {
    name: `nats-server-v${VERSION}-linux-arm64`,
    sha256: 'cdc208f5a3f42963a52b6ab06ef65626bb870315dc936e26ba571780c6351112',
  },
};

export type FetchBytes = (url: string) => Promise<Uint8Array>;

/** Fetches the official release archive, refuses it unless it is the pinned one, and unpacks it to `target`. */
export async function natsServerFromRelease(
  cacheDir: string,
  target: string,
  platform = `${process.platform}-${process.arch}`,
  fetchBytes: FetchBytes = download,
): Promise<void> {
  const archive = ARCHIVES[platform];
  if (!archive) throw new Error(`no archive is pinned for ${platform}`);
  const url = `https://github.com/nats-io/nats-server/releases/download/v${VERSION}/${archive.name}.tar.gz`;
  const bytes = await fetchBytes(url);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 !== archive.sha256) {
    throw new Error(`${url} has SHA-256 ${sha256}, but ${archive.sha256} is pinned; it was not unpacked`);
  }
  const work = await mkdtemp(path.join(cacheDir, 'release-'));
  try {
    await writeFile(path.join(work, 'archive.tar.gz'), bytes);
    await runCommand('tar', ['-xzf', path.join(work, 'archive.tar.gz'), '-C', work]);
    await rename(path.join(work, archive.name, 'nats-server'), target);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function download(url: string): Promise<Uint8Array> {
  const response = await fetch(url, { signal: AbortSignal.timeout(120_000) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}
