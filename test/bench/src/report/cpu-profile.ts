import { fileURLToPath } from 'node:url';
import path from 'node:path';

/** What V8 writes at the end of a process that ran with `--cpu-prof`, as far as it is read here. */
interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  /** Microseconds before each sample. */
  readonly timeDeltas: readonly number[];
}

export interface ProfileShare {
  readonly name: string;
  /** Of the time the process was not idle. */
  readonly share: number;
}

export interface ProfileSummary {
  readonly busySeconds: number;
  /** By who wrote the code: a lib or service of Penstock, a package, Node itself. */
  readonly rooms: readonly ProfileShare[];
  readonly functions: readonly ProfileShare[];
}

const IDLE = new Set(['(idle)', '(program)', '(root)']);

/** Where a process spent its own time: a function's share is what it did itself, not what it called. */
export function summarizeProfile(json: string, root: string, most = 25): ProfileSummary {
  const { nodes, samples, timeDeltas } = JSON.parse(json) as CpuProfile;
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const rooms = new Map<string, number>();
  const functions = new Map<string, number>();
  let busyMicros = 0;
  samples.forEach((id, i) => {
    const frame = frames.get(id);
    const micros = Math.max(0, timeDeltas[i] ?? 0);
    if (!frame || IDLE.has(frame.functionName)) return;
    busyMicros += micros;
    const file = fileOf(frame.url, root);
    add(rooms, roomOf(file, frame.functionName), micros);
    add(
      functions,
      `${frame.functionName || '(anonymous)'} ${file && `${file}:${frame.lineNumber + 1}`}`.trim(),
      micros,
    );
  });
  const top = (times: Map<string, number>) =>
    [...times]
      .map(([name, micros]) => ({ name, share: micros / busyMicros }))
      .sort((a, b) => b.share - a.share)
      .slice(0, most);
  return { busySeconds: busyMicros / 1e6, rooms: top(rooms), functions: top(functions) };
}

/** The summaries as a page. */
export function renderProfiles(about: string, profiles: Readonly<Record<string, ProfileSummary>>): string {
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
  const table = (title: string, shares: readonly ProfileShare[]) =>
    [`| ${title} | Share |`, '| --- | --: |']
      .concat(shares.map(({ name, share }) => `| \`${name}\` | ${percent(share)} |`))
      .join('\n');
  const sections = Object.entries(profiles).map(
    ([name, { busySeconds, rooms, functions }]) =>
      `## ${name}\n\nBusy for ${busySeconds.toFixed(1)} s.\n\n${table('Whose code', rooms)}\n\n${table('Function, its own time', functions)}\n`,
  );
  return `# CPU profiles\n\n${about}\n\n${sections.join('\n')}`;
}

function fileOf(url: string, root: string): string {
  if (!url.startsWith('file:')) return url;
  const file = path.relative(root, fileURLToPath(url));
  return file.replace(/^.*node_modules\//, '');
}

function roomOf(file: string, functionName: string): string {
  if (file === '') return functionName.startsWith('(') ? functionName : '(native)';
  if (file.startsWith('node:')) return 'node';
  const own = /^dist\/((?:libs|services|deploy)\/[^/]+)/.exec(file)?.[1];
  if (own) return own;
  return /^(@[^/]+\/[^/]+|[^/]+)/.exec(file)?.[1] ?? file;
}

function add(times: Map<string, number>, name: string, micros: number): void {
  times.set(name, (times.get(name) ?? 0) + micros);
}
