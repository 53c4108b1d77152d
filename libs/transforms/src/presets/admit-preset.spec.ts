import { refusal, type Read, type RequestSummary } from '@penstock/contracts';
import { admitPreset } from './admit-preset.js';
import type { Presets } from './preset.js';

const PRESETS: Presets = {
  support: {
    latest: '2',
    versions: {
      '1': { model: 'small', system: 'Old.' },
      '2': {
        model: 'small',
        system: 'Be kind.',
        fields: { temperature: 0.2, 'metadata.team': 'support' },
        provider: { sort: 'price' },
        models: ['large'],
        transforms: [{ trimMessages: { to: 'context' } }],
      },
    },
  },
  bare: { latest: 'a', versions: { a: { fields: { top_p: 0.5 } } } },
};

function read(body: Uint8Array, address?: string): Read<RequestSummary> {
  const { model, preset } = JSON.parse(Buffer.from(body).toString()) as { model: string; preset?: unknown };
  if (model === '') return { ok: false, refusal: refusal('invalid_request') };
  const summary = {
    model: address ?? model,
    stream: false,
    estimatedInputTokens: 1,
    maxOutputTokens: undefined,
  };
  return { ok: true, value: { ...summary, ...(preset !== undefined && { preset }) } };
}

function admit(request: object) {
  const messages = [{ role: 'user', content: 'Hello' }];
  const body = Buffer.from(JSON.stringify({ messages, ...request }));
  const admitted = admitPreset(PRESETS, 'openai.chat', body, read);
  return { body, admitted };
}

function bodyOf(request: object): unknown {
  const { admitted } = admit(request);
  if (!admitted.ok) throw new Error(admitted.refusal.message);
  return JSON.parse(Buffer.from(admitted.value.body).toString());
}

describe('a request that names a preset', () => {
  it.each([
    ['@preset/support', {}, 'support@2', 'small'],
    ['@preset/support@1', {}, 'support@1', 'small'],
    ['large@preset/support', {}, 'support@2', 'large'],
    ['large@preset/support@1', {}, 'support@1', 'large'],
    ['large', { preset: 'support' }, 'support@2', 'large'],
    ['large', { preset: 'support@1' }, 'support@1', 'large'],
  ])('%s %j is served by version %s with the model %s', (model, more, preset, served) => {
    expect(admit({ model, ...more }).admitted).toMatchObject({
      ok: true,
      value: { preset, summary: { model: served } },
    });
    expect(bodyOf({ model, ...more })).toMatchObject({ model: served });
    expect(bodyOf({ model, ...more })).not.toHaveProperty('preset');
  });

  it('has what the preset says, below what it says itself', () => {
    expect(bodyOf({ model: '@preset/support', temperature: 1, metadata: { a: 'b' } })).toEqual({
      model: 'small',
      temperature: 1,
      metadata: { a: 'b', team: 'support' },
      messages: [
        { role: 'system', content: 'Be kind.' },
        { role: 'user', content: 'Hello' },
      ],
    });
    expect(admit({ model: '@preset/support' }).admitted).toMatchObject({
      value: { routing: { provider: { sort: 'price' }, models: ['large'] }, trims: true },
    });
  });

  it.each([
    [
      { model: '@preset/nobody' },
      'preset_not_found',
      'model',
      'There is no preset "nobody". There are support, bare.',
    ],
    [
      { model: '@preset/support@9' },
      'preset_not_found',
      'model',
      'The preset support has no version "9". There are 1, 2.',
    ],
    [
      { model: 'small', preset: 'x' },
      'preset_not_found',
      'preset',
      'There is no preset "x". There are support, bare.',
    ],
    [
      { model: 'small', preset: '__proto__' },
      'preset_not_found',
      'preset',
      expect.stringContaining('__proto__'),
    ],
    [{ model: 'small', preset: 7 }, 'invalid_request', 'preset', 'preset must be a name, or name@version.'],
    [{ model: '@preset/bare' }, 'invalid_request', 'model', expect.stringContaining('<model>@preset/bare')],
  ])('%j is refused as %s, naming %s', (request, code, param, message) => {
    expect(admit(request).admitted).toEqual({ ok: false, refusal: { code, param, message } });
  });

  it('is left as it is where it names none', () => {
    const { body, admitted } = admit({ model: 'small' });
    expect(admitted.ok && admitted.value.body).toBe(body);
    expect(admitted.ok && Object.keys(admitted.value)).toEqual(['body', 'summary']);
  });
});
