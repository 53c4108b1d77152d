import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '@penstock/testing';

const BUILT = path.resolve(import.meta.dirname, '../../dist/deploy/local/src/processes/free-port.js');

/** So many that two processes that did not know of each other would choose seven of them twice. */
const COUNT = 300;

describe('freePort', () => {
  it('gives a port to one process only, and none that a connection could be given', async () => {
    const mine = await Promise.all(Array.from({ length: COUNT }, () => freePort()));
    const asking = `
      const { freePort } = await import(${JSON.stringify(BUILT)});
      console.log(JSON.stringify(await Promise.all(Array.from({ length: ${COUNT} }, () => freePort()))));`;
    const run = promisify(execFile);
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', asking]);
    const theirs = JSON.parse(stdout) as number[];
    const all = [...mine, ...theirs];
    expect(new Set(all).size).toBe(2 * COUNT);
    expect(Math.max(...all)).toBeLessThan(32_768);
  });
});
