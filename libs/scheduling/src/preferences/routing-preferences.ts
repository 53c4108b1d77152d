import { z } from 'zod';

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

/**
 * How a model's deployments are put in order.
 *
 * - `ordered`: as they are listed.
 * - `weighted`: by chance, in proportion to their weights.
 * - `cheapest`: by what this job is expected to cost.
 * - `fastest`: by the median time to the first token.
 * - `throughput`: by the median of tokens a second.
 * - `least-loaded`: of two taken by chance the one with more headroom.
 * - `balanced`: by chance, in proportion to 1 / price squared.
 * - `sticky`: a conversation's own deployment, where its prompt cache is warm; those without one as `least-loaded`.
 */
export type Strategy = (typeof STRATEGIES)[number];

export const QUANTIZATIONS = [
  'int4',
  'int8',
  'fp4',
  'fp6',
  'fp8',
  'fp16',
  'bf16',
  'fp32',
  'unknown',
] as const;

export type Quantization = (typeof QUANTIZATIONS)[number];

const name = z.string().min(1);
const names = z.array(name);
const amount = z.number().nonnegative();
const cutoffs = z.union([
  amount,
  z.strictObject({
    p50: amount.optional(),
    p75: amount.optional(),
    p90: amount.optional(),
    p99: amount.optional(),
  }),
]);
const sortKey = z.enum(['price', 'throughput', 'latency']);

/** The `provider` object of a request, with OpenRouter's fields and meanings. */
export const providerPreferences = z.strictObject({
  /** Providers or deployments to try first, in this order. */
  order: names.optional(),
  /** No others. */
  only: names.min(1).optional(),
  /** Not these. */
  ignore: names.optional(),
  /** False: only those in `order`, or only the first one. Default true. */
  allow_fallbacks: z.boolean().optional(),
  /** True: only deployments that support every parameter of the request. Default false. */
  require_parameters: z.boolean().optional(),
  /** `deny`: only deployments that are known not to keep prompts to train on. Default `allow`. */
  data_collection: z.enum(['allow', 'deny']).optional(),
  /** True: only deployments that are known to keep nothing. Default false. */
  zdr: z.boolean().optional(),
  /** True: only deployments whose model's output may be used to train others. Default false. */
  enforce_distillable_text: z.boolean().optional(),
  quantizations: z.array(z.enum(QUANTIZATIONS)).min(1).optional(),
  /** Instead of the model's strategy. `partition: none` compares the deployments of all `models` with each other. */
  sort: z
    .union([sortKey, z.strictObject({ by: sortKey, partition: z.enum(['model', 'none']).optional() })])
    .optional(),
  /** Tokens a second over five minutes; a number is p50. Deployments below go to the back. */
  preferred_min_throughput: cutoffs.optional(),
  /** Seconds to the first token over five minutes; a number is p50. Deployments above go to the back. */
  preferred_max_latency: cutoffs.optional(),
  /** US dollars per million tokens, and for `request` and `image` each. Deployments above are left out. */
  max_price: z
    .strictObject({
      prompt: amount.optional(),
      completion: amount.optional(),
      request: amount.optional(),
      image: amount.optional(),
    })
    .optional(),
  /**
   * Whether a second attempt may be sent elsewhere while the caller of an interactive job has heard nothing: only
   * where the model's configuration allows it. Default as that says.
   */
  hedge: z
    .union([z.boolean(), z.strictObject({ after_ms: z.number().int().min(1).max(600_000) })], {
      error: 'Must be true, false or { "after_ms": milliseconds from 1 to 600000 }',
    })
    .optional(),
});

/** What a caller may say about where a job runs. All of it is optional. */
export const routingPreferences = z.strictObject({
  provider: providerPreferences.optional(),
  /** Models to fall back to, in this order, when the one asked for fails. */
  models: z.array(name).max(16).optional(),
  strategy: z.enum(STRATEGIES).optional(),
  /** Jobs of one conversation go to the same deployment where possible, for its prompt cache. */
  session_id: z.string().min(1).max(256).optional(),
});

export type ProviderPreferences = z.infer<typeof providerPreferences>;
export type RoutingPreferences = z.infer<typeof routingPreferences>;
export type Cutoffs = z.infer<typeof cutoffs>;
