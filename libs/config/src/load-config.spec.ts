import { loadConfig } from './load-config.js';
import { ConfigError } from './problem.js';

const GOOD = `
providers:
  sim: { adapter: openai, baseUrl: "http://127.0.0.1:\${env:PORT}/v1", apiKey: "\${env:SIM_KEY}", connectTimeout: 2s }
deployments:
  - { id: sim/small, provider: sim, model: sim-small, price: { input: 0.15, output: 0.60 }, limits: { concurrency: 64 } }
models:
  small: { deployments: [sim/small] }
tenants:
  - { id: acme, weight: 2, keys: [{ name: default, secret: "\${env:ACME_KEY}" }, { name: ci, secret: "\${file:ci.key}" }] }
results: { ttl: 36h }
`;
const ENV = { PORT: '9100', SIM_KEY: 'sk-sim', ACME_KEY: 'sk-acme' };

function load(yaml: string, env: Record<string, string> = ENV) {
  const files: Record<string, string> = {
    '/etc/penstock/penstock.yaml': yaml,
    '/etc/penstock/ci.key': 'sk-ci\n',
  };
  return loadConfig('/etc/penstock/penstock.yaml', env, (path) => {
    const text = files[path];
    if (text === undefined) throw new Error('no such file');
    return text;
  });
}

