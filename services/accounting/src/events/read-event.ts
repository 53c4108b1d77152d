import type { JobEvent } from '@penstock/contracts';
import type { z } from 'zod';
import { EVENT_SCHEMA } from './event-schema.js';

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
  const parsed = EVENT_SCHEMA.safeParse(json);
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
