import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { METRICS, startAdminServer, type MetricSpec } from '@penstock/telemetry';
import { parse } from 'yaml';
import { findNatsServer } from '../../deploy/local/src/nats/find-nats-server.js';
import { isNewEnough, parseNatsVersion } from '../../deploy/local/src/nats/nats-requirement.js';
import { readComposeFile, variablesOf, waitsFor } from './deploy/compose-file.js';
import { effective, environment, lineage, readDockerfile } from './deploy/dockerfile.js';
import { prometheusName } from './documents/telemetry-document.js';

const ROOT = resolve(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

interface NestProject {
  readonly type: string;
  readonly root: string;
  readonly sourceRoot: string;
  readonly entryFile: string;
}
const projects = (JSON.parse(read('nest-cli.json')) as { projects: Record<string, NestProject> }).projects;
const SERVICES = Object.entries(projects)
  .filter(([, { type, root }]) => type === 'application' && root.startsWith('services/'))
  .map(([name]) => name);

const stages = readDockerfile(read('deploy/docker/Dockerfile'));
const targets = stages.filter(({ base }) => base === 'runtime');
const compose = readComposeFile(read('deploy/compose/compose.yaml'));
const built = Object.entries(compose.services).filter(([, { build }]) => build !== undefined);
const withAdminPort = SERVICES.filter((name) => name !== 'simulator');

function target(name: string) {
  const stage = targets.find((candidate) => candidate.name === name);
  if (!stage) throw new Error(`the Dockerfile has no target ${name}`);
  return stage;
}

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

  it.each(withAdminPort)('%s is asked for its health where it answers', async (name) => {
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

describe('deploy/compose', () => {
  it('runs every service from its own target', () => {
    expect(built.map(([name]) => name).toSorted()).toEqual(SERVICES.toSorted());
    for (const [name, { build }] of built) {
      expect(build).toEqual({ context: '../..', dockerfile: 'deploy/docker/Dockerfile', target: name });
    }
  });

  it('pins every image', () => {
    const images = Object.values(compose.services).flatMap(({ image }) => image ?? []);
    expect(images.filter((image) => !/:v?\d+[\w.-]*$/.test(image))).toEqual([]);
  });

  it('runs a nats-server that is new enough', () => {
    const version = parseNatsVersion(compose.services['nats']?.image ?? '');
    expect(version && isNewEnough(version)).toBe(true);
  });

  it('publishes on this machine only, and only ports that somebody listens on', () => {
    for (const [name, { ports = [] }] of Object.entries(compose.services)) {
      for (const port of ports)
        expect([name, port]).toEqual([name, expect.stringMatching(/^127\.0\.0\.1:(\d+):\1$/)]);
    }
    const http = environment(stages, target('ingress'))['PENSTOCK_HTTP_PORT'];
    expect(compose.services['ingress']?.ports).toEqual([`127.0.0.1:${http}:${http}`]);
  });

  it('waits only for services that are there, and for health only where it is checked', () => {
    for (const service of Object.values(compose.services)) {
      for (const [name, condition] of waitsFor(service)) {
        const other = compose.services[name];
        expect([name, other !== undefined]).toEqual([name, true]);
        if (condition !== 'service_healthy') continue;
        const checked =
          other?.healthcheck ?? (other?.build && effective(stages, target(name), 'HEALTHCHECK'));
        expect([name, Boolean(checked)]).toEqual([name, true]);
      }
    }
  });

  it('mounts only files that are there and volumes that it declares', () => {
    for (const { volumes = [] } of Object.values(compose.services)) {
      for (const volume of volumes) {
        if (typeof volume === 'string') expect(Object.keys(compose.volumes)).toContain(volume.split(':')[0]);
        else
          expect([volume.source, existsSync(join(ROOT, 'deploy/compose', volume.source))]).toEqual([
            volume.source,
            true,
          ]);
      }
    }
  });

  it('gives every service that reads penstock.yaml the secrets it refers to', () => {
    const needed = [...read('deploy/compose/penstock.yaml').matchAll(/\$\{env:(\w+)\}/g)].map(
      ([, name]) => name,
    );
    expect(needed.length).toBeGreaterThan(0);
    for (const [name, { environment: given = {} }] of built) {
      if (!('PENSTOCK_CONFIG' in given)) continue;
      expect([name, Object.keys(given)]).toEqual([name, expect.arrayContaining(needed)]);
    }
  });

  it('asks for the variables that its own head names', () => {
    const text = read('deploy/compose/compose.yaml');
    const required = [...text.matchAll(/\$\{([A-Z_]+):\?/g)].map(([, name]) => name);
    const head = text.slice(0, text.indexOf('\nname:'));
    for (const name of required) expect(head).toContain(`${name}=`);
    expect(variablesOf(text).length).toBeGreaterThan(required.length);
  });
});

describe('deploy/nats', () => {
  it('has a configuration that nats-server takes, with a sync interval of its own', async () => {
    const { path } = await findNatsServer({ cacheDir: join(ROOT, '.penstock/cache') });
    const file = join(ROOT, 'deploy/nats/nats-server.conf');
    const variables = compose.services['nats']?.environment as NodeJS.ProcessEnv;
    execFileSync(path, ['-t', '-c', file], { env: variables, stdio: 'pipe' });
    expect(read('deploy/nats/nats-server.conf')).toMatch(/^\s*sync_interval: /m);
  });
});

describe('deploy/observability', () => {
  const catalogue = new Map<string, MetricSpec>(
    Object.values(METRICS as Record<string, MetricSpec>).map((spec) => [prometheusName(spec), spec]),
  );

  it('scrapes the admin port of every service that has one', () => {
    const scraped = parse(read('deploy/observability/prometheus.yaml')) as {
      scrape_configs: { dns_sd_configs: { names: string[]; port: number }[] }[];
    };
    const [found] = scraped.scrape_configs.flatMap((config) => config.dns_sd_configs);
    expect(found?.names.toSorted()).toEqual(withAdminPort.toSorted());
    expect(String(found?.port)).toBe(environment(stages, target('router'))['PENSTOCK_ADMIN_PORT']);
  });

  it('receives traces where the services send them, and passes them to what is there', () => {
    const collector = parse(read('deploy/observability/collector.yaml')) as {
      receivers: { otlp: { protocols: { http: { endpoint: string } } } };
      exporters: Record<string, { endpoint: string }>;
      service: {
        pipelines: Record<string, { receivers: string[]; processors: string[]; exporters: string[] }>;
      };
    };
    const endpoint = new URL(
      String(compose.services['router']?.environment?.['OTEL_EXPORTER_OTLP_ENDPOINT']),
    );
    expect(compose.services).toHaveProperty(endpoint.hostname);
    expect(collector.receivers.otlp.protocols.http.endpoint).toBe(`0.0.0.0:${endpoint.port}`);
    for (const { endpoint: to } of Object.values(collector.exporters)) {
      expect(compose.services).toHaveProperty(to.split(':')[0] ?? '');
    }
    expect(Object.keys(collector.service.pipelines)).toEqual(['traces']);
  });

  it('draws only metrics and labels of the catalogue', () => {
    const dashboard = JSON.parse(read('deploy/observability/grafana/dashboards/penstock.json')) as {
      panels: { title: string; targets: { expr: string; legendFormat: string }[] }[];
    };
    const queries = dashboard.panels.flatMap(({ targets: drawn }) => drawn);
    expect(queries.length).toBeGreaterThan(15);
    for (const { expr, legendFormat } of queries) {
      const names = expr.match(/\b(?:penstock|gen_ai_client|http_server|nodejs|process)_\w+/g) ?? [];
      expect([expr, names.length]).toEqual([expr, 1]);
      const spec = names.map(
        (name) => catalogue.get(name) ?? catalogue.get(name.replace(/_(bucket|count|sum)$/, '')),
      )[0];
      if (!spec) throw new Error(`${names.join(', ')} is no metric of the catalogue`);
      const known = [...spec.labels.map((label) => label.replaceAll('.', '_')), 'le', 'service'];
      const used = [
        ...[...expr.matchAll(/by \(([^)]*)\)/g)].flatMap(([, labels = '']) => labels.split(/,\s*/)),
        ...[...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = '']) => label),
      ];
      expect(used.filter((label) => !known.includes(label))).toEqual([]);
    }
  });
});
