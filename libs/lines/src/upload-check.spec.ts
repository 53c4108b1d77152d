import fc from 'fast-check';
import { RouteCatalogue } from '@penstock/scheduling';
import { NO_RULES } from '@penstock/transforms';
import { FILE_LIMITS, FileCheck } from './file-check.js';
import { lineRules } from './line-rules.js';
import { UploadCheck } from './upload-check.js';

const routes = new RouteCatalogue(
  ['small', 'large'].map((name) => ({ name, deployments: [], maxOutputTokens: 100 })),
  [],
);
const CHAT = '/v1/chat/completions';
const rules = lineRules({ routes, rules: NO_RULES }, 'acme', CHAT);

const lineOf = ({ id, model, url }: { id: number; model: string; url: string }) =>
  JSON.stringify({
    custom_id: `line-${id}`,
    method: 'POST',
    url,
    body: { model, messages: [{ role: 'user', content: 'Hi' }] },
  });

async function pass(text: Buffer, cuts: readonly number[] = []) {
  const check = new UploadCheck({
    configuration: 'one',
    rulesFor: (endpoint) => ({ ...rules, endpoint }),
    turn: () => Promise.resolve(),
  });
  const places = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].sort((a, b) => a - b);
  const chunks = [0, ...places].map((place, i) => text.subarray(place, places[i] ?? text.length));
  const passed: Uint8Array[] = [];
  const source = (async function* () {
    yield* chunks;
  })();
  for await (const chunk of check.file(source)) passed.push(chunk);
  expect(Buffer.concat(passed).equals(text)).toBe(true);
  return check.verdict();
}

describe('checking a file while it is uploaded', () => {
  it('finds it valid if the check of the whole file does, lets every byte pass, wherever the chunks are cut', async () => {
    const line = fc.record({
      id: fc.nat(60),
      model: fc.constantFrom('small', 'small', 'small', 'large', 'gone'),
      url: fc.constantFrom(CHAT, CHAT, CHAT, '/v1/embeddings'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 5 }), fc.array(fc.nat(2_000)), async (lines, cuts) => {
        const texts = lines.map(lineOf);
        const check = new FileCheck(rules, FILE_LIMITS);
        for (const [i, text] of texts.entries()) check.add({ number: i + 1, bytes: Buffer.from(text) });
        const whole = check.verdict();
        const { ok: _, ...found } = whole;
        const verdict = await pass(Buffer.from(texts.join('\n')), cuts);
        // A file for another endpoint is found to be for that one.
        if (lines[0]?.url === CHAT || !verdict) {
          expect(verdict).toEqual(whole.ok ? { endpoint: CHAT, configuration: 'one', ...found } : undefined);
        }
      }),
    );
  });

  it('holds a file to be for the endpoint of its first line', async () => {
    const embedding = JSON.stringify({
      custom_id: 'a',
      method: 'POST',
      url: '/v1/embeddings',
      body: { model: 'small', input: 'Hi' },
    });
    expect(await pass(Buffer.from(embedding))).toEqual({
      endpoint: '/v1/embeddings',
      lines: 1,
      model: 'small',
      configuration: 'one',
    });
  });

  it.each(['', '\n\n', 'no line', '{"url":"/v1/nowhere"}', '{"url":{}}', `{"url":"${CHAT}"}`])(
    'notes nothing of %j',
    async (text) => {
      expect(await pass(Buffer.from(text))).toBeUndefined();
    },
  );
});
