import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { localSecrets } from './local-secrets.js';

describe('localSecrets', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), 'penstock-secrets-'));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it('makes secrets once, all different, for nobody else to read', () => {
    const first = localSecrets(dir, {});
    const all = [...Object.values(first.keys), first.databasePassword];
    expect(new Set(all).size).toBe(4);
    expect(all.every((secret) => secret.length >= 48)).toBe(true);
    expect(statSync(path.join(dir, 'secrets.json')).mode & 0o777).toBe(0o600);
    expect(localSecrets(dir, {})).toEqual(first);
  });

  it('prefers a key that the environment has, and does not keep it', () => {
    expect(localSecrets(dir, { ACME_KEY: 'mine' }).keys['ACME_KEY']).toBe('mine');
    expect(readFileSync(path.join(dir, 'secrets.json'), 'utf8')).not.toContain('mine');
    expect(localSecrets(dir, {}).keys['ACME_KEY']).not.toBe('mine');
  });
});
