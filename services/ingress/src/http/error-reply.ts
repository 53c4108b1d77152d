import { refusal, RefusedError, type Api, type Refusal } from '@penstock/contracts';
import { renderError } from '@penstock/dialects';
import type { Telemetry } from '@penstock/telemetry';
import type { FastifyReply } from 'fastify';

/** Answers with an error, in the shape of the API that was called. */
export function replyWithError(reply: FastifyReply, api: Api, why: Refusal, requestId: string): void {
  const { status, contentType, body, headers } = renderError(api, why, requestId);
  void reply.code(status).headers(headers).type(contentType).send(Buffer.from(body));
}

/** Counts a request over HTTP that did not become what it was to become: a job, a file, a batch. */
export function countRefusal({ metrics }: Pick<Telemetry, 'metrics'>, { code }: Refusal): void {
  metrics.refusals.add(1, { origin: 'http', code });
}

/** Fastify's own codes for what it refuses before any handler runs. */
const FASTIFY_ERRORS: Readonly<Record<string, () => Refusal>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: () => refusal('body_too_large'),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: () => refusal('unsupported_media_type'),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: () =>
    refusal('invalid_request', { message: 'The body is not as long as Content-Length says.' }),
  FST_ERR_CTP_EMPTY_JSON_BODY: () => refusal('malformed_json'),
  FST_REQ_FILE_TOO_LARGE: () => refusal('body_too_large'),
};

/** Whatever was thrown, as an error that may be shown. Undefined for what nobody foresaw: that is logged instead. */
export function refusalOf(error: unknown): Refusal | undefined {
  if (error instanceof RefusedError) return error.refusal;
  const { code, cause } = (error ?? {}) as { readonly code?: unknown; readonly cause?: unknown };
  if (typeof code === 'string') return FASTIFY_ERRORS[code]?.();
  // Nest wraps what Fastify threw before the handler ran.
  return cause === undefined ? undefined : refusalOf(cause);
}
