import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { startAdminServer } from '@penstock/telemetry';
import {
  ROOT,
  SERVICES,
  WITH_ADMIN_PORT,
  projects,
  read,
  stages,
  target,
  targets,
  type NestProject,
} from './deployment.js';
import { effective, environment, lineage } from './dockerfile.js';

describe('deploy/docker', () => {
  it('has a target for each service, and no other', () => {
    expect(targets.map(({ name }) => name).toSorted()).toEqual(SERVICES.toSorted());
  });

  it.each(SERVICES)('%s starts the program that the build makes, as an ordinary user', (name) => {
    const { sourceRoot, entryFile } = projects[name] as NestProject;
    const command = JSON.parse(effective(stages, target(name), 'CMD') ?? '[]') as string[];
    expect(command.slice(0, 2)).toEqual(['node', `dist/${sourceRoot}/${entryFile}.js`]);
    expect(existsSync(join(ROOT, sourceRoot, `${entryFile}.ts`))).toBe(true);
    expect(effective(stages, target(name), 'USER')).toBe('node');
    const copied = lineage(stages, target(name)).flatMap(({ instructions }) =>
      instructions.filter(({ verb }) => verb === 'COPY').map(({ text }) => text.split(' ').at(-1)),
    );
    expect(copied).toEqual(expect.arrayContaining(['dist/libs', `dist/services/${name}`, 'node_modules']));
  });

  it.each(WITH_ADMIN_PORT)('%s is asked for its health where it answers', async (name) => {
    const check = effective(stages, target(name), 'HEALTHCHECK') ?? '';
    expect(check).toContain('PENSTOCK_ADMIN_PORT}/readyz');
    const program = JSON.parse(check.slice(check.indexOf('['))) as string[];
    expect(program[0]).toBe('node');

    const server = await startAdminServer({
      host: '127.0.0.1',
      port: 0,
      checks: { nats: () => ready },
      metrics: () => Promise.resolve(''),
    });
    const env = { ...process.env, PENSTOCK_ADMIN_PORT: String(server.port) };
    const exitCode = () =>
      new Promise((done) => spawn(process.execPath, program.slice(1), { env }).on('exit', done));
    let ready: true | string = true;
    expect(await exitCode()).toBe(0);
    ready = 'not connected';
    expect(await exitCode()).toBe(1);
    await server.close();
  });

  it('exposes the ports that its variables set', () => {
    for (const stage of targets) {
      const exposed = lineage(stages, stage).flatMap(({ instructions }) =>
        instructions.filter(({ verb }) => verb === 'EXPOSE').map(({ text }) => text),
      );
      const ports = Object.entries(environment(stages, stage)).filter(([name]) => name.endsWith('_PORT'));
      expect(exposed).toEqual(expect.arrayContaining(ports.map(([, port]) => port)));
    }
  });

  it('copies into the build only what is there', () => {
    const build = stages.find(({ name }) => name === 'build');
    const sources = (build?.instructions ?? [])
      .filter(({ verb, text }) => verb === 'COPY' && !text.startsWith('--'))
      .flatMap(({ text }) => text.split(' ').slice(0, -1));
    expect(sources).toContain('services');
    expect(sources.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
    for (const { root } of Object.values(projects)) {
      expect(sources.some((path) => root === path || root.startsWith(`${path}/`))).toBe(true);
    }
  });

  it('runs on the Node that the tests run on', () => {
    const pinned = (JSON.parse(read('package.json')) as { devDependencies: Record<string, string> })
      .devDependencies;
    expect(read('deploy/docker/Dockerfile')).toContain(`node:${pinned['node']}-`);
  });
});
