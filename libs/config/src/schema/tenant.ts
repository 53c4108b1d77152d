import { z } from 'zod';
import { cachePolicy } from './cache-policy.js';
import { secret } from './reference.js';
import { section } from './section.js';
import { transforms } from './transforms.js';

const TOKEN = /^[A-Za-z0-9_-]{1,64}$/;
const token = z
  .string()
  .regex(TOKEN, 'must be 1 to 64 of A-Z a-z 0-9 _ - because it stands in NATS subjects');

export const tenant = section({
  id: token,
  weight: z.number().positive().default(1).describe('Its share against other tenants of a class. Default 1.'),
  keys: z
    .array(section({ name: token, secret }))
    .default([])
    .describe('API keys, each with a name to be known by.'),
  cache: cachePolicy
    .exactOptional()
    .describe(
      'Caches answers to this tenant; that of a model stands above it. Default: to requests that ask for it.',
    ),
  transforms: transforms
    .exactOptional()
    .describe(
      "Rules for this tenant's requests and answers, in order; before those of models on the way in, after them on the way out.",
    ),
  data: section({
    regions: z.array(z.string().min(1)).min(1).exactOptional().describe('Where it may go. Default anywhere.'),
    zeroRetention: z
      .boolean()
      .exactOptional()
      .describe(
        'Only to deployments whose terms keep nothing. Nothing of a request or an answer is kept past its outcome: not for an idempotency key, a resumed stream, the cache or a dead letter; files, batches, jobs and background responses are refused.',
      ),
    noTraining: z.boolean().exactOptional().describe('Only to deployments whose terms rule training out.'),
  })
    .describe('Where its data may go. No request can lift this.')
    .exactOptional(),
});
