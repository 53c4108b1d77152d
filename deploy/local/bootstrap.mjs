// Brings a fresh clone to where the pinned Node can run the build. Runs on Node 20 with nothing installed, so it
// is plain JavaScript and imports nothing but Node itself.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';

export const ROOT = path.resolve(
  import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname),
  '../..',
);
const BIN = path.join(ROOT, 'node_modules', '.bin');
const STAMP = path.join(ROOT, 'dist', '.built-from');

/** Something a person has to do; shown without a stack. */
export class Refusal extends Error {}

/** Installs what package-lock.json names and node_modules has not, and gives the path of the pinned Node. */
export function ensureInstalled() {
  if (Number(process.versions.node.split('.')[0]) < 20) {
    throw new Refusal(`Node 20 or newer is needed to begin with; this is ${process.versions.node}.`);
  }
  const missing = missingPackages();
  if (missing.length > 0) {
    const modules = path.join(ROOT, 'node_modules');
    if (lstatSync(modules, { throwIfNoEntry: false })?.isSymbolicLink()) {
      throw new Refusal(`node_modules is a link, and ${missing[0]} is not there: run npm ci where it leads.`);
    }
    say(`installing packages (${missing.length} of them missing or changed)`);
    install();
  }
  return pinnedNode();
}

/**
 * `npm ci` is exact, but refuses a lock as a whole when the registry at hand lacks some package for a platform
 * that this is not. Then `npm install` takes the same versions from the same lock, and writes neither file.
 */
function install() {
  const quiet = ['--no-audit', '--no-fund', '--no-update-notifier', '--progress=false', '--loglevel=error'];
  try {
    run('npm', ['ci', ...quiet], 'npm ci failed', 'silent');
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    say('npm ci did not take the lock as it is; installing from it with npm install');
    run('npm', ['install', '--no-save', ...quiet], 'npm install failed');
  }
}

/** Builds when a source has changed since the last build. */
export function ensureBuilt(node) {
  const sources = fingerprint();
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === sources) return;
  say('building');
  // A build that breaks off must not be taken for a whole one, nor files whose sources are gone for current ones.
  rmSync(path.join(ROOT, 'dist'), { recursive: true, force: true });
  run(node, [path.join(BIN, 'nest'), 'build', '--all'], 'the build failed', 'quiet');
  mkdirSync(path.dirname(STAMP), { recursive: true });
  writeFileSync(STAMP, sources);
}

/** The environment in which the pinned Node comes first, for whatever is started from here. */
export function environment() {
  return { ...process.env, PATH: `${BIN}${path.delimiter}${process.env.PATH ?? ''}` };
}

/** Names of packages that npm has not installed as package-lock.json has them. */
function missingPackages() {
  const wanted = readLock(path.join(ROOT, 'package-lock.json'));
  const present = readLock(path.join(ROOT, 'node_modules', '.package-lock.json'));
  return Object.entries(wanted)
    .filter(([name, entry]) => name !== '' && !entry.optional && present[name]?.version !== entry.version)
    .map(([name]) => name.replace(/^.*node_modules\//, ''));
}

function readLock(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : {};
}

function pinnedNode() {
  const wanted = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')).devDependencies.node;
  const node = path.join(BIN, 'node');
  const actual = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout?.trim().replace(/^v/, '');
  if (actual === wanted) return node;
  throw new Refusal(
    `Node ${wanted} is pinned, but node_modules has ${actual ?? 'none'}. ` +
      'It comes with an install script: run npm ci without --ignore-scripts.',
  );
}

/** Names, sizes and times of all that a build is made from. */
function fingerprint() {
  const hash = createHash('sha256');
  const add = (file) => {
    const { size, mtimeMs } = statSync(file);
    hash.update(`${path.relative(ROOT, file)} ${size} ${mtimeMs}\n`);
  };
  const walk = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) =>
      a.name < b.name ? -1 : 1,
    )) {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory()) walk(file);
      else if (/\.ts$/.test(entry.name) && !/\.spec\.ts$/.test(entry.name)) add(file);
    }
  };
  for (const folder of ['services', 'libs', 'deploy', 'test/bench', 'test/charts', 'test/faults'])
    walk(path.join(ROOT, folder));
  for (const file of ['nest-cli.json', 'tsconfig.json', '.swcrc', 'package-lock.json'])
    add(path.join(ROOT, file));
  return hash.digest('hex');
}

/**
 * Runs a step to its end. What it writes is shown as it comes (`loud`), shown when it fails (`quiet`), or never
 * (`silent`).
 */
function run(command, args, failure, volume = 'loud') {
  const { status, error, stdout, stderr } = spawnSync(command, args, {
    cwd: ROOT,
    env: environment(),
    stdio: volume === 'loud' ? ['ignore', 'inherit', 'inherit'] : 'pipe',
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status === 0) return;
  if (volume === 'quiet') process.stderr.write(`${stdout ?? ''}${stderr ?? ''}`);
  throw new Refusal(error ? `${failure}: ${error.message}` : `${failure} (exit code ${status})`);
}

function say(line) {
  process.stdout.write(`${line}\n`);
}
