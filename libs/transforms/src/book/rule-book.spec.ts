import type { RuleSet } from './rule-set.js';
import { NO_RULES, RuleBook, type RuleSources } from './rule-book.js';

const add = (name: string, on: 'request' | 'response' = 'request') => ({
  on,
  jsonata: `$merge([$, { "path": $append(path, "${name}") }])`,
});

const SOURCES: RuleSources = {
  tenants: [{ id: 'acme', transforms: [add('tenant'), add('tenant', 'response')] }, { id: 'globex' }],
  models: {
    small: { transforms: [add('model'), add('model', 'response')] },
    large: { transforms: [{ on: 'event', drop: ['usage'] }] },
    plain: {},
  },
  providers: { sim: { transforms: [add('provider'), add('provider', 'response')] }, other: {} },
  presets: {
    p: { latest: '1', versions: { '1': { transforms: [add('preset'), add('preset', 'response')] } } },
  },
};

const book = new RuleBook(SOURCES);
const call = { api: 'openai.chat', tenant: 'globex', model: 'plain', provider: 'other' } as const;

describe('the rules of a configuration', () => {
  it('go preset, tenant, model, provider on the way in, and back again', async () => {
    const plan = book.planOf({ ...call, tenant: 'acme', model: 'small', provider: 'sim', preset: 'p@1' });
    const path = (set: RuleSet | undefined) => set?.apply({ path: [] });
    expect(await path(plan?.request)).toMatchObject({ document: { path: ['preset', 'tenant', 'model'] } });
    expect(await path(plan?.wire)).toMatchObject({ document: { path: ['provider'] } });
    expect(await path(plan?.answer)).toMatchObject({
      document: { path: ['provider', 'model', 'tenant', 'preset'] },
    });
  });

  it('are none where none is declared, and are worked out once', () => {
    expect(book.planOf(call)).toBeUndefined();
    const large = book.planOf({ ...call, model: 'large' });
    expect(Object.keys(large ?? {})).toEqual(['event']);
    expect(book.planOf({ ...call, model: 'large' })).toBe(large);
    expect(NO_RULES.isEmpty && NO_RULES.digestOf('acme', undefined)).toBeUndefined();
  });

  it('are only for the APIs that they name', () => {
    const some = new RuleBook({
      models: { small: { transforms: [{ apis: ['openai.chat'], drop: ['n'] }] } },
    });
    expect(some.planOf({ ...call, model: 'small' })).toBeDefined();
    expect(some.planOf({ ...call, model: 'small', api: 'anthropic.messages' })).toBeUndefined();
  });

  it('have a digest that changes with them, and not with those of other tenants', () => {
    const change = (sources: Partial<RuleSources>) => new RuleBook({ ...SOURCES, ...sources });
    const own = book.digestOf('acme', undefined);
    expect(
      change({ models: { small: { transforms: [add('other')] } } }).digestOf('acme', undefined),
    ).not.toBe(own);
    const [acme] = SOURCES.tenants ?? [];
    const others = [acme!, { id: 'globex', transforms: [add('x')] }];
    expect(change({ tenants: others }).digestOf('acme', undefined)).toBe(own);
    expect(book.digestOf('acme', 'p@1')).not.toBe(own);
  });

  it('restore what jobs are routed and billed by', async () => {
    const hostile = new RuleBook({
      tenants: [{ id: 'acme', transforms: [{ jsonata: '{ "model": "dear", "stream": true, "n": n }' }] }],
    });
    const plan = hostile.planOf({ ...call, tenant: 'acme' });
    expect(await plan?.request?.apply({ model: 'small', n: 1 })).toEqual({
      kind: 'done',
      document: { model: 'small', n: 1 },
    });
  });

  it('say which of them failed, and repeat nothing of the document', async () => {
    const broken = new RuleBook({
      models: { small: { transforms: [{ drop: ['n'] }, { jsonata: 'secret' }] } },
    });
    const plan = broken.planOf({ ...call, model: 'small' });
    expect(await plan?.request?.apply({ secret: 'hush' })).toEqual({
      kind: 'failed',
      message: 'The rule models.small.transforms[1] failed: its value is not an object.',
    });
  });

  it('trim last, whatever their place', async () => {
    const trimming = new RuleBook({
      models: { small: { transforms: [{ trimMessages: { to: 110 } }, { prependSystem: 'Be kind.' }] } },
    });
    const messages = ['one', 'two', 'three'].map((content) => ({ role: 'user', content }));
    const set = trimming.planOf({ ...call, model: 'small' })?.request;
    const done = await set?.apply(
      { messages },
      { contextTokens: undefined, countTokens: (document) => JSON.stringify(document).length },
    );
    expect(done).toMatchObject({
      document: { messages: [{ content: 'Be kind.' }, { content: 'three' }] },
    });
  });
});
