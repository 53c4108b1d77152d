import { z } from 'zod';

import type { FaultRule } from '../faults/fault.js';
import { readFault } from '../faults/read-fault.js';
import type { Distribution } from '../latency/distribution.js';
import {
  MODEL_KINDS,
  type LatencySettings,
  type LimitSettings,
  type OutputSettings,
  type SimulatedModel,
} from './simulated-model.js';

/** What a model's settings may be changed to: what is absent stays. */
export interface ModelPatch {
  readonly contextTokens?: number;
  readonly latency?: Partial<LatencySettings>;
  readonly output?: Partial<OutputSettings>;
  readonly limits?: Partial<LimitSettings>;
  readonly faults?: readonly FaultRule[];
}

/** A value that was read, or what is wrong with it, field by field. */
export type ReadSettings<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problems: readonly string[] };

const amount = z.number().nonnegative();
const distribution: z.ZodType<Distribution> = z.union([
  amount,
  z.strictObject({ uniform: z.tuple([amount, amount]) }),
  z.strictObject({ lognormal: z.strictObject({ median: z.number().positive(), sigma: amount }) }),
]);

const latency = z.strictObject({ firstTokenMs: distribution, tokensPerSecond: distribution.nullable() });

const output = z.strictObject({
  tokens: distribution,
  reasoningTokens: amount.int(),
  cachedShare: amount.max(1),
  embeddingDimensions: z.number().int().min(1).max(4096),
});

const limits = z.strictObject({
  requestsPerMinute: amount.int().nullable(),
  tokensPerMinute: amount.int().nullable(),
  concurrency: amount.int().nullable(),
  concurrencyRetryAfterMs: amount.nullable(),
});

const fault = z.union([z.string(), z.number().int().transform(String)]).transform((order, context) => {
  const read = readFault(order);
  if (read) return read;
  context.addIssue({ code: 'custom', message: `"${order}" is no fault; docs/simulator.md lists them` });
  return z.NEVER;
});

const rule = z.strictObject({
  fault,
  rate: amount.max(1).optional(),
  every: z.number().int().positive().optional(),
  fromMs: amount.optional(),
  toMs: amount.optional(),
  fromCall: z.number().int().positive().optional(),
  toCall: z.number().int().positive().optional(),
});

const faults = z
  .array(rule)
  .refine(
    (rules) => rules.reduce((sum, { rate }) => sum + (rate ?? 0), 0) <= 1 + 1e-9,
    'the rates add up to more than 1',
  );

const patch = z.strictObject({
  contextTokens: z.number().int().positive().optional(),
  latency: latency.partial().optional(),
  output: output.partial().optional(),
  limits: limits.partial().optional(),
  faults: faults.optional(),
});

const model = patch.extend({ id: z.string().min(1), kind: z.enum(MODEL_KINDS).default('chat') });

/** Reads the body of `POST /_simulator/models/{id}`. */
export function readModelPatch(value: unknown): ReadSettings<ModelPatch> {
  return outcome(patch.safeParse(value), withoutAbsent);
}

/** Reads a list of models as the options and the settings file give them; what is absent takes its default. */
export function readModels(value: unknown): ReadSettings<SimulatedModel[]> {
  return outcome(z.array(model).safeParse(value), (models) =>
    models.map(({ id, kind, ...rest }) => modelOf(id, kind, withoutAbsent(rest))),
  );
}

/** A model with every default, but for what is given. */
export function modelOf(
  id: string,
  kind: SimulatedModel['kind'] = 'chat',
  given: ModelPatch = {},
): SimulatedModel {
  return {
    id,
    kind,
    contextTokens: given.contextTokens ?? 128_000,
    latency: { firstTokenMs: 0, tokensPerSecond: null, ...given.latency },
    output: { tokens: 16, reasoningTokens: 0, cachedShare: 0, embeddingDimensions: 256, ...given.output },
    limits: {
      requestsPerMinute: null,
      tokensPerMinute: null,
      concurrency: null,
      concurrencyRetryAfterMs: null,
      ...given.limits,
    },
    faults: given.faults ?? [],
  };
}

/** The schemas yield `undefined` for what is absent, which the types with exact optional fields tell apart. */
function withoutAbsent(read: object): ModelPatch {
  const present = (value: object): object =>
    Object.fromEntries(
      Object.entries(value)
        .filter(([, field]) => field !== undefined)
        .map(([name, field]) => [name, isSection(field) ? present(field) : field]),
    );
  return present(read);
}

function isSection(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function outcome<In, Out>(read: z.ZodSafeParseResult<In>, map: (value: In) => Out): ReadSettings<Out> {
  if (read.success) return { ok: true, value: map(read.data) };
  const problems = read.error.issues.map((issue) => `${issue.path.join('.') || '(body)'}: ${issue.message}`);
  return { ok: false, problems };
}
