import jsonata from 'jsonata';
import { z } from 'zod';
import { section } from './section.js';

/** Fields of a request that no rule may change: those of `libs/transforms`, which a test holds this list against. */
export const PROTECTED_FIELDS = [
  'model',
  'models',
  'stream',
  'stream_options',
  'provider',
  'session_id',
  'preset',
] as const;

/** Client APIs, as `libs/contracts` has them, which a test holds this list against. */
export const RULE_APIS = [
  'openai.chat',
  'openai.completions',
  'openai.embeddings',
  'openai.responses',
  'anthropic.messages',
  'gemini.generate',
  'openai.moderations',
  'openai.images.generations',
  'openai.images.edits',
  'openai.audio.speech',
  'openai.audio.transcriptions',
  'openai.audio.translations',
] as const;

const RULE_KINDS = [
  'rename',
  'default',
  'set',
  'drop',
  'clamp',
  'jsonata',
  'trimMessages',
  'prependSystem',
] as const;

const FIELD = /^[^.\s]{1,128}(\.[^.\s]{1,128}){0,15}$/;

/** A field by its dotted path. `*` stands for every element of a list. */
export const field = z
  .string()
  .regex(
    FIELD,
    'must be names with dots between them, at most 16, such as metadata.team or choices.*.message',
  )
  .refine(
    (path) => !path.split('.').some((name) => ['__proto__', 'prototype', 'constructor'].includes(name)),
    'names what an object is made of, which is no field',
  );

const rename = section({ from: field, to: field })
  .refine(({ from, to }) => from !== to, 'renames a field to itself')
  .refine(
    ({ from, to }) => !`${from}.${to}`.split('.').includes('*') || parentOf(from) === parentOf(to),
    'moves a field out of a list: with * only the last name may differ',
  )
  .refine(({ from, to }) => !to.endsWith('*') && !from.endsWith('*'), 'renames the elements of a list');

function parentOf(path: string): string {
  return path.split('.').slice(0, -1).join('.');
}

const bounds = section({ min: z.number().exactOptional(), max: z.number().exactOptional() })
  .refine(({ min, max }) => min !== undefined || max !== undefined, 'must have min, max or both')
  .refine(({ min = -Infinity, max = Infinity }) => min <= max, 'has a min above its max');

const expression = z
  .string()
  .min(1)
  .superRefine((source, context) => {
    try {
      jsonata(source);
    } catch (error) {
      const { message, position } = error as { message?: string; position?: number };
      const where = position === undefined ? '' : ` at character ${position}`;
      context.addIssue({
        code: 'custom',
        message: `is no JSONata expression${where}: ${message ?? 'broken'}`,
      });
    }
  });

/** Any value that JSON has. */
export const json = z.json().meta({ id: 'json' });

export const fields = z.record(field, json);

const rule = section({
  on: z
    .enum(['request', 'response', 'answer', 'event'])
    .exactOptional()
    .describe(
      'What it is applied to. `response` is whole answers and each event of a stream, `answer` and `event` one of the two. Default request.',
    ),
  apis: z
    .array(z.enum(RULE_APIS))
    .min(1)
    .exactOptional()
    .describe('Only to calls of these client APIs. Default all.'),
  rename: rename.exactOptional().describe('Moves a field.'),
  default: fields.exactOptional().describe('Sets fields that are absent or null.'),
  set: fields.exactOptional().describe('Sets fields whatever they are.'),
  drop: z.array(field).min(1).exactOptional().describe('Removes fields.'),
  clamp: z.record(field, bounds).exactOptional().describe('Brings numbers within bounds.'),
  jsonata: expression
    .exactOptional()
    .describe('An expression whose value, an object, takes the place of the document.'),
  trimMessages: section({
    to: z
      .union([z.literal('context'), z.int().positive()], { error: 'must be context, or a number of tokens' })
      .describe("Tokens of the request, or `context`: the deployment's `contextTokens` less the answer."),
  })
    .exactOptional()
    .describe('Leaves the oldest messages out until the request fits. Done last.'),
  prependSystem: z.string().min(1).exactOptional().describe('Instructions before those of the request.'),
}).superRefine((given, context) => {
  const kinds = RULE_KINDS.filter((kind) => given[kind] !== undefined);
  if (kinds.length !== 1) {
    const what = kinds.length === 0 ? 'none' : kinds.join(' and ');
    context.addIssue({
      code: 'custom',
      message: `must have exactly one of ${RULE_KINDS.join(', ')}; it has ${what}`,
    });
  }
  const onRequest = (given.on ?? 'request') === 'request';
  for (const kind of ['trimMessages', 'prependSystem'] as const) {
    if (given[kind] !== undefined && !onRequest)
      context.addIssue({ code: 'custom', path: ['on'], message: `must be request for ${kind}` });
  }
  if (onRequest) for (const issue of protectedIn(given)) context.addIssue({ code: 'custom', ...issue });
});

type Named = Partial<{
  rename: { from: string; to: string };
  default: object;
  set: object;
  drop: readonly string[];
  clamp: object;
}>;

/** Where a rule names a field that a job was admitted, routed and is billed by. */
function protectedIn(given: Named): { path: (string | number)[]; message: string }[] {
  const named: [string, (string | number)[]][] = [
    ...(['from', 'to'] as const).flatMap((end): [string, (string | number)[]][] =>
      given.rename ? [[given.rename[end], ['rename', end]]] : [],
    ),
    ...(['default', 'set', 'clamp'] as const).flatMap((kind) =>
      Object.keys(given[kind] ?? {}).map((name): [string, string[]] => [name, [kind, name]]),
    ),
    ...(given.drop ?? []).map((name, at): [string, (string | number)[]] => [name, ['drop', at]]),
  ];
  return named.flatMap(([name, path]) => {
    const message = protectedName(name);
    return message === undefined ? [] : [{ path, message }];
  });
}

/** What is wrong with a field that no rule and no preset may set; undefined for one that they may. */
export function protectedName(name: string): string | undefined {
  const [first = ''] = name.split('.');
  if (!(PROTECTED_FIELDS as readonly string[]).includes(first)) return undefined;
  return `names ${first}, by which jobs are routed and billed: no rule may change ${PROTECTED_FIELDS.join(', ')}`;
}

export const transforms = z.array(rule.meta({ id: 'rule' }));
