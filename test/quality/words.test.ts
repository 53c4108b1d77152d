import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

/** This file names what it looks for; the lock file names the public registry, as npm writes it. */
const EXEMPT = new Set(['test/quality/words.test.ts', 'package-lock.json']);

const FORBIDDEN: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['a home directory', /(?<![\w./{$-])\/(?:home|Users)\/[a-z][\w-]*\/|(?<![\w./-])\/root\//],
  ['a temporary directory', /(?<![\w.])\/tmp\/\w/],
  ['a working directory of whoever built it', /(?<![\w./-])\/(?:work|workspace|workdir|mnt|srv\/build)\/\w/],
  ['a drive', /\b[A-Z]:\\\\?\w/],
  ['a registry of packages', /https?:\/\/[\w.-]*(?:artifactory|nexus|verdaccio)[\w.-]*/i],
  ['a merge that was not finished', /^(?:<{7}|>{7}) /m],
  ['something left for later', /\b(?:TODO|FIXME|XXX|HACK)\b/],
];

function trackedFiles(): string[] {
  const listed = execFileSync('git', ['ls-files', '-z'], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 ** 2,
  });
  return listed
    .split('\0')
    .filter((file) => file !== '' && !EXEMPT.has(file) && existsSync(join(ROOT, file)));
}

/** Undefined for what is not text. */
function textOf(file: string): string | undefined {
  const bytes = readFileSync(join(ROOT, file));
  return bytes.includes(0) ? undefined : bytes.toString('utf8');
}

function findings(found: (line: string) => boolean): string[] {
  return trackedFiles().flatMap((file) =>
    (textOf(file) ?? '')
      .split('\n')
      .flatMap((line, index) => (found(line) ? [`${file}:${index + 1}: ${line.trim().slice(0, 120)}`] : [])),
  );
}

describe('the files of the repository', () => {
  it.each(FORBIDDEN)('do not name %s', (_what, pattern) => {
    expect(findings((line) => pattern.test(line))).toEqual([]);
  });

  it('do not name the directory they are checked out in', () => {
    // A short one, as in a container, may be a word like any other.
    const told = ROOT.split('/').length > 3 ? findings((line) => line.includes(ROOT)) : [];
    expect(told).toEqual([]);
  });
});
