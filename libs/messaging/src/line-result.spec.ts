import fc from 'fast-check';
import { HEADER, OUTCOMES } from '@penstock/contracts';
import { encodeLines, eventIn, readLines, type LineResult } from './line-result.js';

const usage = fc.record({
  inputTokens: fc.nat(),
  outputTokens: fc.nat(),
  source: fc.constantFrom('provider' as const, 'estimated' as const),
});
const answer = fc.record(
  {
    outcome: fc.constantFrom(...OUTCOMES),
    status: fc.integer({ min: 100, max: 599 }),
    contentType: fc.string(),
    body: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    errorCode: fc.constantFrom('provider_error' as const, 'rate_limited' as const),
    retryAfterMs: fc.nat(),
    dropped: fc.array(fc.stringMatching(/^[a-z_]{1,9}$/), { minLength: 1, maxLength: 3 }),
  },
  { requiredKeys: ['outcome', 'status', 'contentType', 'body'] },
);
const result: fc.Arbitrary<LineResult> = fc.record(
  {
    line: fc.integer({ min: 1, max: 50_000 }),
    answer,
    claimCheck: fc.string({ minLength: 1 }),
    usage,
    event: fc.json().map((text) => Buffer.from(text)),
  },
  { requiredKeys: ['line', 'answer', 'event'] },
);

const SUBJECT = 'results.acme.batch_1.0.7.9.end';

describe('results in one message', () => {
  it('are read as they were written, bodies and events to the byte', () => {
    fc.assert(
      fc.property(fc.array(result, { minLength: 1, maxLength: 8 }), (results) => {
        const data = encodeLines(results);
        expect(readLines({ subject: SUBJECT, headers: undefined, data })).toEqual(results);
      }),
    );
  });

  it('give their events back', () => {
    fc.assert(
      fc.property(result, (one) => {
        expect(eventIn(one)).toEqual(JSON.parse(one.event.toString()));
      }),
    );
  });

  it.each(['', 'null', '[', '[1]\n', '{}\n', '[{"bytes":3}]\n'])(
    'are none in a message that holds %j',
    (text) => {
      expect(readLines({ subject: SUBJECT, headers: undefined, data: Buffer.from(text) })).toEqual([]);
    },
  );

  it('are none in any bytes that nobody wrote, and nothing is thrown', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (data) => {
        expect(readLines({ subject: SUBJECT, headers: undefined, data })).toEqual([]);
      }),
    );
  });
});

describe('a result as it lay alone, before lines had one message together', () => {
  const headers = new Map([
    [HEADER.outcome, 'succeeded'],
    [HEADER.status, '200'],
    [HEADER.contentType, 'application/json'],
    [HEADER.event, '{"job":"batch_1.7","attempt":{"usage":{"inputTokens":3,"outputTokens":4}}}'],
  ]);

  it('is read still', () => {
    const [found] = readLines({
      subject: 'results.acme.batch_1.7',
      headers: { get: (name) => headers.get(name as never) ?? '' },
      data: Buffer.from('{}'),
    });
    expect(found).toMatchObject({
      line: 7,
      answer: { outcome: 'succeeded', status: 200, body: Buffer.from('{}') },
      usage: { inputTokens: 3, outputTokens: 4 },
    });
    expect(found && eventIn(found)).toMatchObject({ job: 'batch_1.7' });
  });
});
