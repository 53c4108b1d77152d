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

/** The result of reading a message of EVENTS. */
export type ReadEvent =
  | { readonly kind: 'event'; readonly event: JobEvent }
  /** Not one this build can turn into rows; another build may, so it is parked and not dropped. */
  | { readonly kind: 'unreadable'; readonly reason: UnreadableReason; readonly detail: string };

export type UnreadableReason = 'malformed' | 'unknown_version' | 'subject_mismatch';

/**
 * Reads one message of EVENTS. Whoever may publish there decides over money, so nothing is believed: every
 * field is checked, and the tenant has to be the one in the subject, which is what the server's permissions
 * guard.
 */
export function readEvent(subject: string, body: Uint8Array): ReadEvent {
  let json: unknown;
  try {
    json = JSON.parse(decoder.decode(body));
  } catch {
    return unreadable('malformed', 'The body is not JSON.');
  }
  const version = (json as { version?: unknown } | null)?.version;
  if (version !== 1)
    return unreadable('unknown_version', `Version ${JSON.stringify(version)} is not known here.`);
  const parsed = jobEvent.safeParse(json);
  if (!parsed.success) return unreadable('malformed', whatIsWrong(parsed.error));
  const event = parsed.data;
  if (subject.split('.')[1] !== event.tenant) {
    return unreadable('subject_mismatch', `The event speaks of tenant ${event.tenant}.`);
  }
  return { kind: 'event', event };
}

const decoder = new TextDecoder('utf-8', { fatal: true });

function unreadable(reason: UnreadableReason, detail: string): ReadEvent {
  return { kind: 'unreadable', reason, detail };
}

function whatIsWrong(error: z.ZodError): string {
  return error.issues
    .map(({ path, message }) => `${path.join('.')}: ${message}`)
    .join('; ')
    .slice(0, 1000);
}

/** Postgres stores no NUL in a text, and an index no key of several kilobytes. */
const text = z
  .string()
  .max(512)
  .refine((value) => !value.includes('\0'), 'holds a NUL');

const name = text.min(1);

/** Up to the year 9999, where ISO 8601 ends its four digits. */
const instant = z.int().min(0).max(253_402_300_799_999);

const tokens = z.int().min(0);

const counter = z.int().min(0).max(2_147_483_647);

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

const jobEvent: z.ZodType<JobEvent> = z.object({
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
