import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Example } from './examples.js';

const ROOT = path.resolve(import.meta.dirname, '../../..');

/** Programs that README.md calls. Where a machine has its own, that one is used. */
const STAND_INS = ['curl', 'nats'] as const;

/** Below the checkout, so that a TypeScript example finds the packages it imports. */
const PLACE = path.join(ROOT, '.penstock', 'test');

/** Runs an example as a reader would, in a folder of its own, and returns what it printed. Rejects if it fails. */
export async function runExample(
  { language, text }: Example,
  variables: Readonly<Record<string, string>>,
): Promise<string> {
  mkdirSync(PLACE, { recursive: true });
  const folder = mkdtempSync(path.join(PLACE, 'example-'));
  try {
    const bin = path.join(folder, 'bin');
    mkdirSync(bin);
    for (const name of STAND_INS) {
      const standIn = path.join(import.meta.dirname, `${name}.mjs`);
      writeFileSync(path.join(bin, name), `#!/bin/sh\nexec "${process.execPath}" "${standIn}" "$@"\n`, {
        mode: 0o755,
      });
    }
    const file = path.join(folder, `example.${language}`);
    writeFileSync(file, text);
    const node = path.dirname(process.execPath);
    const { stdout } = await promisify(execFile)(
      language === 'sh' ? 'sh' : process.execPath,
      [...(language === 'sh' ? ['-eu'] : []), file],
      {
        cwd: folder,
        env: { ...variables, PATH: [node, process.env['PATH'], bin].join(path.delimiter) },
        timeout: 40_000,
      },
    );
    return stdout;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
