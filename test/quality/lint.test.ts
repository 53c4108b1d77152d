import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

interface Finding {
  readonly ruleId: string;
  readonly message: string;
  readonly fatal: boolean;
}

/** Each text stands in a file that is there, so that it is one of the project's own. */
const LIB = 'libs/contracts/src/index.ts';
const SERVICE = 'services/router/src/main.ts';

const FORBIDDEN: readonly (readonly [what: string, file: string, text: string, rule: string, why: RegExp])[] =
  [
    [
      'contracts a lib',
      LIB,
      `export * from '@penstock/resilience';`,
      'boundaries/dependencies',
      /no other lib/,
    ],
    [
      'scheduling messaging',
      'libs/scheduling/src/index.ts',
      `export * from '@penstock/messaging';`,
      'boundaries/dependencies',
      /libs\/scheduling may import contracts, resilience/,
    ],
    [
      'telemetry resilience, were it only its types',
      'libs/telemetry/src/index.ts',
      `import type { Clock } from '@penstock/resilience'; export type C = Clock;`,
      'boundaries/dependencies',
      /libs\/telemetry may import contracts/,
    ],
    [
      'a lib a service',
      'libs/messaging/src/index.ts',
      `export * from '../../../services/router/src/main.js';`,
      'boundaries/dependencies',
      /never the other way round/,
    ],
    [
      'messaging the runtime of services',
      'libs/messaging/src/index.ts',
      `export * from '@penstock/runtime';`,
      'boundaries/dependencies',
      /libs\/messaging may import/,
    ],
    [
      'a service another service',
      SERVICE,
      `export * from '../../worker/src/main.js';`,
      'boundaries/dependencies',
      /No service imports another/,
    ],
    [
      'a service what is for tests',
      SERVICE,
      `export * from '@penstock/testing';`,
      'boundaries/dependencies',
      /for tests only/,
    ],
    [
      'a lib what is for tests',
      'libs/messaging/src/index.ts',
      `export * from '@penstock/testing';`,
      'boundaries/dependencies',
      /libs\/messaging may import/,
    ],
    ['a service NATS', SERVICE, `export * from 'nats';`, 'boundaries/dependencies', /@penstock\/messaging/],
    [
      'a service NATS, late',
      SERVICE,
      `export const js = () => import('@nats-io/jetstream');`,
      'boundaries/dependencies',
      /@penstock\/messaging/,
    ],
    [
      'a service undici',
      SERVICE,
      `export * from 'undici';`,
      'boundaries/dependencies',
      /@penstock\/providers/,
    ],
    ['a service pg', SERVICE, `export * from 'pg';`, 'boundaries/dependencies', /@penstock\/persistence/],
    [
      'a service OpenTelemetry',
      SERVICE,
      `export * from '@opentelemetry/api';`,
      'boundaries/dependencies',
      /@penstock\/telemetry/,
    ],
    [
      'scheduling Nest',
      'libs/scheduling/src/index.ts',
      `export * from '@nestjs/common';`,
      'boundaries/dependencies',
      /no Nest here/,
    ],
    [
      'anyone behind the door of a lib',
      SERVICE,
      `export * from '../../../libs/contracts/src/errors.js';`,
      'no-restricted-imports',
      /one door/,
    ],
    ['anyone the time', LIB, `export const now = Date.now();`, 'no-restricted-properties', /Clock/],
    ['anyone the time in disguise', LIB, `export const now = new Date();`, 'no-restricted-syntax', /Clock/],
    ['anyone a timer', LIB, `setTimeout(() => undefined, 1);`, 'no-restricted-globals', /Clock/],
    ['anyone chance', LIB, `export const dice = Math.random();`, 'no-restricted-properties', /Random/],
    [
      'anyone the environment',
      SERVICE,
      `export const home = process.env['HOME'];`,
      'no-restricted-properties',
      /config/,
    ],
    ['anyone the console', SERVICE, `console.log('hello');`, 'no-restricted-globals', /logger/],
    [
      'anyone an import in a circle',
      'libs/contracts/src/outcome.ts',
      `export * from './index.js';`,
      'import-x/no-cycle',
      /cycle/,
    ],
    ['anyone more than 300 lines', LIB, 'export {};\n'.repeat(301), 'max-lines', /300/],
  ];

const ALLOWED: readonly (readonly [what: string, file: string, text: string])[] = [
  ['scheduling contracts', 'libs/scheduling/src/index.ts', `export * from '@penstock/contracts';`],
  ['messaging NATS', 'libs/messaging/src/index.ts', `export * from 'nats';`],
  ['telemetry Nest', 'libs/telemetry/src/index.ts', `export * from '@nestjs/common';`],
  ['a service a lib', SERVICE, `export * from '@penstock/scheduling';`],
  ['a spec what is for tests', 'libs/telemetry/src/logger.spec.ts', `export * from '@penstock/testing';`],
  ['main.ts the time', SERVICE, `export const now = Date.now();`],
  ['a test a service', 'test/quality/lint.test.ts', `export * from '../../services/router/src/main.js';`],
  ['anyone a date that is given', LIB, `export const date = (ms: number) => new Date(ms);`],
];

function lint(cases: readonly { file: string; text: string }[]): Finding[][] {
  const script = join(import.meta.dirname, 'lint-texts.mjs');
  const output = execFileSync(process.execPath, [script], { input: JSON.stringify(cases), encoding: 'utf8' });
  return JSON.parse(output) as Finding[][];
}

describe('the lint rules', () => {
  const findings = lint([...FORBIDDEN, ...ALLOWED].map(([, file, text]) => ({ file, text })));

  it.each(FORBIDDEN.map((entry, index) => [...entry, index] as const))(
    'refuse %s',
    (_what, _file, _text, rule, why, index) => {
      const found = findings[index] ?? [];
      expect(found.filter(({ fatal }) => fatal)).toEqual([]);
      expect(found).toContainEqual(
        expect.objectContaining({ ruleId: rule, message: expect.stringMatching(why) as string }),
      );
    },
  );

  it.each(ALLOWED.map((entry, index) => [...entry, index + FORBIDDEN.length] as const))(
    'allow %s',
    (_what, _file, _text, index) => {
      expect(findings[index]).toEqual([]);
    },
  );
});
