import { z } from 'zod';
import { cachePolicy } from './cache-policy.js';
import { hedge } from './hedge.js';
import { section } from './section.js';
import { transforms } from './transforms.js';

/** The strategies of `libs/scheduling`, which a test holds this list against. */
export const STRATEGIES = [
  'ordered',
  'weighted',
  'cheapest',
  'fastest',
  'throughput',
  'least-loaded',
  'balanced',
  'sticky',
] as const;

export const model = section({
  deployments: z
    .array(z.string())
    .min(1, 'must name at least one deployment')
    .describe('Ids of `deployments`.'),
  strategy: z
    .enum(STRATEGIES)
    .default('ordered')
    .describe('In which order deployments are tried. Default ordered: as they are listed.'),
  attempts: z
    .int()
    .min(1)
    .max(20)
    .exactOptional()
    .describe(
      'Most attempts a job, over all deployments. Default by class: 5 interactive, 6 standard, 8 batch.',
    ),
  canary: section({
    deployment: z.string().describe("One of the model's `deployments`."),
    percent: z.number().min(0).max(100).describe('Share of jobs that try it first; the others try it last.'),
  })
    .describe('Tries a deployment out on a share of the jobs, whatever the strategy.')
    .exactOptional(),
  fallbacks: z
    .array(z.string())
    .exactOptional()
    .describe(
      'Other models to go to when this one fails, in this order; a request may name its own. Default none.',
    ),
  hedge: hedge
    .exactOptional()
    .describe(
      'Sends a second attempt to another deployment when the first is slow to answer: only of interactive jobs that somebody waits for. Default never.',
    ),
  cache: cachePolicy
    .exactOptional()
    .describe('Caches answers of this model. Default: of requests that ask for it.'),
  transforms: transforms
    .exactOptional()
    .describe('Rules for requests to this model and answers of it, in order.'),
  maxOutputTokens: z
    .int()
    .positive()
    .default(4_096)
    .describe('What an answer is taken to need when its request sets no bound. Default 4096.'),
});
