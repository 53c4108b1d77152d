import { isForm, refusal, type Failure, type Job } from '@penstock/contracts';
import { readRequest, renderError } from '@penstock/dialects';
import type { JsonObject, RuleSet, Transformed, TrimTerms } from '@penstock/transforms';

/** The bytes with rules applied, or why that cannot be. */
export type TransformedBody =
  { readonly ok: true; readonly body: Uint8Array } | { readonly ok: false; readonly failure: Failure };

/** The part of a job that its rules go by. */
export type RuledJob = Pick<Job, 'api' | 'id' | 'model' | 'contentType' | 'estimatedOutputTokens'>;

/**
 * Applies the rules for requests to a body in the client's dialect, and makes its conversation fit. A form is left as
 * it is.
 */
export async function transformRequest(
  rules: RuleSet | undefined,
  job: RuledJob,
  contextTokens: number | undefined,
  body: Uint8Array,
): Promise<TransformedBody> {
  if (!rules || isForm(job.contentType)) return { ok: true, body };
  const trim: TrimTerms = {
    countTokens: (document) => countTokens(job, document),
    contextTokens: contextTokens === undefined ? undefined : contextTokens - job.estimatedOutputTokens,
  };
  return apply(rules, job, body, trim);
}

/** What a provider is given to change its body with, before it is sent. */
export function rewriteWith(
  rules: RuleSet,
  job: RuledJob,
): (body: Uint8Array) => Promise<Uint8Array | Failure> {
  return async (body) => {
    const done = await apply(rules, job, body);
    return done.ok ? done.body : done.failure;
  };
}

async function apply(
  rules: RuleSet,
  job: RuledJob,
  body: Uint8Array,
  trim?: TrimTerms,
): Promise<TransformedBody> {
  const document = parseObject(Buffer.from(body.buffer, body.byteOffset, body.length).toString('utf8'));
  if (!document) return { ok: true, body };
  const done = await rules.apply(document, trim);
  if (done.kind === 'done') return { ok: true, body: Buffer.from(JSON.stringify(done.document)) };
  return { ok: false, failure: failureOf(done, job) };
}

/** Why an attempt fails whose rules cannot be applied, with a body for the caller. */
export function failureOf(
  done: Exclude<Transformed, { kind: 'done' }>,
  job: Pick<Job, 'api' | 'id'>,
): Failure {
  const tooLong = done.kind === 'too_long';
  const why = tooLong
    ? refusal('unprocessable', { param: 'messages', message: done.message })
    : refusal('transform_failed', { message: done.message });
  const { status, body } = renderError(job.api, why, job.id);
  return {
    reason: tooLong ? 'context_length_exceeded' : 'transform_failed',
    message: done.message,
    status,
    body,
    errorCode: why.code,
  };
}

function countTokens({ api, model }: RuledJob, document: JsonObject): number | undefined {
  const read = readRequest(api, Buffer.from(JSON.stringify(document)), { model });
  return read.ok ? read.value.estimatedInputTokens : undefined;
}

/** Undefined for what is no JSON object: speech, a form, the mark at the end of a stream. */
export function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as JsonObject)
      : undefined;
  } catch {
    return undefined;
  }
}
