import {
  APIS,
  ERRORS,
  FAILURE_REASONS,
  ORIGINS,
  OUTCOMES,
  PRIORITY_CLASSES,
  type ErrorCode,
  type FailureReason,
} from '@penstock/contracts';
import * as fc from 'fast-check';
import { z } from 'zod';
import { EVENT_SCHEMA } from './event-schema.js';
import { isSoundEvent } from './is-sound-event.js';

const name = fc.string({ minLength: 1, maxLength: 40 }).filter((text) => !text.includes('\0'));
const instant = fc.integer({ min: 0, max: 253_402_300_799_999 });
const counter = fc.integer({ min: 0, max: 2_147_483_647 });

const usage = fc
  .tuple(fc.nat(), fc.nat(), fc.nat(), fc.nat(), fc.nat(), fc.constantFrom('provider', 'estimated'))
  .map(([plain, cachedInputTokens, cacheWriteTokens, said, reasoningTokens, source]) => ({
    inputTokens: plain + cachedInputTokens + cacheWriteTokens,
    outputTokens: said + reasoningTokens,
    ...{ cachedInputTokens, cacheWriteTokens, reasoningTokens, source },
  }));

const attempt = fc.record(
  {
    id: name,
    number: fc.integer({ min: 1, max: 9 }),
    deployment: name,
    provider: name,
    model: name,
    upstreamModel: name,
    worker: name,
    takenAtMs: instant,
    skipped: fc.dictionary(name, name, { maxKeys: 2 }),
    startedAtMs: instant,
    firstByteAtMs: instant,
    endedAtMs: instant,
    usage,
    failure: fc.record(
      {
        reason: fc.constantFrom(...(Object.keys(FAILURE_REASONS) as FailureReason[])),
        message: fc.string(),
        status: counter,
      },
      { requiredKeys: ['reason', 'message'] },
    ),
    upstreamId: name,
  },
  {
    requiredKeys: [
      ...(['id', 'number', 'deployment', 'provider', 'upstreamModel'] as const),
      ...(['worker', 'startedAtMs', 'endedAtMs'] as const),
    ],
  },
);

const event = fc.record(
  {
    version: fc.constant(1),
    job: name,
    tenant: name,
    class: fc.constantFrom(...PRIORITY_CLASSES),
    origin: fc.constantFrom(...ORIGINS),
    api: fc.constantFrom(...APIS),
    model: fc.oneof(name, fc.constant('')),
    keyName: name,
    labels: fc.record(
      { user: name, metadata: fc.dictionary(name, name, { maxKeys: 3 }) },
      { requiredKeys: [] },
    ),
    preset: name,
    acceptedAtMs: instant,
    atMs: instant,
    attempt,
    history: fc.array(attempt, { maxLength: 2 }),
    outcome: fc.record(
      {
        state: fc.constantFrom(...OUTCOMES),
        attempts: counter,
        errorCode: fc.constantFrom(...(Object.keys(ERRORS) as ErrorCode[])),
      },
      { requiredKeys: ['state', 'attempts'] },
    ),
    traceparent: fc.string(),
  },
  {
    requiredKeys: [
      ...(['version', 'job', 'tenant', 'class', 'origin', 'api', 'model'] as const),
      ...(['acceptedAtMs', 'atMs'] as const),
    ],
  },
);

/** What a field may be that it should not be, and some things that it may. */
const anything = fc.oneof(
  fc.constantFrom<unknown[]>(null, undefined, '', 'nul\0', 'x'.repeat(512), 'x'.repeat(513), [], {}, true),
  fc.constantFrom<unknown[]>(0, -1, 0.5, 1, 2_147_483_648, 253_402_300_800_000, 2 ** 53, 1e300),
  fc.constantFrom<unknown[]>('constructor', 'toString', { ['__proto__']: 'x' }),
  fc.jsonValue(),
);

type Json = Record<string, unknown>;

/** The JSON of a value, read back: what a message can hold. */
function throughJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

/** The objects of a value, itself included, down to the leaves. */
function objectsOf(value: unknown): Json[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  return [value as Json, ...Object.values(value).flatMap(objectsOf)];
}

const spoilt = fc.tuple(event, fc.nat(), fc.nat(), anything).map(([whole, which, field, value]) => {
  const copy = throughJson(whole);
  const objects = objectsOf(copy).filter((object) => Object.keys(object).length > 0);
  const object = objects[which % objects.length]!;
  const names = Object.keys(object);
  object[names[field % names.length]!] = value;
  return throughJson(copy);
});

/** Where a JSON schema, or a value, has fields: `attempt.usage.source`. */
function pathsOf(schema: z.core.JSONSchema.JSONSchema, path = ''): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const here = path === '' ? name : `${path}.${name}`;
    return [here, ...(typeof field === 'object' ? pathsOf(field, here) : [])];
  });
}

function valuePaths(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([name, field]) => {
    const here = path === '' ? name : `${path}.${name}`;
    return [here, ...valuePaths(field, here)];
  });
}

describe('the quick check of an event', () => {
  it('is tried with every field that the schema has', () => {
    const made = new Set(fc.sample(event, { numRuns: 500, seed: 1 }).flatMap((one) => valuePaths(one)));
    const known = pathsOf(z.toJSONSchema(EVENT_SCHEMA));
    expect(known.length).toBeGreaterThan(30);
    expect(known.filter((path) => !made.has(path))).toEqual([]);
  });

  it('knows every event that Penstock tells', () => {
    fc.assert(
      fc.property(event, (told) => {
        const value = throughJson(told);
        expect(isSoundEvent(value)).toBe(true);
        expect(value).toMatchObject(EVENT_SCHEMA.parse(value));
      }),
    );
  });

  it('takes nothing that the schema refuses, and reads the same from what it takes', () => {
    fc.assert(
      fc.property(spoilt, (value) => {
        if (!isSoundEvent(value)) return;
        const parsed = EVENT_SCHEMA.parse(value);
        expect(value).toMatchObject(parsed);
        expect(value.labels?.metadata).toEqual(parsed.labels?.metadata);
      }),
      { numRuns: 3_000 },
    );
  });

  it.each([null, 1, 'text', [], {}, [{ version: 1 }]])('takes no %j', (value) => {
    expect(isSoundEvent(value)).toBe(false);
  });
});
