import { loadConfig } from './load-config.js';
import { ConfigError } from './problem.js';

const HEAD = `providers:
  sim: { adapter: openai, baseUrl: "http://127.0.0.1:1/v1" }
deployments:
  - { id: sim/small, provider: sim, model: sim-small, price: { input: 0, output: 0 } }
tenants: [{ id: acme }]
`;

function load(rest: string) {
  return loadConfig('penstock.yaml', {}, () => HEAD + rest);
}

function problemsOf(rest: string): string[] {
  try {
    load(rest);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n');
    throw error;
  }
  throw new Error('the configuration was accepted');
}

const withRule = (rule: string) =>
  `models:
  small:
    deployments: [sim/small]
    transforms:
      - ${rule}
`;

const withPreset = (preset: string) => `models: { small: { deployments: [sim/small] } }
presets:
  support:
${preset}
`;

describe('transforms', () => {
  it('are read as they are written', () => {
    const rules = [
      { rename: { from: 'max_tokens', to: 'max_completion_tokens' }, apis: ['openai.chat'] },
      { default: { temperature: 0.2, 'metadata.team': 'x' } },
      { set: { user: null } },
      { drop: ['logit_bias'], on: 'request' },
      { clamp: { temperature: { max: 1 } } },
      { jsonata: '$merge([$, {"a": 1}])', on: 'response' },
      { trimMessages: { to: 'context' } },
      { prependSystem: 'Be kind.' },
    ];
    const { models } = load(withRule(rules.map((rule) => JSON.stringify(rule)).join('\n      - ')));
    expect(models['small']?.transforms).toEqual(rules);
  });

  it.each([
    [
      '{ dorp: [n] }',
      /^penstock.yaml:10:11: models.small.transforms\[0\].dorp is not known here; known are on, /,
    ],
    [
      '{ drop: [n], set: { a: 1 } }',
      /^penstock.yaml:10:9: models.small.transforms\[0\] must have exactly one of .* it has set and drop/,
    ],
    ['{ on: request }', /:10:9: .* it has none/],
    ['{ drop: [] }', /transforms\[0\].drop must be at least 1/],
    [
      '{ drop: [a.__proto__.b] }',
      /:10:18: models.small.transforms\[0\].drop\[0\] names what an object is made of/,
    ],
    ['{ set: { constructor: 1 } }', /transforms\[0\].set.constructor names what an object is made of/],
    ['{ drop: ["a..b"] }', /drop\[0\] must be names with dots/],
    [
      '{ set: { model: other } }',
      /:10:18: models.small.transforms\[0\].set.model names model, by which jobs are routed/,
    ],
    ['{ drop: [stream_options.include_usage] }', /drop\[0\] names stream_options, by which/],
    ['{ rename: { from: stream, to: streaming } }', /rename.from names stream, by which/],
    ['{ rename: { from: a.*.b, to: c } }', /rename moves a field out of a list/],
    ['{ clamp: { n: { min: 2, max: 1 } } }', /clamp.n has a min above its max/],
    ['{ clamp: { n: {} } }', /clamp.n must have min, max or both/],
    [
      '{ jsonata: "$merge([$" }',
      /:10:11: models.small.transforms\[0\].jsonata is no JSONata expression at character \d+: /,
    ],
    ['{ jsonata: "$", on: answers }', /transforms\[0\].on must be one of request, response, answer, event/],
    ['{ trimMessages: { to: all } }', /trimMessages.to must be context, or a number of tokens/],
    ['{ prependSystem: "Hi", on: response }', /transforms\[0\].on must be request for prependSystem/],
    ['{ drop: [n], apis: [openai.chats] }', /apis\[0\] must be one of openai.chat, /],
  ])('%s is refused, and said where and why', (rule, problem) => {
    expect(problemsOf(withRule(rule))).toContainEqual(expect.stringMatching(problem));
  });

  it('may drop from an answer what no rule may change in a request', () => {
    expect(() => load(withRule('{ drop: [model], on: response }'))).not.toThrow();
  });

  it('of a provider are no rules of conversations, nor of requests that are signed', () => {
    const rest = 'models: { small: { deployments: [sim/small] } }\n';
    const provider = (adapter: string, rule: string) => () =>
      loadConfig('penstock.yaml', {}, () =>
        (HEAD + rest).replace('adapter: openai,', `adapter: ${adapter}, transforms: [${rule}],`),
      );
    expect(provider('openai', '{ trimMessages: { to: 10 } }')).toThrow(
      /penstock.yaml:2:42: providers.sim.transforms\[0\].trimMessages needs the client's own dialect/,
    );
    expect(provider('bedrock', '{ drop: [n] }')).toThrow(/is signed already/);
    expect(provider('bedrock', '{ drop: [n], on: response }')).not.toThrow();
    expect(provider('openai', '{ drop: [n] }')).not.toThrow();
  });
});

describe('presets', () => {
  it('have versions, one of which is the latest', () => {
    const { presets } = load(
      withPreset(
        '    latest: 2\n    versions: { 1: { model: small }, 2: { model: "small:floor", system: Hi } }',
      ),
    );
    expect(presets).toEqual({
      support: {
        latest: '2',
        versions: { '1': { model: 'small' }, '2': { model: 'small:floor', system: 'Hi' } },
      },
    });
  });

  it.each([
    [
      'latest: 3\n    versions: { 1: {} }',
      /:9:5: presets.support.latest names the version "3", which does not exist; there are 1/,
    ],
    [
      'latest: 1\n    versions: { 1: { model: big } }',
      /:10:22: presets.support.versions.1.model names the model "big", which does not exist/,
    ],
    [
      'latest: 1\n    versions: { 1: { models: [small, big] } }',
      /versions.1.models\[1\] names the model "big"/,
    ],
    ['latest: 1\n    versions: { 1: { fields: { model: x } } }', /fields.model names model, by which/],
    [
      'latest: 1\n    versions: { 1: { transforms: [{ jsonata: "(" }] } }',
      /:10:37: presets.support.versions.1.transforms\[0\].jsonata is no/,
    ],
    [
      'latest: 1\n    versions: { 1: { temperature: 1 } }',
      /temperature is not known here; known are model, system, fields/,
    ],
    ['latest: 1\n    versions: { "a@b": {} }', /must be 1 to 32 of/],
    ['versions: { 1: {} }', /presets.support.latest .*must be the name of a version/],
  ])('%j is refused, and said where and why', (preset, problem) => {
    expect(problemsOf(withPreset(`    ${preset}`))).toEqual([expect.stringMatching(problem)]);
  });

  it.each([
    ['{ sort: prize }', /versions.1.provider.sort must be price, throughput or latency/],
    ['{ onyl: [sim] }', /versions.1.provider.onyl is not known here/],
    ['{ only: [sim, gone] }', /versions.1.provider.only\[1\] names "gone", which is neither/],
  ])('prefer no provider by %s', (provider, problem) => {
    const text = withPreset(`    latest: 1\n    versions: { 1: { provider: ${provider} } }`);
    expect(problemsOf(text)).toEqual([expect.stringMatching(problem)]);
  });

  it('have names that can stand in the name of a model', () => {
    const text = withPreset('    latest: 1\n    versions: { 1: {} }').replace('support:', '"a/b":');
    expect(problemsOf(text)).toEqual([expect.stringMatching(/presets.*must be 1 to 64 of A-Z/)]);
  });
});
