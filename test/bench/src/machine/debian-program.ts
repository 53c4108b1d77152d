import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { runCommand } from '../../../../deploy/local/src/index.js';

/** A program that is not ours, as it is started. */
export interface Program {
  readonly command: string;
  readonly env: Readonly<Record<string, string>>;
  readonly version: string;
}

export interface DebianProgram {
  readonly name: string;
  /** The packages it is unpacked from when it is not on PATH: its own first, then libraries a system may lack. */
  readonly packages: readonly string[];
  /** Where in the packages it lies. */
  readonly file: string;
  /** Prints its version. */
  readonly versionFlag: string;
}

/** Debian's multiarch folder of this processor. */
const LIBRARIES = `usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu`;

/**
 * Finds a program on PATH, else unpacks it from the machine's own Debian archive into `cacheDir`, without root and
 * without installing it. Rejects with the reason when neither does.
 */
export async function findProgram(wanted: DebianProgram, cacheDir: string): Promise<Program> {
  for (const folder of [...(process.env['PATH'] ?? '').split(path.delimiter), '/usr/sbin']) {
    const command = path.join(folder, wanted.name);
    if (path.isAbsolute(folder) && existsSync(command)) return describe(wanted, command, {});
  }
  const dir = path.join(cacheDir, wanted.name);
  const command = path.join(dir, 'usr/bin', wanted.name);
  if (!existsSync(command)) await unpack(wanted, dir, command);
  return describe(wanted, command, { LD_LIBRARY_PATH: path.join(dir, LIBRARIES) });
}

async function unpack(wanted: DebianProgram, dir: string, command: string): Promise<void> {
  const work = `${dir}.unfinished`;
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  // Root's apt hands downloads to a user who may not enter the checkout.
  const flags = ['-q', '-o', 'APT::Sandbox::User=root', 'download'];
  await runCommand('apt-get', [...flags, ...wanted.packages], { cwd: work });
  for (const archive of readdirSync(work).filter((name) => name.endsWith('.deb'))) {
    await runCommand('dpkg-deb', ['-x', path.join(work, archive), work]);
  }
  const program = path.join(work, 'usr/bin', wanted.name);
  mkdirSync(path.dirname(program), { recursive: true });
  renameSync(path.join(work, wanted.file), program);
  chmodSync(program, 0o755);
  rmSync(dir, { recursive: true, force: true });
  renameSync(work, dir);
  if (!existsSync(command)) throw new Error(`${wanted.packages[0]} has no ${wanted.file}`);
}

async function describe(
  { name, versionFlag }: DebianProgram,
  command: string,
  env: Readonly<Record<string, string>>,
): Promise<Program> {
  // nginx tells its version on stderr.
  const said = await runCommand('sh', ['-c', `"$0" ${versionFlag} 2>&1`, command], {
    env: { ...process.env, ...env },
  });
  return { command, env, version: /\d+\.\d+\.\d+/.exec(said)?.[0] ?? `an unknown version of ${name}` };
}
