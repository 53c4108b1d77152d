import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readComposeFile } from './compose-file.js';
import { readDockerfile, type Stage } from './dockerfile.js';

/** What is deployed, as its files say, for the tests beside this file. */
export const ROOT = resolve(import.meta.dirname, '../../..');

export const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

export interface NestProject {
  readonly type: string;
  readonly root: string;
  readonly sourceRoot: string;
  readonly entryFile: string;
}

export const projects = (JSON.parse(read('nest-cli.json')) as { projects: Record<string, NestProject> })
  .projects;

/** Every service that the build makes a program of. */
export const SERVICES: readonly string[] = Object.entries(projects)
  .filter(([, { type, root }]) => type === 'application' && root.startsWith('services/'))
  .map(([name]) => name);

/** The simulator plays a provider: it has a port of its own, and none for operators. */
export const WITH_ADMIN_PORT = SERVICES.filter((name) => name !== 'simulator');

export const stages = readDockerfile(read('deploy/docker/Dockerfile'));
export const targets = stages.filter(({ base }) => base === 'runtime');

export function target(name: string): Stage {
  const stage = targets.find((candidate) => candidate.name === name);
  if (!stage) throw new Error(`the Dockerfile has no target ${name}`);
  return stage;
}

export const compose = readComposeFile(read('deploy/compose/compose.yaml'));