function problemsOf(yaml: string, env?: Record<string, string>): string[] {
  try {
    load(yaml, env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n');
    throw error;
  }
  throw new Error('the configuration was accepted');
}

describe('loadConfig', () => {
  it('gives a whole configuration: defaults filled in, secrets resolved, durations in milliseconds', () => {
    expect(load(GOOD)).toEqual({
      providers: {
        sim: {
          adapter: 'openai',
          baseUrl: 'http://127.0.0.1:9100/v1',
          apiKey: 'sk-sim',
          connectTimeoutMs: 2_000,
        },
      },
      deployments: [
        {
          id: 'sim/small',
          provider: 'sim',
          upstreamModel: 'sim-small',
          price: { input: 0.15, output: 0.6 },
          limits: { concurrency: 64 },
          timeouts: { firstByteMs: 60_000, idleMs: 30_000 },
        },
      ],
      models: {
        small: { deployments: ['sim/small'], strategy: 'ordered', maxOutputTokens: 4_096 },
      },
      tenants: [
        {
          id: 'acme',
          weight: 2,
          keys: [
            { name: 'default', secret: 'sk-acme' },
            { name: 'ci', secret: 'sk-ci' },
          ],
        },
      ],
      classes: {
        interactive: { startWithinMs: 30_000 },
        standard: { reserve: 0.05 },
        batch: { reserve: 0.05 },
      },
      limits: { bodyBytes: 20_971_520, readerStallMs: 60_000 },
      leases: { interactive: 4_000, standard: 10_000, batch: 10_000 },
      results: { ttlMs: 129_600_000 },
    });
  });

  it('refuses unknown keys where they stand, with those it knows', () => {
    const [problem] = problemsOf(GOOD.replace('concurrency: 64', 'concurrencey: 64'));
    expect(problem).toBe(
      '/etc/penstock/penstock.yaml:5:103: deployments[0].limits.concurrencey is not known here; known are concurrency, rpm, tpm, inputTpm, outputTpm',
    );
  });

  it('tells all problems at once, in the order of the file', () => {
    const problems = problemsOf(
      GOOD.replace('adapter: openai', 'adapter: carrier-pigeon')
        .replace('input: 0.15', 'input: free')
        .replace('model: sim-small, ', '')
        .replace('ttl: 36h', 'ttl: soon'),
    );
    expect(problems.map((line) => line.replace(/^[^ ]+ /, ''))).toEqual([
      expect.stringMatching(/^providers\.sim\.adapter must be one of openai, /),
      'deployments[0].model is missing; must be a string',
      'deployments[0].price.input must be a number',
      'results.ttl must be a number and a unit, such as 250ms, 30s, 5m, 24h or 7d',
    ]);
    expect(problems.map((line) => Number(line.split(':')[1]))).toEqual([3, 5, 5, 10]);
  });

  it('refuses a secret that is written out, saying how to refer to one and not repeating it', () => {
    const [problem] = problemsOf(GOOD.replace('${env:ACME_KEY}', 'sk-very-secret'));
    expect(problem).toMatch(/tenants\[0\]\.keys\[0\]\.secret is a secret.*\$\{env:NAME\} or \$\{file:PATH\}/);
    expect(problem).not.toContain('very-secret');
  });

  it('refuses a credential in a header', () => {
    const [problem] = problemsOf(
      GOOD.replace('adapter: openai,', 'adapter: openai, headers: { X-Api-Key: sk-1 },'),
    );
    expect(problem).toMatch(/providers\.sim\.headers\.X-Api-Key looks like a secret/);
    expect(problem).not.toContain('sk-1');
  });

  it('replaces references in the options of an adapter, and refuses a credential there', () => {
    const withOptions = (options: string) =>
      GOOD.replace('adapter: openai,', `adapter: openai, options: ${options},`);
    const config = load(withOptions('{ region: eu-west-1, secretAccessKey: "${env:AWS}" }'), {
      ...ENV,
      AWS: 'shh',
    });
    expect(config.providers['sim']?.options).toEqual({ region: 'eu-west-1', secretAccessKey: 'shh' });
    expect(problemsOf(withOptions('{ secretAccessKey: shh }'))).toEqual([
      expect.stringMatching(/options\.secretAccessKey looks like a secret/),
    ]);
  });

  it('reads several credentials, of a provider and of a deployment, each with limits of its own', () => {
    const yaml = GOOD.replace(
      'limits: { concurrency: 64 }',
      'timeouts: { abandoned: 2s }, credentials: [{ name: one, apiKey: "${env:ONE}", limits: { rpm: 100, inputTpm: 5000 } }]',
    ).replace('apiKey: "${env:SIM_KEY}"', 'credentials: [{ name: main, apiKey: "${env:SIM_KEY}" }]');
    const config = load(yaml, { ...ENV, ONE: 'sk-one' });
    expect(config.deployments[0]).toMatchObject({
      credentials: [{ name: 'one', apiKey: 'sk-one', limits: { rpm: 100, inputTpm: 5000 } }],
      timeouts: { abandonedMs: 2_000 },
    });
    expect(config.providers['sim']?.credentials).toEqual([{ name: 'main', apiKey: 'sk-sim' }]);
  });

  it('refuses credentials that are none, literal, twice there, or beside a single one', () => {
    const withCredentials = (credentials: string) =>
      problemsOf(GOOD.replace('limits: { concurrency: 64 }', `credentials: ${credentials}`), {
        ...ENV,
        A: 'a',
      });
    expect(withCredentials('[]')).toEqual([
      expect.stringMatching(/deployments\[0\]\.credentials must hold at least one credential/),
    ]);
    expect(withCredentials('[{ name: one, apiKey: sk-1 }]')).toEqual([
      expect.stringMatching(/credentials\[0\]\.apiKey is a secret/),
    ]);
    expect(withCredentials('[{ name: one, apiKey: "${env:A}", limits: { rpm: -1 } }]')).toEqual([
      expect.stringMatching(/credentials\[0\]\.limits\.rpm must be more than 0/),
    ]);
    const one = '{ name: one, apiKey: "${env:A}" }';
    expect(withCredentials(`[${one}, ${one}]`)).toEqual([
      expect.stringMatching(/credentials\[1\]\.name "one" is there already/),
    ]);
    const beside = GOOD.replace('connectTimeout: 2s', `credentials: [${one}]`);
    expect(problemsOf(beside, { ...ENV, A: 'a' })).toEqual([
      expect.stringMatching(/providers\.sim\.apiKey stands beside `credentials`/),
    ]);
  });

  it('says which reference leads nowhere', () => {
    const problems = problemsOf(GOOD.replace('ci.key', 'gone.key'), { PORT: '1', SIM_KEY: 'k' });
    expect(problems).toEqual([
      expect.stringMatching(/secret refers to \$\{env:ACME_KEY\}, but the variable ACME_KEY is not set$/),
      expect.stringMatching(
        /secret refers to \$\{file:gone\.key\}, but the file gone\.key cannot be read or is empty$/,
      ),
    ]);
  });

  it.each([
    [
      'an unknown provider',
      'provider: sim,',
      'provider: sym,',
      /provider names the provider "sym".*there are sim$/,
    ],
    [
      'an unknown deployment',
      '[sim/small]',
      '[sim/large]',
      /models\.small\.deployments\[0\] names the deployment "sim\/large"/,
    ],
    [
      'a deployment named twice',
      '[sim/small]',
      '[sim/small, sim/small]',
      /deployments\[1\] names "sim\/small" a second time/,
    ],
    [
      'an unknown strategy',
      '[sim/small] }',
      '[sim/small], strategy: quickest }',
      /:7:\d+: models\.small\.strategy must be one of ordered, .*, sticky$/,
    ],
    [
      'a negative weight',
      'model: sim-small,',
      'model: sim-small, weight: -1,',
      /:5:\d+: deployments\[0\]\.weight must be more than 0$/,
    ],
    [
      'a canary that is not among the deployments',
      '[sim/small] }',
      '[sim/small], canary: { deployment: sim/large, percent: 5 } }',
      /models\.small\.canary\.deployment names the deployment "sim\/large", which does not exist; there are sim\/small$/,
    ],
    [
      'a share of more than all',
      '[sim/small] }',
      '[sim/small], canary: { deployment: sim/small, percent: 120 } }',
      /models\.small\.canary\.percent must be at most 100$/,
    ],
    [
      'a model that falls back to itself',
      '[sim/small] }',
      '[sim/small], fallbacks: [small] }',
      /models\.small\.fallbacks\[0\] names the model itself$/,
    ],
    [
      'a fallback that does not exist',
      '[sim/small] }',
      '[sim/small], fallbacks: [large] }',
      /models\.small\.fallbacks\[0\] names the model "large", which does not exist/,
    ],
    [
      'a tenant that is no subject token',
      'id: acme,',
      'id: "acme.corp",',
      /tenants\[0\]\.id must be 1 to 64 of/,
    ],
    [
      'a key name twice',
      'name: ci,',
      'name: default,',
      /tenants\[0\]\.keys\[1\]\.name "default" is there already/,
    ],
    ['a base URL that is none', 'http://127', 'htp://127', /baseUrl must be a URL/],
    ['no tenants', 'tenants:', 'renters:', /tenants is missing; must be a list/],
  ])('refuses %s', (_name, from, to, expected) => {
    expect(problemsOf(GOOD.replace(from, to))).toEqual(
      expect.arrayContaining([expect.stringMatching(expected)]),
    );
  });

  it('refuses one secret for two keys, since nobody could say whose request it is', () => {
    const [problem] = problemsOf(GOOD.replace('${file:ci.key}', '${env:ACME_KEY}'));
    expect(problem).toMatch(/keys\[1\]\.secret is the same secret as that of acme\/default/);
  });

  it('refuses duplicate ids', () => {
    const line = GOOD.split('\n').find((text) => text.includes('id: sim/small')) ?? '';
    expect(problemsOf(GOOD.replace(line, `${line}\n${line}`))).toEqual([
      expect.stringMatching(
        /^\/etc\/penstock\/penstock\.yaml:6:\d+: deployments\[1\]\.id "sim\/small" is there already$/,
      ),
    ]);
  });

  it('says where the YAML breaks off, and that a file is not there', () => {
    expect(problemsOf('providers: { a: [1 }\n')[0]).toMatch(/penstock\.yaml:1:\d+: is not YAML: /);
    expect(problemsOf('tenants: 1\ntenants: 2\n')[0]).toMatch(
      /penstock\.yaml:2:1: is not YAML: Map keys must be unique/,
    );
    expect(() => loadConfig('/nowhere.yaml', {})).toThrow('/nowhere.yaml:1:1: the file cannot be read');
    expect(problemsOf('')).toEqual(['/etc/penstock/penstock.yaml:1:1: must be a map']);
  });

  it('takes price, context and abilities from the catalogue where it says nothing itself', () => {
    const known = GOOD.replace('model: sim-small, price: { input: 0.15, output: 0.60 }', 'model: gpt-4.1');
    expect(load(known).deployments[0]).toMatchObject({
      price: { input: 2, output: 8 },
      contextTokens: 1_047_576,
      capabilities: { tools: true, vision: true, jsonSchema: true },
    });
    const own = known.replace('limits:', 'contextTokens: 8000, capabilities: { vision: false }, limits:');
    expect(load(own).deployments[0]).toMatchObject({
      contextTokens: 8_000,
      capabilities: { tools: true, vision: false, jsonSchema: true },
    });
  });

  it('wants a price where the catalogue has none', () => {
    const free = GOOD.replace('price: { input: 0.15, output: 0.60 }, ', '');
    expect(problemsOf(free).join()).toContain('deployments[0].price');
    expect(problemsOf(free).join()).toContain('the catalogue knows none for sim-small');
  });
});
