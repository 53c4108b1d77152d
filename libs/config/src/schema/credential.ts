import { z } from 'zod';
import { limits } from './limits.js';
import { secret } from './reference.js';
import { section } from './section.js';

/** Several keys for one provider or deployment. */
export const credentials = z
  .array(
    section({
      name: z
        .string()
        .regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 of A-Z a-z 0-9 _ -')
        .describe('To be known by; unique in its list.'),
      apiKey: secret,
      limits: limits
        .exactOptional()
        .describe("By this credential alone. Default: the deployment's `limits`."),
    }),
  )
  .min(1, 'must hold at least one credential');
