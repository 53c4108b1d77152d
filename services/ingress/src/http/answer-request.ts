import { refusal, type Api, type Job, type Refusal } from '@penstock/contracts';
import { renderStreamError, type RequestAddress } from '@penstock/dialects';
import type { Answer } from '@penstock/messaging';
import { endSpan, SPAN } from '@penstock/telemetry';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { readOptions } from '../admission/read-options.js';
import { writeExplanation } from '../explanation/write-explanation.js';
import { awaitAnswer, type Awaited, type AwaitParts } from '../replies/await-answer.js';
import { claimCall, type ClaimParts } from '../replays/claim-call.js';
import { joinAnswer } from '../replays/join-answer.js';
import { REPLAYED } from '../replays/mark-replayed.js';
import { admitJob, type SubmissionParts } from '../submission/submit-job.js';
import { Gathered } from '../cache/gather.js';
import { lookUp, type CacheParts } from '../cache/look-up.js';
import { replyFromCache } from '../cache/reply-from-cache.js';
import { principalOf } from './api-key.guard.js';
import { countRefusal, replyWithError } from './error-reply.js';
import { traceparentOf, whenLeft } from './request-context.js';
import { SseWriter } from './sse-writer.js';

export interface AnswerParts extends SubmissionParts, AwaitParts, ClaimParts, CacheParts {
  /** How long the caller of a stream may take nothing of what waits for it. */
  readonly readerStallMs: number;
}

/**
 * Answers an inference request in the dialect it came in: makes it a job, waits for the job's outcome, and
 * writes what comes back, as one body or as a stream. `address` is what the URL says of it, in APIs that put it there.
 * `keep` is given the whole answer of a job that succeeded, before its end is written.
 */
export async function answerRequest(
  parts: AnswerParts,
  api: Api,
  request: FastifyRequest,
  reply: FastifyReply,
  address?: RequestAddress,
  keep?: (answer: Uint8Array, streamed: boolean) => Promise<void>,
): Promise<void> {
  const principal = principalOf(request);
  const options = readOptions(request.headers, principal, 'interactive', parts.clock.nowMs());
  const refuse = (why: Refusal) => {
    countRefusal(parts.telemetry, why);
    replyWithError(reply, api, why, request.id);
  };
  if (!options.ok) return refuse(options.refusal);
  const sent = request.body as Uint8Array;
  const read = admitJob(parts, principal, { ...options.value, api }, sent, 'http', address);
  if (!read.ok) return refuse(read.refusal);
  const { job: admitted, body } = read.value;
  // Two requests are the same by what their client sent, whatever a preset makes of it by now.
  const repeatable = await claimCall(parts, principal, options.value, admitted, sent, address);
  if (repeatable?.ok === false) return refuse(repeatable.refusal);

  const use = await lookUp(parts, options.value.cache, admitted, body, address, repeatable !== undefined);
  if (use?.status === 'hit') {
    if (admitted.preset !== undefined) void reply.header('x-penstock-preset', admitted.preset);
    return replyFromCache(reply, use.cached, request.id, parts.clock);
  }

  const span = parts.tracing.startSpan(SPAN.request, traceparentOf(request), {
    method: request.method,
    route: request.routeOptions.url ?? '',
  });
  const left = whenLeft(reply);
  const call = repeatable?.value;
  const job: Job = call?.claimed.job ?? {
    ...admitted,
    keepResult: false,
    replySubject: parts.desk.subject(admitted.id),
    ...(admitted.stream && { paced: true }),
  };
  const headers = {
    'x-penstock-job': job.id,
    'x-request-id': request.id,
    ...(job.preset !== undefined && { 'x-penstock-preset': job.preset }),
    ...(use && { 'x-penstock-cache': use.status }),
    ...(call && !call.claimed.fresh && REPLAYED),
  };
  const sse = job.stream ? new SseWriter(reply, headers, parts.clock, parts.readerStallMs) : undefined;
  const gathered: Uint8Array[] = [];
  const copy = sse && use?.status === 'miss' ? new Gathered() : undefined;
  const chunk = (bytes: Uint8Array) => {
    copy?.add(bytes);
    if (!sse || keep) gathered.push(bytes);
    return sse?.write(bytes) ?? true;
  };
  const awaited = call
    ? await joinAnswer(
        parts,
        call.claimed,
        body,
        { chunk: (bytes, place) => chunk(call.labels?.label(bytes, place) ?? bytes) },
        left,
        span,
        call.from,
        sse?.stalled,
      )
    : await awaitAnswer(parts, job, body, { chunk, ...(sse && { line: sse }) }, left, span);
  sse?.close();
  if (awaited.kind === 'refused') countRefusal(parts.telemetry, awaited.refusal);
  const answered = sse ? awaited : whole(awaited, gathered);
  if (keep && answered.kind === 'answer' && answered.answer.outcome === 'succeeded') {
    await keep(sse ? Buffer.concat(gathered) : answered.answer.body, sse !== undefined);
  }
  const errorCode = finish(reply, job, answered, sse, headers);
  if (use?.status === 'miss' && answered.kind === 'answer') {
    const all = copy ? copy.whole() : answered.answer.body;
    if (all) use.keep({ ...answered.answer, body: all });
  }
  endSpan(span, { 'http.response.status_code': reply.statusCode }, errorCode);
}

