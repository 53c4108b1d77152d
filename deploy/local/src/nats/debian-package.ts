import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runCommand } from '../processes/run-command.js';

/** The Debian release whose nats-server is new enough. The binary runs on bookworm and later. */
const SUITE = 'forky';
const DEFAULT_MIRROR = 'http://deb.debian.org/debian';
const DEFAULT_KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

/**
 * Fetches nats-server out of Debian's archive with apt, through the machine's own mirror, proxy and keys, and
 * unpacks it to `target`. Needs no root and leaves no trace in the system: lists and package live in `cacheDir`
 * for as long as this takes.
 */
export async function natsServerFromDebian(cacheDir: string, target: string): Promise<void> {
  // Of its own: a process that starts several systems asks several times at once.
  const work = await mkdtemp(path.join(cacheDir, 'apt-'));
  try {
    await mkdir(path.join(work, 'lists', 'partial'), { recursive: true });
    await mkdir(path.join(work, 'cache', 'archives', 'partial'), { recursive: true });
    const { mirror, signedBy } = await debianMirror('/etc/apt');
    const sources = path.join(work, 'penstock.list');
    await writeFile(sources, `deb [signed-by=${signedBy}] ${mirror} ${SUITE} main\n`);
    const settings = [
      `Dir::Etc::sourcelist=${sources}`,
      'Dir::Etc::sourceparts=-',
      `Dir::State::lists=${path.join(work, 'lists')}`,
      `Dir::Cache=${path.join(work, 'cache')}`,
      'Acquire::Languages=none',
      'Acquire::Retries=2',
      // Root's apt hands downloads to a user who may not enter the checkout.
      'APT::Sandbox::User=root',
    ].flatMap((setting) => ['-o', setting]);
    await runCommand('apt-get', ['-q', ...settings, 'update'], { cwd: work });
    await runCommand('apt-get', ['-q', ...settings, 'download', 'nats-server'], { cwd: work });
    const archive = (await readdir(work)).find((file) => file.endsWith('.deb'));
    if (!archive) throw new Error('apt-get download left no package');
    await runCommand('dpkg-deb', ['-x', path.join(work, archive), path.join(work, 'root')]);
    await rename(path.join(work, 'root', 'usr', 'sbin', 'nats-server'), target);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Where this machine gets Debian from: the first archive in its apt settings that has a Debian release. */
export async function debianMirror(aptDir: string): Promise<{ mirror: string; signedBy: string }> {
  const texts: string[] = [];
  const parts = path.join(aptDir, 'sources.list.d');
  const names = await readdir(parts).catch(() => []);
  for (const file of [path.join(aptDir, 'sources.list'), ...names.map((name) => path.join(parts, name))]) {
    if (/\.(list|sources)$/.test(file)) texts.push(await readFile(file, 'utf8').catch(() => ''));
  }
  for (const text of texts) {
    const found = fromOneLine(text) ?? fromStanzas(text);
    if (found) return { mirror: found.mirror, signedBy: found.signedBy ?? DEFAULT_KEYRING };
  }
  return { mirror: DEFAULT_MIRROR, signedBy: DEFAULT_KEYRING };
}

interface Mirror {
  readonly mirror: string;
  readonly signedBy: string | undefined;
}

/** Debian's own suites; an archive that has one of them has the others too, unlike a security archive. */
const DEBIAN_SUITE = /^(bookworm|trixie|forky|sid|stable|testing|unstable|oldstable)$/;

/** `deb [signed-by=…] http://mirror/debian bookworm main` */
function fromOneLine(text: string): Mirror | undefined {
  for (const line of text.split('\n')) {
    const match = /^deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s+.*\bmain\b/.exec(line);
    if (match?.[2] && DEBIAN_SUITE.test(match[3] ?? '')) {
      return { mirror: match[2], signedBy: /signed-by=(\/\S+)/.exec(match[1] ?? '')?.[1] };
    }
  }
  return undefined;
}

/** `Types: deb`, `URIs: …`, `Suites: …` (deb822). */
function fromStanzas(text: string): Mirror | undefined {
  for (const stanza of text.split(/\n\s*\n/)) {
    const field = (name: string) => new RegExp(`^${name}:[ \\t]*(.+)$`, 'im').exec(stanza)?.[1]?.trim();
    const mirror = field('URIs')?.split(/\s+/)[0];
    const suites = field('Suites')?.split(/\s+/) ?? [];
    const usable = field('Enabled')?.toLowerCase() !== 'no' && /\bmain\b/.test(field('Components') ?? '');
    if (mirror && usable && suites.some((suite) => DEBIAN_SUITE.test(suite))) {
      const signedBy = field('Signed-By');
      return { mirror, signedBy: signedBy?.startsWith('/') ? signedBy : undefined };
    }
  }
  return undefined;
}
