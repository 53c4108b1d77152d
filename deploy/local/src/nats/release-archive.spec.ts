import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { natsServerFromRelease } from './release-archive.js';

describe('natsServerFromRelease', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), 'penstock-release-'));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it('unpacks nothing but the pinned archive', async () => {
    const asked: string[] = [];
    const fetching = natsServerFromRelease(dir, path.join(dir, 'nats-server'), 'linux-x64', (url) => {
      asked.push(url);
      return Promise.resolve(new TextEncoder().encode('something else'));
    });
    await expect(fetching).rejects.toThrow(/is pinned; it was not unpacked/);
    expect(asked[0]).toMatch(/nats-server-v[\d.]+-linux-amd64\.tar\.gz$/);
    expect(existsSync(path.join(dir, 'nats-server'))).toBe(false);
  });

  it('refuses a platform nothing is pinned for', async () => {
    await expect(natsServerFromRelease(dir, path.join(dir, 'x'), 'plan9-mips')).rejects.toThrow(
      'no archive is pinned for plan9-mips',
    );
  });
});
