import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  ADAPTERS,
  configJsonSchema,
  loadConfig,
  PRESET_PREFERENCES,
  PROTECTED_FIELDS,
  RULE_APIS,
  STRATEGIES,
} from '@penstock/config';
import { APIS } from '@penstock/contracts';
import { ADAPTER_NAMES } from '@penstock/providers';
import { providerPreferences, STRATEGIES as SCHEDULING_STRATEGIES } from '@penstock/scheduling';
import { PROTECTED_FIELDS as FIELDS_KEPT, RuleBook } from '@penstock/transforms';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { format, resolveConfig } from 'prettier';
import { parse } from 'yaml';

const LOCAL = path.resolve(import.meta.dirname, '../../deploy/local');
const SCHEMA = path.join(LOCAL, 'penstock.schema.json');
const CONFIG = path.join(LOCAL, 'penstock.yaml');
const KEYS = { SIMULATOR_KEY: 'a', ACME_KEY: 'b', GLOBEX_KEY: 'c', PENSTOCK_SIMULATOR_PORT: '9100' };

describe('penstock.schema.json', () => {
  it('is what the types say', async () => {
    const options = { ...(await resolveConfig(SCHEMA)), parser: 'json' };
    const fresh = await format(JSON.stringify(configJsonSchema()), options);
    // WRITE_DOCS=1 writes it anew instead of comparing it.
    if (process.env['WRITE_DOCS'] === '1') writeFileSync(SCHEMA, fresh);
    else expect(readFileSync(SCHEMA, 'utf8')).toBe(fresh);
  });

  it('takes the configuration that comes with npm start, and refuses a misspelt key', () => {
    const validate = new Ajv2020({ strict: false }).compile(
      JSON.parse(readFileSync(SCHEMA, 'utf8')) as object,
    );
    const config = parse(readFileSync(CONFIG, 'utf8')) as { tenants: object[] };
    expect([validate(config), validate.errors]).toEqual([true, null]);
    expect(validate({ ...config, tennants: [] })).toBe(false);
  });
});

describe('the example of docs/transforms.md', () => {
  it('loads', () => {
    const document = readFileSync(path.resolve(LOCAL, '../../docs/transforms.md'), 'utf8');
    const [, example = ''] = /<!-- example: transforms -->\s+```yaml\n([^]+?)```/.exec(document) ?? [];
    const env = { ACME_KEY: 'a', OPENAI_KEY: 'b' };
    const config = loadConfig('example.yaml', env, () => example);
    expect(config.models['small']?.transforms).toHaveLength(6);
    expect(Object.keys(config.presets ?? {})).toEqual(['support']);
    const call = { api: 'openai.chat', tenant: 'acme', model: 'small', provider: 'openai' } as const;
    expect(Object.keys(new RuleBook(config).planOf(call) ?? {})).toEqual(['request', 'wire', 'answer']);
  });
});

describe('deploy/local/penstock.yaml', () => {
  it('loads, with two tenants and deployments that behave differently', () => {
    const config = loadConfig(CONFIG, KEYS);
    expect(config.tenants.map(({ id }) => id)).toEqual(['acme', 'globex']);
    expect(new Set(config.deployments.map(({ upstreamModel }) => upstreamModel)).size).toBeGreaterThanOrEqual(
      3,
    );
  });
});

describe('the lists of names in libs/config', () => {
  it('are those of the libs that give them a meaning', () => {
    expect([...ADAPTERS].sort()).toEqual([...ADAPTER_NAMES].sort());
    expect([...STRATEGIES].sort()).toEqual([...SCHEDULING_STRATEGIES].sort());
    expect(RULE_APIS).toEqual(APIS);
    expect(Object.keys(PRESET_PREFERENCES.shape)).toEqual(Object.keys(providerPreferences.shape));
    expect(PROTECTED_FIELDS).toEqual(FIELDS_KEPT);
  });
});
