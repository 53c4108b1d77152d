import {
  DEFAULT_API,
  APIS,
  PRIORITY_CLASSES,
  isApi,
  isPriorityClass,
  refusal,
  type Api,
  type ErrorCode,
  type PriorityClass,
  type Read,
} from '@penstock/contracts';
import { readCacheOrder, type CacheOrder } from '../cache/cache-order.js';
import type { Principal } from './principal.js';
import { readDurationMs } from './read-duration.js';
import { readIdempotencyKey } from './read-idempotency-key.js';

/** What a caller may say about a job beside its body. */
export interface JobOptions {
  readonly class: PriorityClass;
  /** Nobody asked for the class: a service tier in the body may still change it. */
  readonly classIsDefault: boolean;
  /** What the client's own vendor understands, to be passed on to providers of that dialect. */
  readonly clientHeaders?: Readonly<Record<string, string>>;
  readonly api: Api;
  readonly deadlineMs?: number;
  readonly idempotencyKey?: string;
  /** Routing preferences, as the JSON text that was sent. */
  readonly routing?: string;
  /** The caller wants a stream that it can come back to. */
  readonly resumable?: boolean;
  /** The last event of it that the caller has. */
  readonly lastEventId?: string;
  /** Where the job ran, and why there, is to be told with the answer. */
  readonly explain?: true;
  readonly cache?: CacheOrder;
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/**
 * Reads `x-penstock-class`, `x-penstock-api`, `x-penstock-deadline`, `x-penstock-tenant`, `x-penstock-routing`,
 * `x-penstock-resume`, `x-penstock-explain`, `x-penstock-cache`, `Idempotency-Key` and `Last-Event-ID`.
 * A deadline is an RFC 3339 instant, or a duration from now such as `90s`.
 */
export function readOptions(
  headers: Headers,
  principal: Principal,
  defaultClass: PriorityClass,
  nowMs: number,
): Read<JobOptions> {
  const get = (name: string) => {
    const value = headers[name];
    return Array.isArray(value) ? value[0] : value;
  };
  const tenant = get('x-penstock-tenant');
  if (tenant !== undefined && tenant !== principal.tenant)
    return refuse('tenant_mismatch', 'x-penstock-tenant');

  const priorityClass = get('x-penstock-class') ?? defaultClass;
  if (!isPriorityClass(priorityClass)) {
    return refuse(
      'unknown_class',
      'x-penstock-class',
      `There is no class ${JSON.stringify(priorityClass)}; there are ${PRIORITY_CLASSES.join(', ')}.`,
    );
  }
  const api = get('x-penstock-api') ?? DEFAULT_API;
  if (!isApi(api)) {
    return refuse(
      'unknown_api',
      'x-penstock-api',
      `There is no API ${JSON.stringify(api)}; there are ${APIS.join(', ')}.`,
    );
  }
  const deadline = get('x-penstock-deadline');
  const deadlineMs = deadline === undefined ? undefined : readDeadline(deadline, nowMs);
  if (deadlineMs !== undefined && Number.isNaN(deadlineMs)) {
    return refuse(
      'invalid_request',
      'x-penstock-deadline',
      'The deadline is neither an RFC 3339 instant nor a duration like 90s.',
    );
  }
  if (deadlineMs !== undefined && deadlineMs <= nowMs)
    return refuse('deadline_in_the_past', 'x-penstock-deadline');

  const idempotencyKey = readIdempotencyKey(headers);
  if (!idempotencyKey.ok) return idempotencyKey;
  const routing = get('x-penstock-routing');
  const resume = get('x-penstock-resume');
  if (resume !== undefined && resume !== '0' && resume !== '1')
    return refuse('invalid_request', 'x-penstock-resume', 'x-penstock-resume is 1, or it is left out.');
  const lastEventId = get('last-event-id');
  const cacheHeader = get('x-penstock-cache');
  const cache = cacheHeader === undefined ? undefined : readCacheOrder(cacheHeader);
  if (cache?.ok === false) return cache;
  return {
    ok: true,
    value: {
      class: priorityClass,
      classIsDefault: get('x-penstock-class') === undefined,
      ...clientHeadersOf(headers),
      api,
      ...(resume === '1' && { resumable: true }),
      ...(lastEventId !== undefined && { lastEventId }),
      ...(cache && { cache: cache.value }),
      ...(deadlineMs !== undefined && { deadlineMs }),
      ...(idempotencyKey.value !== undefined && { idempotencyKey: idempotencyKey.value }),
      ...(routing !== undefined && { routing }),
      ...(get('x-penstock-explain') === '1' && { explain: true }),
    },
  };
}

/** Switches of the vendors' own, which their clients set. */
const CLIENT_HEADERS = ['anthropic-beta', 'openai-beta'] as const;

const MAX_HEADER_LENGTH = 1_024;

function clientHeadersOf(headers: Headers): Pick<JobOptions, 'clientHeaders'> {
  const given = CLIENT_HEADERS.flatMap((name) => {
    const value = headers[name];
    const text = Array.isArray(value) ? value.join(',') : value;
    return text === undefined || text.length > MAX_HEADER_LENGTH ? [] : [[name, text] as const];
  });
  return given.length > 0 ? { clientHeaders: Object.fromEntries(given) } : {};
}

function readDeadline(text: string, nowMs: number): number {
  const durationMs = readDurationMs(text);
  return durationMs === undefined ? Date.parse(text) : nowMs + durationMs;
}

function refuse(code: ErrorCode, param: string, message?: string): Read<never> {
  return { ok: false, refusal: refusal(code, { param, ...(message !== undefined && { message }) }) };
}
