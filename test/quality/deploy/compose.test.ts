import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isNewEnough, parseNatsVersion } from '../../../deploy/local/src/nats/nats-requirement.js';
import { variablesOf, waitsFor } from './compose-file.js';
import { ROOT, SERVICES, compose, read, stages, target } from './deployment.js';
import { effective, environment } from './dockerfile.js';

const fromSource = Object.entries(compose.services).filter(([, { build }]) => build !== undefined);
/** Those that run the program of their target; the others run another one out of the same image. */
const built = fromSource.filter(([, { command }]) => command === undefined);

describe('deploy/compose', () => {
  it('runs every service from its own target', () => {
    expect(built.map(([name]) => name).toSorted()).toEqual(SERVICES.toSorted());
    for (const [name, { build }] of built) {
      expect(build).toEqual({ context: '../..', dockerfile: 'deploy/docker/Dockerfile', target: name });
    }
  });

  it('runs other programs of an image only where there are any', () => {
    for (const [name, { command }] of fromSource) {
      const source = command?.[1]?.replace(/^dist\//, '').replace(/\.js$/, '.ts') ?? 'services';
      expect([name, existsSync(join(ROOT, source))]).toEqual([name, true]);
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
