import { execFile } from 'node:child_process';

/** Runs a program to its end and gives what it wrote to stdout. Rejects with what it wrote to stderr. */
export function runCommand(
  command: string,
  args: readonly string[],
  options: { cwd?: string; uid?: number; gid?: number; env?: NodeJS.ProcessEnv; input?: string } = {},
): Promise<string> {
  const { input, ...rest } = options;
  return new Promise((resolve, reject) => {
    const child = execFile(
      command,
      [...args],
      { maxBuffer: 16 * 1024 * 1024, ...rest },
      (error, stdout, stderr) => {
        if (!error) return resolve(stdout);
        const said = (stderr || stdout).trim().split('\n').slice(-6).join('\n    ');
        reject(new Error(`${command} failed: ${said === '' ? error.message : said}`));
      },
    );
    child.stdin?.on('error', () => {
      // The program ended without reading its input; its exit code says why.
    });
    child.stdin?.end(input ?? '');
  });
}
