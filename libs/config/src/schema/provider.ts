import { z } from 'zod';
import { credentials } from './credential.js';
import { durationMs } from './duration.js';
import { secret, text } from './reference.js';
import { section } from './section.js';
import { transforms } from './transforms.js';

/** The adapters of `libs/providers`, which a test holds this list against. */
export const ADAPTERS = [
  'openai',
  'openai-responses',
  'openai-compatible',
  'anthropic',
  'gemini',
  'azure',
  'bedrock',
  'vertex',
  'cohere',
  'mistral',
  'groq',
  'xai',
  'deepseek',
  'together',
  'fireworks',
  'perplexity',
  'cerebras',
] as const;

export const provider = section({
  adapter: z.enum(ADAPTERS).describe('The API it speaks.'),
  baseUrl: text.describe('Scheme, host and the path that the API is below. May hold ${env:NAME}.'),
  apiKey: secret.exactOptional().describe('Sent as the API wants it.'),
  credentials: credentials
    .exactOptional()
    .describe('Several instead of `apiKey`; their limits hold for each deployment by itself.'),
  headers: z.record(z.string(), text).exactOptional().describe('Sent with every call. May hold ${env:NAME}.'),
  connections: z
    .int()
    .positive()
    .exactOptional()
    .describe('At the same time. Default: as many as there are calls.'),
  connectTimeout: durationMs.exactOptional().describe('To open a connection. Default 10s.'),
  streamUsage: z
    .boolean()
    .exactOptional()
    .describe('Whether it can be asked for usage at the end of a stream. Default true.'),
  transforms: transforms
    .exactOptional()
    .describe(
      "Rules for what is sent to this provider, in its own dialect, and for its answers, in the client's.",
    ),
  options: z
    .record(z.string(), text)
    .exactOptional()
    .describe(
      'What only one adapter knows: region, accessKeyId and secretAccessKey for bedrock; project and location for vertex. May hold ${env:NAME}.',
    ),
}).transform(({ connectTimeout, ...rest }) => ({
  ...rest,
  ...(connectTimeout === undefined ? {} : { connectTimeoutMs: connectTimeout }),
}));
