import { createHash } from 'node:crypto';
import type { Job } from '@penstock/contracts';
import type { RequestAddress } from '@penstock/dialects';
import { fingerprintOf } from '../replays/fingerprint.js';

/**
 * What two requests that may have the same answer share: the API, what the URL says, where it may be routed, the vendor's switches, and the
 * body as a value, whatever the order of its fields and the spaces between them. Numbers are compared as they are
 * written, since some are longer than JavaScript counts. A body that is no JSON is compared byte by byte.
 * `ruled` stands for the rules that request and answer go through; absent where there are none.
 */
export function requestDigest(
  job: Pick<Job, 'api' | 'model' | 'routing' | 'clientHeaders'>,
  body: Uint8Array,
  address: RequestAddress = {},
  ruled?: string,
): string {
  const value = canonical(body);
  const what =
    value === undefined
      ? fingerprintOf('call', job.api, body, address)
      : [address.model ?? null, address.stream ?? null, value];
  return createHash('sha256')
    .update(JSON.stringify([job.api, job.model, job.routing ?? null, job.clientHeaders ?? null, what]))
    .update(ruled === undefined ? '' : `\n${ruled}`)
    .digest('hex');
}

function canonical(body: Uint8Array): string | undefined {
  try {
    const parsed = JSON.parse(Buffer.from(body).toString('utf8'), asWritten as Reviver) as unknown;
    return JSON.stringify(parsed, inOrder);
  } catch {
    return undefined;
  }
}

type Reviver = (this: unknown, key: string, value: unknown) => unknown;

function asWritten(_key: string, value: unknown, { source }: { readonly source: string }): unknown {
  if (typeof value === 'number') return `n${source}`;
  return typeof value === 'string' ? `s${value}` : value;
}

function inOrder(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  // Without a prototype, so that no field of the caller's is taken for one.
  const sorted = Object.create(null) as Record<string, unknown>;
  for (const name of Object.keys(value).sort()) sorted[`.${name}`] = (value as Record<string, unknown>)[name];
  return sorted;
}
