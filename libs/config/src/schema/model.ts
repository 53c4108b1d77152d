import { z } from 'zod';
import { section } from './section.js';

/** The strategies of `libs/scheduling`, which a test holds this list against. */
export const STRATEGIES = [
  'ordered',
  'weighted',
  'cheapest',
  'fastest',
  'throughput',
  'least-loaded',
  'balanced',
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
    .default(4)
    .describe('Most attempts a job, over all deployments. Default 4.'),
  maxOutputTokens: z
    .int()
    .positive()
    .default(4_096)
    .describe('What an answer is taken to need when its request sets no bound. Default 4096.'),
});
