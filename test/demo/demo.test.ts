import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** What `npm run demo` runs, somewhere that is no terminal. */
async function runDemo(): Promise<{ readonly code: number | null; readonly output: string }> {
  const command = ['deploy/local/run.mjs', 'dist/deploy/demo/src/demo.js'];
  const demo = spawn(process.execPath, command, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = new Promise<number | null>((resolve) => demo.once('exit', resolve));
  const [output, errors] = await Promise.all([text(demo.stdout), text(demo.stderr)]);
  return { code: await exited, output: output + errors };
}

describe('npm run demo', () => {
  it('does the whole main job, tells of it in 100 columns of plain text, and leaves nothing behind', async () => {
    const { code, output } = await runDemo();
    expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining('All of it happened') });
    expect(output).not.toContain('✗');
    expect(output).not.toMatch(/\x1b|\r/);
    expect(output.split('\n').filter((line) => line.length > 100)).toEqual([]);
    expect(existsSync(path.join(ROOT, '.penstock', 'demo'))).toBe(false);
  }, 180_000);
});
