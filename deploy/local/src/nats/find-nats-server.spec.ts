import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findNatsServer, type NatsServerSource } from './find-nats-server.js';

function program(folder: string, version: string): void {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, 'nats-server');
  writeFileSync(file, `#!/bin/sh\necho "nats-server: v${version}"\n`);
  chmodSync(file, 0o755);
}

function setup() {
  const root = mkdtempSync(path.join(tmpdir(), 'penstock-find-'));
  const cacheDir = path.join(root, 'cache');
  const fetched: string[] = [];
  const source = (origin: NatsServerSource[0], version?: string): NatsServerSource => [
    origin,
    (dir, target) => {
      fetched.push(origin);
      if (!version) return Promise.reject(new Error('the network is down'));
      program(dir, version);
      expect(target).toBe(path.join(dir, 'nats-server'));
      return Promise.resolve();
    },
  ];
  return {
    root,
    cacheDir,
    fetched,
    source,
    find: (sources: NatsServerSource[], searchPath = path.join(root, 'bin')) =>
      findNatsServer({ cacheDir, searchPath, sources }),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

describe('findNatsServer', () => {
  let parts: ReturnType<typeof setup>;
  beforeEach(() => {
    parts = setup();
  });
  afterEach(() => parts.remove());

  it('takes the first one on PATH that is new enough, passing over older ones', async () => {
    const [old, fit] = [path.join(parts.root, 'old'), path.join(parts.root, 'fit')];
    program(old, '2.10.27');
    program(fit, '2.15.1');
    const found = await parts.find([parts.source('Debian package', '2.15.1')], `relative:${old}:${fit}`);
    expect(found).toEqual({ path: path.join(fit, 'nats-server'), version: '2.15.1', origin: 'PATH' });
    expect(parts.fetched).toEqual([]);
  });

  it('takes one kept from an earlier start before it fetches', async () => {
    program(parts.cacheDir, '2.15.1');
    const found = await parts.find([parts.source('Debian package', '2.15.1')]);
    expect([found.origin, parts.fetched]).toEqual(['cache', []]);
  });

  it('fetches again over a kept one that is too old', async () => {
    program(parts.cacheDir, '2.11.0');
    const found = await parts.find([parts.source('Debian package', '2.15.1')]);
    expect([found.origin, found.version]).toEqual(['Debian package', '2.15.1']);
  });

  it('asks the sources in turn until one delivers', async () => {
    const found = await parts.find([
      parts.source('Debian package'),
      parts.source('release archive', '2.15.0'),
    ]);
    expect(found.origin).toBe('release archive');
    expect(parts.fetched).toEqual(['Debian package', 'release archive']);
  });

  it('says all that was tried when nothing will do', async () => {
    program(path.join(parts.root, 'bin'), '2.9.10');
    await expect(
      parts.find([parts.source('Debian package'), parts.source('release archive', '2.1.0')]),
    ).rejects.toThrow(
      /2\.12\.0 or newer[^]*PATH: .* is version 2\.9\.10[^]*Debian package: the network is down[^]*release archive: .* version 2\.1\.0[^]*PENSTOCK_NATS_URL/,
    );
  });
});
