import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { runCommand } from '../processes/run-command.js';
import { natsServerFromDebian } from './debian-package.js';
import { isNewEnough, parseNatsVersion, REQUIRED_NATS } from './nats-requirement.js';
import { natsServerFromRelease } from './release-archive.js';

export interface FoundNatsServer {
  readonly path: string;
  readonly version: string;
  readonly origin: 'PATH' | 'cache' | 'Debian package' | 'release archive';
}

/** A place nats-server may be fetched from: puts the program at `target`, or rejects with the reason. */
export type NatsServerSource = readonly [
  origin: 'Debian package' | 'release archive',
  fetchTo: (cacheDir: string, target: string) => Promise<void>,
];

const SOURCES: readonly NatsServerSource[] = [
  ['Debian package', natsServerFromDebian],
  ['release archive', (cacheDir, target) => natsServerFromRelease(cacheDir, target)],
];

/**
 * Finds a nats-server that is new enough: on PATH, else kept from an earlier start, else Debian's, else the
 * official archive. What is fetched is kept in `cacheDir`. Rejects with what was tried and why it would not do.
 */
export async function findNatsServer({
  cacheDir,
  searchPath = process.env['PATH'] ?? '',
  sources = SOURCES,
  say = () => undefined,
}: {
  cacheDir: string;
  searchPath?: string;
  sources?: readonly NatsServerSource[];
  /** Told, in a line, what is about to be done that takes time. */
  say?: (line: string) => void;
}): Promise<FoundNatsServer> {
  const kept = path.join(cacheDir, 'nats-server');
  const tried: string[] = [];

  for (const folder of searchPath.split(path.delimiter).filter((entry) => path.isAbsolute(entry))) {
    const found = await tryProgram(path.join(folder, 'nats-server'), 'PATH', tried);
    if (found) return found;
  }
  const found = await tryProgram(kept, 'cache', tried);
  if (found) return found;

  await mkdir(cacheDir, { recursive: true });
  for (const [origin, fetchTo] of sources) {
    say(`fetching nats-server (${origin})`);
    try {
      await fetchTo(cacheDir, kept);
    } catch (error) {
      tried.push(`${origin}: ${(error as Error).message}`);
      continue;
    }
    const fetched = await tryProgram(kept, origin, tried);
    if (fetched) return fetched;
  }
  throw new Error(
    [
      `there is no nats-server ${REQUIRED_NATS.version.join('.')} or newer. Tried:`,
      ...tried.map((line) => `  - ${line}`),
      'Install one on PATH, or give the address of a running one in PENSTOCK_NATS_URL.',
    ].join('\n'),
  );
}

async function tryProgram(
  program: string,
  origin: FoundNatsServer['origin'],
  tried: string[],
): Promise<FoundNatsServer | undefined> {
  let output: string;
  try {
    output = await runCommand(program, ['--version']);
  } catch (error) {
    // An absent program is the usual case and no news; one that is there and fails is.
    if (!(error as Error).message.includes('ENOENT')) tried.push(`${origin}: ${(error as Error).message}`);
    return undefined;
  }
  const version = parseNatsVersion(output);
  if (version && isNewEnough(version)) return { path: program, version: version.join('.'), origin };
  tried.push(`${origin}: ${program} is ${version ? `version ${version.join('.')}` : 'of no known version'}`);
  return undefined;
}
