import { refusal, RefusedError, type Read } from '@penstock/contracts';
import { request, type Connection } from '@penstock/messaging';

/** Whom the ingress asks, and what its caller is told when no answer comes. */
const SILENT = {
  accounting: { message: 'Accounting does not answer. Ask again later.', retryAfterMs: 1_000 },
  batch: {
    message: 'The batch service does not answer. Send it again after the time in Retry-After.',
    retryAfterMs: 2_000,
  },
} as const;

/** Asks another service, and throws its refusal; `unavailable` when it does not answer. */
export async function askService<T>(
  connection: Connection,
  service: keyof typeof SILENT,
  subject: string,
  question: object,
): Promise<T> {
  const read = await request<Read<T>>(connection, subject, question).catch(() => undefined);
  if (!read) throw new RefusedError(refusal('unavailable', SILENT[service]));
  if (!read.ok) throw new RefusedError(read.refusal);
  return read.value;
}