/** The answer with what came before it because its body was too long for one message. */
function whole(awaited: Awaited, gathered: readonly Uint8Array[]): Awaited {
  if (awaited.kind !== 'answer' || gathered.length === 0) return awaited;
  const body = Buffer.concat([...gathered, awaited.answer.body]);
  return { ...awaited, answer: { ...awaited.answer, body } };
}

/** Writes the end of the answer. Returns the error's code, if it is one. */
function finish(
  reply: FastifyReply,
  job: Job,
  awaited: Awaited,
  sse: SseWriter | undefined,
  headers: Readonly<Record<string, string>>,
): string | undefined {
  switch (awaited.kind) {
    case 'left':
      return 'client_closed_request';
    case 'refused':
    case 'interrupted':
      if (sse?.started) endInError(sse, job, awaited.refusal.code);
      else replyWithError(reply, job.api, awaited.refusal, headers['x-request-id'] ?? '');
      return awaited.refusal.code;
    case 'answer': {
      const { answer, event } = awaited;
      const explanation = event && writeExplanation(job.id, event);
      if (sse && (sse.started || answer.outcome === 'succeeded')) {
        // Behind the last event: no client makes anything of a comment but who looks for it.
        if (explanation !== undefined) sse.write(`: penstock-explanation ${explanation}\n\n`);
        endStream(sse, job, answer);
      } else {
        if (explanation !== undefined) void reply.header('x-penstock-explanation', explanation);
        sendWhole(reply, job, answer, headers);
      }
      return answer.errorCode;
    }
  }
}

/** A stream that has begun ends cleanly only if the job succeeded. */
function endStream(sse: SseWriter, job: Job, answer: Answer): void {
  if (answer.outcome === 'succeeded') sse.end();
  else endInError(sse, job, answer.errorCode ?? 'internal_error');
}

function endInError(sse: SseWriter, job: Job, code: Parameters<typeof refusal>[0]): void {
  sse.write(renderStreamError(job.api, refusal(code), sse.latest));
  sse.end();
}

function sendWhole(
  reply: FastifyReply,
  job: Job,
  answer: Answer,
  headers: Readonly<Record<string, string>>,
): void {
  if (answer.outcome !== 'succeeded' && answer.body.length === 0) {
    const why = refusal(answer.errorCode ?? 'internal_error');
    return replyWithError(reply, job.api, why, headers['x-request-id'] ?? '');
  }
  if (answer.retryAfterMs !== undefined)
    void reply.header('retry-after', String(Math.ceil(answer.retryAfterMs / 1000)));
  if (answer.dropped) void reply.header('x-penstock-dropped', answer.dropped.join(','));
  void reply.code(answer.status).headers(headers).type(answer.contentType).send(answer.body);
}
