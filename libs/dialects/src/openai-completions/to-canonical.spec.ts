import { translateRequest } from '../translate-request.js';

const read = (more: object) =>
  translateRequest(
    'openai.completions',
    new TextEncoder().encode(JSON.stringify({ model: 'small', prompt: 'Once', ...more })),
  );

describe('a text completion between dialects', () => {
  it('is what a user says, with the bound the API has', () => {
    expect(read({ temperature: 1, stop: ['\n'], user: 'u-1' })).toMatchObject({
      ok: true,
      value: {
        dropped: [],
        call: {
          prompt: [{ role: 'user', content: [{ type: 'text', text: 'Once' }] }],
          maxOutputTokens: 16,
          temperature: 1,
          stopSequences: ['\n'],
          user: 'u-1',
        },
      },
    });
    expect(read({ prompt: ['Twice'] })).toMatchObject({
      value: { call: { prompt: [{ content: [{ text: 'Twice' }] }] } },
    });
  });

  it('lists what it drops', () => {
    expect(read({ echo: true, suffix: 'x', best_of: 2, logprobs: 1 })).toMatchObject({
      value: { dropped: ['suffix', 'logprobs', 'best_of', 'echo'] },
    });
  });

  it.each([[['one', 'two']], [[1, 2]], [[[1, 2]]]])('refuses prompts that are not one text: %j', (prompt) => {
    expect(read({ prompt })).toMatchObject({
      ok: false,
      refusal: { code: 'unprocessable', param: 'prompt' },
    });
  });

  it('is the only way out of its API: embeddings have none', () => {
    const body = new TextEncoder().encode('{"model":"m","input":"x"}');
    expect(translateRequest('openai.embeddings', body)).toMatchObject({ refusal: { code: 'unprocessable' } });
  });
});
