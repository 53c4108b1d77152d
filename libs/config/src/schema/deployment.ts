import { z } from 'zod';
import { credentials } from './credential.js';
import { durationMs } from './duration.js';
import { limits } from './limits.js';
import { section } from './section.js';

const usd = z.number().nonnegative();

const price = section({
  input: usd,
  output: usd,
  cachedInput: usd.exactOptional().describe('Default: as input.'),
  cacheWrite: usd.exactOptional().describe('Default: as input.'),
}).describe(
  'US dollars per million tokens. Default: what the catalogue of well-known models says; without one it is required.',
);

const timeouts = section({
  firstByte: durationMs
    .default(60_000)
    .describe('From the call to the first byte of the answer. Default 60s.'),
  idle: durationMs.default(30_000).describe('Between two pieces of the answer. Default 30s.'),
  abandoned: durationMs
    .exactOptional()
    .describe(
      'How long the provider may go on with a call whose caller vanished: so long the places of a worker that died stay empty. Default: the longer of the other two.',
    ),
}).transform(({ firstByte, idle, abandoned }) => ({
  firstByteMs: firstByte,
  idleMs: idle,
  ...(abandoned === undefined ? {} : { abandonedMs: abandoned }),
}));

const capabilities = section({
  tools: z.boolean().exactOptional(),
  vision: z.boolean().exactOptional(),
  jsonSchema: z.boolean().exactOptional(),
  parameters: z.array(z.string()).exactOptional().describe('Request parameters it supports. Absent: all.'),
}).describe('What it can do. Default: what the catalogue says; what nobody says is taken to be there.');

const terms = section({
  keepsNothing: z.boolean().exactOptional(),
  doesNotTrain: z.boolean().exactOptional(),
  outputMayTrain: z.boolean().exactOptional(),
}).describe('What its provider promises. A promise that is not stated is taken not to be made.');

export const deployment = section({
  id: z
    .string()
    .regex(/^[A-Za-z0-9._/:-]{1,128}$/, 'must be 1 to 128 of A-Z a-z 0-9 . _ / : -')
    .describe('Unique; by custom <provider>/<model>.'),
  provider: z.string().describe('One of `providers`.'),
  model: z.string().min(1).describe("The model's name at the provider."),
  price: price.exactOptional(),
  limits: limits.default({}),
  credentials: credentials
    .exactOptional()
    .describe(
      "Instead of the provider's: each has limits of its own, and calls go where there is most room.",
    ),
  timeouts: timeouts.prefault({}),
  region: z.string().min(1).exactOptional(),
  capabilities: capabilities.exactOptional(),
  contextTokens: z
    .int()
    .positive()
    .exactOptional()
    .describe('Input and output together. Default: what the catalogue says, else it is not checked.'),
  quantization: z
    .enum(['int4', 'int8', 'fp4', 'fp6', 'fp8', 'fp16', 'bf16', 'fp32', 'unknown'])
    .exactOptional(),
  terms: terms.exactOptional(),
  weight: z.number().positive().exactOptional().describe('For the strategy weighted. Default 1.'),
}).transform(({ model, ...rest }) => ({ ...rest, upstreamModel: model }));
