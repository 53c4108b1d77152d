import { z } from 'zod';
import { durationMs } from './duration.js';
import { section } from './section.js';

export const hedge = section({
  after: z
    .union([z.literal('p95'), durationMs], { error: 'must be p95 or a duration such as 800ms' })
    .default('p95')
    .describe(
      'How long the first attempt may be silent: a duration, or p95, what 95 % of calls to its deployment took lately. Default p95.',
    ),
  budget: z
    .number()
    .min(0)
    .max(0.1)
    .default(0.02)
    .describe('Most hedges for each job that may be hedged: 0.02 is two in a hundred. Default 0.02.'),
  when: z
    .enum(['always', 'asked'])
    .default('always')
    .describe('Whether all jobs may be hedged, or those whose request says provider.hedge. Default always.'),
}).transform(({ after, budget, when }) => ({
  budget,
  when,
  ...(after !== 'p95' && { afterMs: after }),
}));
