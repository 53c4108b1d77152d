import { loadConfig } from '@penstock/config';
import { listModels } from './list-models.js';
import { renderModel } from './render-model.js';

const YAML = `
providers:
  anthropic: { adapter: anthropic, baseUrl: "https://api.anthropic.com/v1", apiKey: "\${env:KEY}" }
  groq: { adapter: groq, baseUrl: "https://api.groq.com/openai/v1", apiKey: "\${env:KEY}" }
deployments:
  - { id: anthropic/opus, provider: anthropic, model: claude-opus-5 }
  - id: groq/llama
    provider: groq
    model: llama-3.3-70b-versatile
    price: { input: 0.59, output: 0.79 }
    contextTokens: 131072
    capabilities: { tools: false }
models:
  best: { deployments: [anthropic/opus, groq/llama] }
  open: { deployments: [groq/llama], maxOutputTokens: 2000 }
tenants: []
`;

const shown = () => {
  const config = loadConfig('/penstock.yaml', { KEY: 'k' }, () => YAML);
  const models = Object.entries(config.models).map(([name, model]) => ({ name, ...model }));
  return listModels(models, config.deployments).map(renderModel);
};

describe('a listed model', () => {
  it('is what the catalogue knows of its first deployment', () => {
    expect(shown()[0]).toMatchObject({
      id: 'best',
      object: 'model',
      context_length: 1_000_000,
      architecture: { input_modalities: ['text', 'image'], output_modalities: ['text'] },
      pricing: {
        prompt: '0.000005',
        completion: '0.000025',
        input_cache_read: '0.0000005',
        input_cache_write: '0.00000625',
      },
      top_provider: { context_length: 1_000_000, max_completion_tokens: 128_000 },
      supported_parameters: expect.arrayContaining(['tools', 'structured_outputs', 'seed']) as string[],
    });
  });

  it('is what the configuration says, where it says something', () => {
    const model = shown()[1];
    expect(model).toMatchObject({
      context_length: 131_072,
      architecture: { input_modalities: ['text'] },
      pricing: { prompt: '0.00000059', completion: '0.00000079' },
      top_provider: { max_completion_tokens: 2_000 },
    });
    expect(model).toHaveProperty('supported_parameters', expect.not.arrayContaining(['tools']));
  });
});
