import {
  APIS,
  ERRORS,
  FAILURE_REASONS,
  ORIGINS,
  OUTCOMES,
  PRIORITY_CLASSES,
  type ErrorCode,
  type FailureReason,
  type JobEvent,
} from '@penstock/contracts';
import { z } from 'zod';

/** What Postgres can keep. */
export const LIMIT = {
  /** Characters of a text: an index keeps no key of several kilobytes. */
  textLength: 512,
  /** The last instant of the year 9999, where ISO 8601 ends its four digits. */
  instantMs: 253_402_300_799_999,
  /** An integer of Postgres. */
  counter: 2_147_483_647,
} as const;

/** Postgres stores no NUL in a text. */
const text = z
  .string()
  .max(LIMIT.textLength)
  .refine((value) => !value.includes('\0'), 'holds a NUL');

const name = text.min(1);

const instant = z.int().min(0).max(LIMIT.instantMs);

const tokens = z.int().min(0);

const counter = z.int().min(0).max(LIMIT.counter);

const usage = z
  .object({
    inputTokens: tokens,
    outputTokens: tokens,
    cachedInputTokens: tokens.exactOptional(),
    cacheWriteTokens: tokens.exactOptional(),
    reasoningTokens: tokens.exactOptional(),
    source: z.enum(['provider', 'estimated']),
  })
  .refine((u) => (u.cachedInputTokens ?? 0) + (u.cacheWriteTokens ?? 0) <= u.inputTokens, {
    message: 'cached and written input are more than all input',
  })
  .refine((u) => (u.reasoningTokens ?? 0) <= u.outputTokens, {
    message: 'reasoning is more than all output',
  });

const attempt = z.object({
  id: name,
  number: counter.min(1),
  deployment: name,
  provider: name,
  model: name.exactOptional(),
  upstreamModel: name,
  worker: name,
  startedAtMs: instant,
  firstByteAtMs: instant.exactOptional(),
  endedAtMs: instant,
  usage: usage.exactOptional(),
  failure: z
    .object({
      reason: z.enum(Object.keys(FAILURE_REASONS) as [FailureReason, ...FailureReason[]]),
      message: z.string(),
      status: counter.exactOptional(),
    })
    .exactOptional(),
  upstreamId: name.exactOptional(),
});

/** What an event of version 1 has to be. What it has beside that is left out of what is read. */
export const EVENT_SCHEMA: z.ZodType<JobEvent> = z.object({
  version: z.literal(1),
  job: name,
  tenant: name,
  class: z.enum(PRIORITY_CLASSES),
  origin: z.enum(ORIGINS),
  api: z.enum(APIS),
  // Empty for a job whose body could not be read.
  model: text,
  keyName: name.exactOptional(),
  labels: z
    .object({ user: text.exactOptional(), metadata: z.record(z.string(), text).exactOptional() })
    .exactOptional(),
  preset: name.exactOptional(),
  acceptedAtMs: instant,
  atMs: instant,
  attempt: attempt.exactOptional(),
  outcome: z
    .object({
      state: z.enum(OUTCOMES),
      attempts: counter,
      errorCode: z.enum(Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]]).exactOptional(),
    })
    .exactOptional(),
  traceparent: z.string().exactOptional(),
});
