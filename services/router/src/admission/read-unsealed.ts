import { HEADER, isJobId, type HeaderReader } from '@penstock/contracts';
import { withoutSeal } from '@penstock/messaging';

/** What a message that Penstock did not seal says, as far as a publisher may say it. */
export interface UnsealedWords {
  /** The publisher's own headers. */
  readonly headers: HeaderReader;
  /** A body of this tenant in the object store, where the message has none. */
  readonly claimCheck?: string;
  /** What the URL said of a request whose API has it there. */
  readonly model?: string;
  readonly stream?: boolean;
}

/**
 * Reads a message of a lane that has no seal, or one that does not fit. A publisher who writes `Penstock-Job` himself
 * gains nothing by it: what it says counts only where a plain header, or the body, could say the same, and is checked
 * like it. That much is read, because jobs that were stored before there were seals say it nowhere else.
 */
export function readUnsealed(h: HeaderReader | undefined): UnsealedWords {
  const written = h?.get(HEADER.job) ?? '';
  const own = { get: (name: string) => h?.get(name) ?? '' };
  const said = written === '' ? undefined : parse(withoutSeal(written));
  if (!said) return { headers: own };

  const word = (name: string) => {
    const value = said[name];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  };
  const replyTo = word('replySubject');
  const claimed: Readonly<Record<string, string>> = {
    [HEADER.messageId]: word('id'),
    [HEADER.api]: word('api'),
    [HEADER.deadline]: word('deadlineMs'),
    // Not a publisher's to name, and the caller who waited there is gone or finds the outcome by himself.
    [HEADER.replyTo]: /^(reply|shared|recorded)\./.test(replyTo) ? '' : replyTo,
    [HEADER.routing]: word('routing'),
    [HEADER.contentType]: word('contentType'),
  };
  const claimCheck = word('claimCheck');
  const { model, stream } = said;
  return {
    headers: {
      get: (name) => {
        const plain = own.get(name);
        // Under another message id than its own a job is published anew when it has waited for a retry.
        const stands = plain !== '' && (name !== HEADER.messageId || isJobId(plain));
        return stands ? plain : (claimed[name] ?? '') || plain;
      },
    },
    ...(/^[0-9a-f]{64}$/.test(claimCheck) && { claimCheck }),
    ...(typeof model === 'string' && { model }),
    ...(typeof stream === 'boolean' && { stream }),
  };
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
