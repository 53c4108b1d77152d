import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readIfThere } from './read-if-there.js';

/** Writes a file and takes it away again, until it is ended. */
const COMES_AND_GOES = `
  const { writeFileSync, rmSync } = require('node:fs');
  for (;;) { writeFileSync(process.argv[1], 'here'); rmSync(process.argv[1]); }
`;

describe('readIfThere', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), 'penstock-read-'));
  });
  afterEach(() => {
    rmSync(dir, { recursive: true, force: true });
  });

  it('reads what is there', () => {
    writeFileSync(path.join(dir, 'file'), 'here');
    expect(readIfThere(path.join(dir, 'file'))).toBe('here');
  });

  it('says so when there is nothing', () => {
    expect(readIfThere(path.join(dir, 'file'))).toBeUndefined();
  });

  it('fails on what is no file', () => {
    expect(() => readIfThere(dir)).toThrow('EISDIR');
  });

  it('never fails on a file that another process takes away', async () => {
    const file = path.join(dir, 'file');
    const other = spawn(process.execPath, ['-e', COMES_AND_GOES, file]);
    try {
      const seen = { there: 0, gone: 0 };
      while (seen.there < 200 || seen.gone < 200) {
        const text = readIfThere(file);
        if (text === undefined) seen.gone += 1;
        else seen.there += 1;
        if ((seen.there + seen.gone) % 100 === 0) await new Promise(setImmediate);
      }
      expect(seen.gone).toBeGreaterThanOrEqual(200);
    } finally {
      const ended = new Promise((resolve) => other.once('exit', resolve));
      other.kill('SIGKILL');
      await ended;
    }
  });
});
