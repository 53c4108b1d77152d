import fc from 'fast-check';
import { REDACTED, redactor } from './redact.js';

const SECRET = 'c0ffee1234567890';

describe('redactor', () => {
  const redact = redactor();

  it.each([
    ['a field', JSON.stringify({ headers: { Authorization: `Bearer ${SECRET}` } })],
    ['a field with another scheme', JSON.stringify({ 'x-api-key': SECRET, ok: 1 })],
    ['a field whose value has quotes', JSON.stringify({ password: `${SECRET}"${SECRET}` })],
    ['JSON inside JSON', JSON.stringify({ body: JSON.stringify({ api_key: SECRET, a: 'b' }) })],
    [
      'JSON inside JSON inside JSON',
      JSON.stringify({ a: JSON.stringify({ b: JSON.stringify({ apiKey: SECRET }) }) }),
    ],
    ['a header line', JSON.stringify({ msg: `sent Authorization: Bearer ${SECRET} to it` })],
    ['a header line without a scheme', JSON.stringify({ msg: `api-key: ${SECRET}` })],
    ['an OpenAI key', JSON.stringify({ msg: `Incorrect API key provided: sk-proj-${SECRET}` })],
    ['a Penstock key', JSON.stringify({ msg: `unknown key pk_${SECRET}` })],
    ['a Google key', JSON.stringify({ msg: `AIza${SECRET}${SECRET}` })],
    ['a web token', JSON.stringify({ msg: `eyJhbGciOi.${SECRET}.${SECRET}` })],
    ['a URL with a password', JSON.stringify({ url: `postgres://penstock:${SECRET}@db:5432/penstock` })],
    ['a URL with a key', JSON.stringify({ url: `https://x.example/v1?alt=sse&key=${SECRET}` })],
  ])('takes the secret out of %s, and the line stays JSON', (_, line) => {
    const redacted = redact(line);
    expect(redacted).not.toContain(SECRET);
    expect(redacted).toContain(REDACTED);
    expect(() => JSON.parse(redacted) as unknown).not.toThrow();
  });

  it('redacts a field whatever its value and however deep in JSON within JSON, and nothing after it', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1 }),
        fc.string(),
        fc.integer({ min: 0, max: 3 }),
        (secret, after, depth) => {
          let line = JSON.stringify({ password: secret, zz: `zz ${after}` });
          for (let level = 0; level < depth; level++) line = JSON.stringify({ body: line });
          let read: unknown = JSON.parse(redact(line));
          for (let level = 0; level < depth; level++) read = JSON.parse((read as { body: string }).body);
          expect((read as { password: string }).password).toBe(REDACTED);
          expect((read as { zz: string }).zz.startsWith('zz ')).toBe(true);
        },
      ),
    );
  });

  it('leaves ordinary lines as they are', () => {
    const line = JSON.stringify({
      level: 'info',
      job: 'job_0k3t9a1b2c3d4e5f6g7h8i9j0',
      tenant: 'acme',
      url: 'http://127.0.0.1:9100/v1',
      msg: 'keyed by tenant: the token bucket is full, basic auth is off',
      tokens: 12,
    });
    expect(redact(line)).toBe(line);
  });

  it('takes known secrets out whatever their form, and the longer one whole', () => {
    const redacted = redactor(['hunter2', 'hunter2-long', 'we"ird', 'a'])(
      JSON.stringify({ msg: 'no hunter2-long, no hunter2, no we"ird, a word' }),
    );
    expect(JSON.parse(redacted)).toEqual({ msg: `no ${REDACTED}, no ${REDACTED}, no ${REDACTED}, a word` });
  });
});
