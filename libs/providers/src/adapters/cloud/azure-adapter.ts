import type { Adapter } from '../adapter.js';
import { openAiDialect } from '../openai/openai-dialect.js';
import { OPENAI_ERRORS, openAiOptions } from '../openai/openai-adapter.js';

/**
 * OpenAI's models at Azure. The base URL ends in `/openai/v1`; the upstream model is the name of the deployment there.
 */
export const azureAdapter: Adapter = {
  dialect: (settings) => ({
    ...openAiDialect(settings),
    headers: (apiKey) => (apiKey === undefined ? {} : { 'api-key': apiKey }),
  }),
  errors: OPENAI_ERRORS,
  package: {
    family: 'openai',
    open: async (settings) => {
      const { createAzure } = await import('@ai-sdk/azure');
      const provider = createAzure(settings);
      return (upstreamModel) => provider.chat(upstreamModel);
    },
    options: openAiOptions,
  },
};
