import { z } from 'zod';
import { section } from './section.js';

const names = z.array(z.string().min(1));
const amount = z.number().nonnegative().exactOptional();
const sortKey = z.enum(['price', 'throughput', 'latency']);
const cutoffs = z.union([
  z.number().nonnegative(),
  section({ p50: amount, p75: amount, p90: amount, p99: amount }),
]);

/** The `provider` object of a request, as `libs/scheduling` reads it, which a test holds this against. */
export const providerPreferences = section({
  order: names.exactOptional(),
  only: names.min(1).exactOptional(),
  ignore: names.exactOptional(),
  allow_fallbacks: z.boolean().exactOptional(),
  require_parameters: z.boolean().exactOptional(),
  data_collection: z.enum(['allow', 'deny']).exactOptional(),
  zdr: z.boolean().exactOptional(),
  enforce_distillable_text: z.boolean().exactOptional(),
  quantizations: z
    .array(z.enum(['int4', 'int8', 'fp4', 'fp6', 'fp8', 'fp16', 'bf16', 'fp32', 'unknown']))
    .min(1)
    .exactOptional(),
  sort: z
    .union([sortKey, section({ by: sortKey, partition: z.enum(['model', 'none']).exactOptional() })], {
      error: 'must be price, throughput or latency, or { by, partition }',
    })
    .exactOptional(),
  preferred_min_throughput: cutoffs.exactOptional(),
  preferred_max_latency: cutoffs.exactOptional(),
  max_price: section({ prompt: amount, completion: amount, request: amount, image: amount }).exactOptional(),
  hedge: z
    .union([z.boolean(), section({ after_ms: z.int().min(1).max(600_000) })], {
      error: 'must be true, false or { after_ms }',
    })
    .exactOptional(),
});
