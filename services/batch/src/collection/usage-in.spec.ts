import type { JobEvent } from '@penstock/contracts';
import * as fc from 'fast-check';
import { usageIn } from './usage-in.js';

/** Texts that look like the fields that are looked for. */
const text = fc.oneof(
  fc.string(),
  fc.constantFrom(
    'usage',
    'attempt',
    'history',
    '"',
    '\\',
    '}',
    '{',
    '"usage":{"inputTokens":1}',
    '\\"attempt":{',
  ),
  fc.constantFrom(
    '":{"usage":{',
    'x"usage',
    'x"attempt',
    '"attempt":{"usage":{}}',
    '"history":[{"usage":{}}]',
  ),
);

const usage = fc.record(
  {
    inputTokens: fc.nat(),
    outputTokens: fc.nat(),
    cachedInputTokens: fc.nat(),
    reasoningTokens: fc.nat(),
    source: fc.constantFrom('provider', 'estimated'),
  },
  { requiredKeys: ['inputTokens', 'outputTokens', 'source'] },
);

const attempt = fc.record(
  {
    id: text,
    worker: text,
    skipped: fc.dictionary(text, text),
    usage,
    failure: fc.record({ message: text }),
  },
  { requiredKeys: ['id'] },
);

const fields = {
  job: text,
  labels: fc.record({ user: text, metadata: fc.dictionary(text, text) }, { requiredKeys: [] }),
  attempt,
  history: fc.array(attempt, { maxLength: 2 }),
  outcome: fc.record({ state: text, attempts: fc.nat(), errorCode: text }),
  traceparent: text,
};

const event = fc.record(fields, { requiredKeys: ['job'] });

function shuffled(told: object, order: readonly string[]): object {
  return Object.fromEntries(order.filter((name) => name in told).map((name) => [name, told[name as never]]));
}

describe('the usage in an event', () => {
  it('is that of its attempt, whatever else it tells and in whatever order', () => {
    const order = fc.shuffledSubarray(Object.keys(fields), { minLength: Object.keys(fields).length });
    fc.assert(
      fc.property(event, order, (told, names) => {
        const json = JSON.stringify(shuffled(told, names));
        expect(usageIn(json)).toEqual((JSON.parse(json) as JobEvent).attempt?.usage);
      }),
      { numRuns: 1_000 },
    );
  });

  it.each(['', '{}', '{"attempt":{"usage":{', '{"attempt":{"usage":{"inputTokens":x}}}'])(
    'is none in %s',
    (json) => {
      expect(usageIn(json)).toBeUndefined();
    },
  );
});
