import fc from 'fast-check';
import { refusal, type Api, type Read, type RequestSummary } from '@penstock/contracts';
import { admitRoute, RouteCatalogue } from '@penstock/scheduling';
import { readLine } from './read-line.js';

/** As strict as the rules here need: an object with a model. */
function readRequest(_: Api, body: Uint8Array): Read<RequestSummary> {
  try {
    const value = JSON.parse(Buffer.from(body).toString()) as { model?: unknown; stream?: unknown };
    if (typeof value.model !== 'string') {
      return { ok: false, refusal: refusal('invalid_request', { param: 'model' }) };
    }
    return {
      ok: true,
      value: {
        model: value.model,
        stream: value.stream === true,
        estimatedInputTokens: 1,
        maxOutputTokens: undefined,
      },
    };
  } catch {
    return { ok: false, refusal: refusal('malformed_json') };
  }
}

const ROUTES = new RouteCatalogue([{ name: 'small', deployments: [], maxOutputTokens: 100 }], []);

const rules = {
  endpoint: '/v1/chat/completions',
  readRequest,
  admitRoute: (summary: RequestSummary) => admitRoute(ROUTES, { tenant: 'acme', summary }),
} as const;

const good = { custom_id: 'a', method: 'POST', url: '/v1/chat/completions', body: { model: 'small' } };
const read = (line: unknown) => readLine(Buffer.from(JSON.stringify(line)), rules);

describe('reading a line', () => {
  it('returns the custom id and the bytes of the body', () => {
    const text = `{"custom_id":"ä","method":"POST","url":"/v1/chat/completions","body": {"model":"small", "seed":1e400} }`;
    const result = readLine(Buffer.from(text), rules);
    expect(result.ok && result.line.customId).toBe('ä');
    expect(result.ok && Buffer.from(result.line.body).toString()).toBe('{"model":"small", "seed":1e400}');
  });

  it.each([
    ['no custom_id', { ...good, custom_id: undefined }, 'missing_required_parameter', 'custom_id'],
    ['a custom_id that is a number', { ...good, custom_id: 7 }, 'missing_required_parameter', 'custom_id'],
    [
      'an endless custom_id',
      { ...good, custom_id: 'x'.repeat(513) },
      'missing_required_parameter',
      'custom_id',
    ],
    ['another method', { ...good, method: 'GET' }, 'invalid_method', 'method'],
    ['another endpoint', { ...good, url: '/v1/embeddings' }, 'mismatched_url', 'url'],
    ['no body', { ...good, body: undefined }, 'missing_required_parameter', 'body'],
    ['a body that is no request', { ...good, body: {} }, 'invalid_body', 'body.model'],
    [
      'a streamed request',
      { ...good, body: { model: 'small', stream: true } },
      'invalid_body',
      'body.stream',
    ],
    ['an unknown model', { ...good, body: { model: 'huge' } }, 'model_not_found', 'body.model'],
    ['an array', [good], 'invalid_json_line', null],
  ])('refuses %s', (_, line, code, param) => {
    const result = read(line);
    expect(result).toMatchObject({ ok: false, problem: { code, param } });
  });

  it('refuses what is not UTF-8', () => {
    const bytes = Buffer.from(JSON.stringify(good));
    bytes[bytes.indexOf('"a"') + 1] = 0xff;
    expect(readLine(bytes, rules)).toMatchObject({ ok: false, problem: { code: 'invalid_json_line' } });
  });

  it('accepts a line only if it is JSON, whatever one byte is changed to', () => {
    const text = JSON.stringify(good);
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.integer({ min: 0, max: 127 }), (at, byte) => {
        const bytes = Buffer.from(text);
        bytes[at] = byte;
        if (!readLine(bytes, rules).ok) return;
        expect(() => JSON.parse(bytes.toString()) as unknown).not.toThrow();
      }),
      { numRuns: 2_000 },
    );
  });
});
