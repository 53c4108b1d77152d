import { BATCH_ENDPOINTS, isBatchEndpoint, refusal, type CreateBatch, type Read } from '@penstock/contracts';
import { readDurationMs } from '../admission/read-duration.js';

/** A batch as the client wants it, without its id and whose it is. */
export type WantedBatch = Omit<CreateBatch, 'id' | 'tenant' | 'keyName'>;

/** From one second to a week. OpenAI knows `24h` only. */
const WINDOW_MS = { min: 1_000, max: 7 * 24 * 3_600_000 };

const METADATA = { pairs: 16, keyLength: 64, valueLength: 512 };

/** How long a file may be kept: from an hour to 30 days. */
export const KEPT_SECONDS = { min: 3_600, max: 2_592_000 };

type Fields = Readonly<Record<string, unknown>>;

/** Reads the body of `POST /v1/batches`. Fields not known here pass, as with OpenAI. */
export function readBatchRequest(body: Uint8Array): Read<WantedBatch> {
  const fields = parse(body);
  if (!fields) return { ok: false, refusal: refusal('malformed_json') };
  const { input_file_id: inputFileId, endpoint, completion_window: completionWindow } = fields;
  if (typeof inputFileId !== 'string' || inputFileId === '') {
    return refuse('input_file_id', 'input_file_id is the id of an uploaded file.');
  }
  if (!isBatchEndpoint(endpoint)) {
    return refuse('endpoint', `endpoint is one of ${Object.keys(BATCH_ENDPOINTS).join(', ')}.`);
  }
  const completionWindowMs =
    typeof completionWindow === 'string' ? readDurationMs(completionWindow) : undefined;
  if (
    typeof completionWindow !== 'string' ||
    completionWindowMs === undefined ||
    completionWindowMs < WINDOW_MS.min ||
    completionWindowMs > WINDOW_MS.max
  ) {
    return refuse('completion_window', 'completion_window is 24h, or another duration from 1s to 168h.');
  }
  const metadata = readMetadata(fields['metadata'] ?? null);
  if (metadata === undefined) {
    return refuse(
      'metadata',
      `metadata is an object of at most ${METADATA.pairs} strings, names up to ${METADATA.keyLength} and values up to ${METADATA.valueLength} characters long.`,
    );
  }
  const expiry = readExpiry(fields['output_expires_after'] ?? null);
  if (expiry === 'wrong') {
    return refuse(
      'output_expires_after',
      `output_expires_after is {"anchor": "created_at", "seconds": ${KEPT_SECONDS.min} to ${KEPT_SECONDS.max}}.`,
    );
  }
  return {
    ok: true,
    value: {
      ...{ inputFileId, endpoint, completionWindow, completionWindowMs, metadata },
      ...(expiry !== undefined && { outputExpiresAfterSeconds: expiry }),
    },
  };
}

function parse(body: Uint8Array): Fields | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(body).toString());
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function readMetadata(value: unknown): Readonly<Record<string, string>> | null | undefined {
  if (value === null) return null;
  if (!isObject(value)) return undefined;
  const pairs = Object.entries(value);
  const fits = ([key, text]: [string, unknown]) =>
    key.length <= METADATA.keyLength && typeof text === 'string' && text.length <= METADATA.valueLength;
  return pairs.length <= METADATA.pairs && pairs.every(fits) ? (value as Record<string, string>) : undefined;
}

function readExpiry(value: unknown): number | undefined | 'wrong' {
  if (value === null) return undefined;
  if (!isObject(value) || value['anchor'] !== 'created_at') return 'wrong';
  return keptSeconds(value['seconds']) ?? 'wrong';
}

/** A time for which a file may be kept; undefined for anything else. */
export function keptSeconds(value: unknown): number | undefined {
  const seconds = Number(value);
  return Number.isInteger(seconds) && seconds >= KEPT_SECONDS.min && seconds <= KEPT_SECONDS.max
    ? seconds
    : undefined;
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refuse(param: string, message: string): Read<never> {
  return { ok: false, refusal: refusal('invalid_request', { param, message }) };
}
