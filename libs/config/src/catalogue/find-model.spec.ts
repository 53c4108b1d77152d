import { findKnownModel } from './find-model.js';

describe('the catalogue of well-known models', () => {
  it('knows prices, context and abilities, by the adapter that reaches the model', () => {
    expect(findKnownModel('anthropic', 'claude-opus-5')).toEqual({
      contextTokens: 1_000_000,
      maxOutputTokens: 128_000,
      price: { input: 5, output: 25, cachedInput: 0.5, cacheWrite: 6.25 },
      capabilities: { tools: true, vision: true, jsonSchema: true },
    });
    expect(findKnownModel('groq', 'llama-3.3-70b-versatile')).toEqual({
      capabilities: { tools: true, vision: false, jsonSchema: true },
    });
    expect(findKnownModel('gemini', 'gemini-2.5-pro')).toEqual(findKnownModel('vertex', 'gemini-2.5-pro'));
  });

  it('takes a dated version for its model', () => {
    expect(findKnownModel('openai', 'gpt-4o-2024-08-06')).toEqual(findKnownModel('openai', 'gpt-4o'));
    expect(findKnownModel('anthropic', 'claude-haiku-4-5-20251001')?.price?.input).toBe(1);
  });

  it('knows nothing of what it does not list', () => {
    expect(findKnownModel('openai', 'my-own')).toBeUndefined();
    expect(findKnownModel('openai-compatible', 'gpt-4o')).toBeUndefined();
  });
});
