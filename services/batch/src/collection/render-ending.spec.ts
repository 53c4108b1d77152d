import fc from 'fast-check';
import { renderEnding } from './render-ending.js';

const name = { batch: 'batch_01x', line: 7, customId: 'mine' };
const answered = { kind: 'answered', succeeded: true, status: 200, contentType: 'application/json' } as const;
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();

describe('an output line', () => {
  it('has the format of the API', () => {
    const line = renderEnding(name, { ...answered, body: Buffer.from('{"id":"x"}'), usage: undefined });
    expect(text(line)).toBe(
      '{"id":"batch_req_01x_7","custom_id":"mine","response":' +
        '{"status_code":200,"request_id":"batch_01x.7","body":{"id":"x"}},"error":null}\n',
    );
  });

  it('says why a line was not done', () => {
    const line = renderEnding(name, { kind: 'unanswered', code: 'batch_expired' });
    expect(JSON.parse(text(line))).toMatchObject({
      custom_id: 'mine',
      response: null,
      error: { code: 'batch_expired' },
    });
  });

  it('is one line of JSON, whatever the custom id and however the answer is laid out', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.jsonValue(),
        fc.constantFrom(undefined, 2),
        (customId, value, indent) => {
          const body = Buffer.from(JSON.stringify(value, null, indent));
          const line = text(renderEnding({ ...name, customId }, { ...answered, body, usage: undefined }));
          expect(line.indexOf('\n')).toBe(line.length - 1);
          const parsed = JSON.parse(line) as { custom_id: string; response: { body: unknown } };
          expect(parsed.custom_id).toBe(customId);
          expect(JSON.stringify(parsed.response.body)).toBe(JSON.stringify(value));
        },
      ),
    );
  });

  it('quotes an answer that is not JSON', () => {
    const ending = {
      ...answered,
      contentType: 'text/html',
      body: Buffer.from('<b>\n"no"'),
      usage: undefined,
    };
    expect(JSON.parse(text(renderEnding(name, ending)))).toMatchObject({ response: { body: '<b>\n"no"' } });
  });
});
