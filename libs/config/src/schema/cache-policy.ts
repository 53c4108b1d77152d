import { z } from 'zod';
import { parseDurationMs, durationMs } from './duration.js';
import { section } from './section.js';

const DAY_MS = parseDurationMs('24h') ?? 0;

/** Where answers are cached without being asked for by each request. */
export const cachePolicy = section({
  ttl: durationMs
    .pipe(z.number().min(1_000, 'must be at least 1s').max(DAY_MS, 'must be at most 24h'))
    .describe('How long an answer is given again to the same request of the same tenant. 1s to 24h.'),
}).transform(({ ttl }) => ({ ttlMs: ttl }));
