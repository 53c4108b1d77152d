import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { debianMirror } from './debian-package.js';

describe('debianMirror', () => {
  let aptDir: string;
  beforeEach(() => {
    aptDir = mkdtempSync(path.join(tmpdir(), 'penstock-apt-'));
    mkdirSync(path.join(aptDir, 'sources.list.d'));
  });
  afterEach(() => rmSync(aptDir, { recursive: true, force: true }));
  const write = (name: string, text: string) => writeFileSync(path.join(aptDir, name), text);

  it('reads a deb822 stanza, passing over archives that are not Debian', async () => {
    write(
      'sources.list.d/a.sources',
      'Types: deb\nURIs: https://deb.nodesource.example/node\nSuites: nodistro\nComponents: main\n',
    );
    write(
      'sources.list.d/debian.sources',
      'Types: deb\n# a remark\nURIs: http://mirror.example/debian\nSuites: bookworm bookworm-updates\nComponents: main\nSigned-By: /keys/debian.gpg\n\n' +
        'Types: deb\nURIs: http://mirror.example/security\nSuites: bookworm-security\nComponents: main\n',
    );
    expect(await debianMirror(aptDir)).toEqual({
      mirror: 'http://mirror.example/debian',
      signedBy: '/keys/debian.gpg',
    });
  });

  it('reads the one-line form with its options', async () => {
    write(
      'sources.list',
      '# deb http://old.example/debian buster main\ndeb [arch=amd64 signed-by=/keys/d.gpg] http://mirror.example/debian trixie main contrib\n',
    );
    expect(await debianMirror(aptDir)).toEqual({
      mirror: 'http://mirror.example/debian',
      signedBy: '/keys/d.gpg',
    });
  });

  it('falls back to the project mirror where apt names no Debian archive', async () => {
    expect((await debianMirror(path.join(aptDir, 'absent'))).mirror).toBe('http://deb.debian.org/debian');
  });
});
