import { seededRandom } from '@penstock/resilience';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';

import type { JsonSchema } from './completion-request.js';
import { fitSchema } from './fit-schema.js';

const ajv = new Ajv2020({ strict: false, validateFormats: false });

const { schema: anySchema } = fc.letrec<{ schema: Record<string, unknown> }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<Record<string, unknown>>(
      { type: 'string' },
      { type: 'string', minLength: 30 },
      { type: 'string', maxLength: 3 },
      { type: 'boolean' },
      { type: 'null' },
      { enum: ['a', 2, null] },
      { const: { a: [1] } },
      { type: ['string', 'null'] },
      { type: 'array', items: { type: 'integer' }, uniqueItems: true, minItems: 4 },
    ),
    fc
      .record({
        type: fc.constantFrom('integer', 'number'),
        minimum: fc.integer({ min: -50, max: 50 }),
        multipleOf: fc.constantFrom(1, 2, 5),
      })
      .map((schema): Record<string, unknown> => ({ ...schema, exclusiveMaximum: schema.minimum + 20 })),
    fc
      .array(tie('schema'), { minLength: 1, maxLength: 3 })
      .map((anyOf): Record<string, unknown> => ({ anyOf })),
    fc
      .tuple(tie('schema'), fc.nat(3), fc.nat(3))
      .map(([items, minItems, more]) => ({ type: 'array', items, minItems, maxItems: minItems + more })),
    fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), tie('schema')).map((properties) => ({
      type: 'object',
      properties,
      required: Object.keys(properties).slice(0, 2),
      additionalProperties: false,
    })),
  ),
}));

describe('an instance made from a schema', () => {
  it('fits it, whatever the schema and the seed', () => {
    fc.assert(
      fc.property(anySchema, fc.nat(), (schema, seed) => {
        const value = fitSchema(schema, seededRandom(seed));
        const validate = ajv.compile(schema);
        expect({ valid: validate(value), errors: validate.errors, value }).toMatchObject({ valid: true });
      }),
    );
  });

  it('follows references, and ends where a schema contains itself', () => {
    const tree: JsonSchema = {
      $ref: '#/$defs/node',
      $defs: {
        node: {
          type: 'object',
          properties: {
            name: { type: 'string' },
            children: { type: 'array', items: { $ref: '#/$defs/node' } },
            parent: { anyOf: [{ $ref: '#/$defs/node' }, { type: 'null' }] },
          },
          required: ['name', 'children', 'parent'],
          additionalProperties: false,
        },
      },
    };
    const validate = ajv.compile(tree as object);
    for (let seed = 0; seed < 20; seed++) expect(validate(fitSchema(tree, seededRandom(seed)))).toBe(true);
  });

  it('takes all of allOf', () => {
    const schema = {
      allOf: [
        { type: 'object', properties: { a: { type: 'integer' } }, required: ['a'] },
        { properties: { b: { type: 'boolean' } }, required: ['b'] },
      ],
    };
    expect(fitSchema(schema, seededRandom(1))).toEqual({ a: expect.any(Number), b: expect.any(Boolean) });
  });

  it.each([
    [
      'that nothing can fit',
      { type: 'object', properties: { me: { $ref: '#' }, too: { $ref: '#' } }, required: ['me', 'too'] },
    ],
    ['that refers to nowhere', { $ref: '#/$defs/missing' }],
    ['with an empty enum', { enum: [] }],
    ['that is false', false],
  ])('gives some JSON for a schema %s', (_what, schema) => {
    expect(typeof JSON.stringify(fitSchema(schema, seededRandom(1)))).toBe('string');
  });
});
