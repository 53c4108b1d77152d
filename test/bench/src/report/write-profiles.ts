import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { renderProfiles, summarizeProfile } from './cpu-profile.js';

/** Where services leave their profiles when they end, and how they are told to. */
export function profileFlags(dir: string): string {
  return `--cpu-prof --cpu-prof-dir=${dir}`;
}

/** Writes a table of where the time went in each service that left a profile, by the ids of their processes. */
export function writeProfiles(options: {
  readonly dir: string;
  readonly services: ReadonlyMap<number, string>;
  readonly about: string;
  readonly root: string;
  readonly page: string;
}): void {
  const { dir, services, about, root, page } = options;
  const found = (existsSync(dir) ? readdirSync(dir) : []).flatMap((file) => {
    // CPU.<day>.<time>.<process>.<thread>.<number>.cpuprofile
    const service = services.get(Number(file.split('.')[3]));
    return service === undefined ? [] : [[service, path.join(dir, file)] as const];
  });
  const summaries = found.map(([service, file]) => [
    service,
    summarizeProfile(readFileSync(file, 'utf8'), root),
  ]);
  if (summaries.length > 0) writeFileSync(page, renderProfiles(about, Object.fromEntries(summaries)));
}
