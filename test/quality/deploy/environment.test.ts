import { join } from 'node:path';
import { SETTINGS, loadConfig, readSettings } from '@penstock/config';
import { ROOT, SERVICES, WITH_ADMIN_PORT, compose, stages, target } from './deployment.js';
import { effective, environment } from './dockerfile.js';

describe('the environment of a container', () => {
  const given = (name: string) => ({
    ...environment(stages, target(name)),
    ...Object.fromEntries(
      Object.entries(compose.services[name]?.environment ?? {}).map(([variable, value]) => [
        variable,
        filledIn(String(value)),
      ]),
    ),
  });

  it.each(SERVICES)('of %s has only variables that are settings, with values that are good', (name) => {
    const settings = readSettings(given(name));
    expect(settings).toMatchObject({ adminHost: '0.0.0.0', adminPort: 9464, logLevel: 'info' });
    const known = new Set<string>(Object.values(SETTINGS).map(({ variable }) => variable));
    const foreign = Object.keys(given(name)).filter((variable) => !known.has(variable));
    const secrets = ['ACME_KEY', 'SIMULATOR_KEY'];
    const otel = Object.keys(given(name)).filter((variable) => /^OTEL_[A-Z_]+$/.test(variable));
    expect(
      foreign.filter((variable) => ![...secrets, ...otel, 'NODE_ENV', 'NODE_OPTIONS'].includes(variable)),
    ).toEqual([]);
  });

  it.each(WITH_ADMIN_PORT)('of %s is enough to read its penstock.yaml', (name) => {
    const env = given(name);
    expect(readSettings(env)).toMatchObject({
      natsUrl: 'nats://nats:4222',
      configPath: env['PENSTOCK_CONFIG'],
    });
    expect(compose.services[name]?.volumes).toContainEqual(
      expect.objectContaining({ target: env['PENSTOCK_CONFIG'] }),
    );
    const config = loadConfig(join(ROOT, 'deploy/compose/penstock.yaml'), env);
    const { port, hostname } = new URL(Object.values(config.providers)[0]?.baseUrl ?? '');
    expect([hostname, port]).toEqual(['simulator', '9100']);
    expect(effective(stages, target('simulator'), 'CMD')).toContain(`"${port}"`);
  });

  it('has a database where it is written to', () => {
    const url = new URL(readSettings(given('accounting')).databaseUrl ?? '');
    const postgres = compose.services['postgres']?.environment;
    expect([url.hostname, url.username]).toEqual(['postgres', String(postgres?.['POSTGRES_USER'])]);
    expect(url.pathname).toBe(`/${String(postgres?.['POSTGRES_DB'])}`);
    expect(url.password).toBe(filledIn(String(postgres?.['POSTGRES_PASSWORD'])));
  });
});

/** As compose fills in variables that nobody has set, and `key` for those that somebody must. */
function filledIn(value: string): string {
  return value.replace(/\$\{\w+(?::-([^}]*)|:\?[^}]*)\}/g, (_, fallback?: string) => fallback ?? 'key');
}
