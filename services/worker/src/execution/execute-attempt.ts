import {
  isRetryable,
  MODEL_BOUND,
  ROUTING_FIELDS,
  type AttemptRecord,
  type Failure,
  type Usage,
} from '@penstock/contracts';
import { fetchBody, GrowingAnswer, sendChunk, type Dispatch } from '@penstock/messaging';
import {
  dropJsonFields,
  type ChunkStream,
  type CompleteAnswer,
  type ProviderCall,
  type StreamedAnswer,
} from '@penstock/providers';
import type { RulePlan } from '@penstock/transforms';
import { AttemptAborted, type AttemptResult } from './attempt-result.js';
import { callInDialect } from './call-in-dialect.js';
import { recordAttempt, type AttemptParts, type RunningAttempt } from './running-attempt.js';
import { transformAnswer } from './transform-answer.js';
import { rewriteWith, transformRequest } from './transform-call.js';
import { expectedInputTokens } from './worker-deployment.js';

/**
 * Runs one attempt of a job: calls the provider, passes on what comes, and says what became of it.
 * It settles nothing and never throws for what a provider does.
 */
export async function executeAttempt(
  parts: AttemptParts,
  dispatch: Dispatch,
  signal: AbortSignal,
  traceparent: string | undefined,
): Promise<AttemptResult> {
  const running: RunningAttempt = { parts, dispatch, signal, startedAtMs: parts.clock.nowMs() };
  const { claimCheck } = dispatch.job;
  const sent =
    claimCheck === undefined ? dispatch.body : await fetchBody(parts.connection, dispatch.job, dispatch.body);
  if (!sent) return fail(running, BODY_MISSING, undefined);
  // Where it is to run is Penstock's affair; a provider would refuse the fields, or misread them.
  const plain = dispatch.job.routing === undefined ? sent : dropJsonFields(sent, ROUTING_FIELDS);
  if (!parts.rules.knowsPreset(dispatch.job.preset)) return fail(running, PRESET_GONE, undefined);
  const plan = rulesOf(running);
  const ruled = await transformRequest(plan?.request, dispatch.job, parts.deployment.contextTokens, plain);
  if (!ruled.ok) return fail(running, ruled.failure, undefined);
  const begun = !signal.aborted;
  const { answer: given, dropped } = await callInDialect(
    parts.provider,
    providerCall(running, ruled.body, plan, traceparent),
    {
      id: dispatch.job.id.replace(/^job_/, ''),
      model: dispatch.model ?? dispatch.job.model,
      createdAtMs: running.startedAtMs,
    },
    requiresParameters(dispatch.job.routing),
  );
  const answer = plan ? await transformAnswer(plan, dispatch.job, given) : given;
  if (answer.limits) parts.onLimits(answer.limits);
  if (answer.kind !== 'failure' && parts.claim?.() === false) return outrun(running, answer);

  switch (answer.kind) {
    case 'complete':
      return complete(running, answer, dropped);
    case 'stream':
      return relay(running, answer, dropped);
    case 'failure':
      return fail(running, answer.failure, answer.usage ?? unheardUsage(running, answer.failure, begun));
  }
}

const BODY_MISSING: Failure = {
  reason: 'internal',
  message: "The job's body cannot be had from the object store.",
};

const PRESET_GONE: Failure = {
  reason: 'preset_missing',
  message:
    "The worker's configuration no longer has the version of the preset that the job was admitted with.",
};

/** The rules for this attempt: those of the model that it runs as, which may be one to fall back to. */
function rulesOf({ parts, dispatch: { job, model } }: RunningAttempt): RulePlan | undefined {
  return parts.rules.planOf({
    api: job.api,
    tenant: job.tenant,
    model: model ?? job.model,
    provider: parts.deployment.provider,
    ...(job.preset !== undefined && { preset: job.preset }),
  });
}

function providerCall(
  { parts, dispatch, signal }: RunningAttempt,
  body: Uint8Array,
  plan: RulePlan | undefined,
  traceparent: string | undefined,
): ProviderCall {
  return {
    api: dispatch.job.api,
    body,
    ...(dispatch.job.contentType !== undefined && { contentType: dispatch.job.contentType }),
    ...(dispatch.job.clientHeaders && { clientHeaders: dispatch.job.clientHeaders }),
    stream: dispatch.job.stream,
    upstreamModel: parts.deployment.upstreamModel,
    attemptId: dispatch.attemptId,
    signal,
    firstByteTimeoutMs: parts.deployment.timeouts.firstByteMs,
    idleTimeoutMs: parts.deployment.timeouts.idleMs,
    ...(plan?.wire && { rewrite: rewriteWith(plan.wire, dispatch.job) }),
    ...(traceparent !== undefined && { traceparent }),
  };
}

/** Preferences were checked where the job was admitted; hardly any of them says this. */
function requiresParameters(routing: string | undefined): boolean {
  if (routing?.includes('require_parameters') !== true) return false;
  const { provider } = JSON.parse(routing) as { provider?: { require_parameters?: unknown } };
  return provider?.require_parameters === true;
}

function complete(
  running: RunningAttempt,
  answer: CompleteAnswer,
  dropped: readonly string[],
): AttemptResult {
  const { status, contentType, body, usage, upstreamId } = answer;
  return {
    kind: 'answered',
    answer: { outcome: 'succeeded', status, contentType, body, ...(dropped.length > 0 && { dropped }) },
    attempt: recordAttempt(running, { usage, upstreamId, firstByteAtMs: running.parts.clock.nowMs() }),
    frames: 0,
  };
}

/** Passes the stream on, frame by frame, and keeps it too where the result is kept. */
async function relay(
  running: RunningAttempt,
  answer: StreamedAnswer,
  dropped: readonly string[],
): Promise<AttemptResult> {
  const { parts, dispatch, signal } = running;
  const { job } = dispatch;
  const firstByteAtMs = parts.clock.nowMs();
  parts.onStream();
  const name = { tenant: job.tenant, job: job.id, attempt: dispatch.attemptId };
  const kept = job.keepResult ? new GrowingAnswer(parts.connection, parts.clock, name) : undefined;
  let frames = 0;

  let next = await answer.chunks.next();
  for (; !next.done; next = await answer.chunks.next()) {
    const room = kept?.add(next.value);
    if (room && !(await room)) {
      void kept?.discard();
      return interrupt(running, answer, NOT_KEPT, frames, firstByteAtMs);
    }
    if (job.replySubject !== undefined) {
      const address = { replySubject: job.replySubject, job: job.id, attempt: dispatch.attemptId };
      frames = sendChunk(parts.connection, address, frames, next.value);
      parts.window.sent(next.value.length);
      if (parts.window.full && !(await parts.window.whenRoom(signal))) {
        void kept?.discard();
        return interrupt(running, answer, UNREAD, frames, firstByteAtMs);
      }
    }
  }
  const { failure, usage } = next.value;
  const attempt = recordAttempt(running, {
    usage,
    upstreamId: answer.upstreamId,
    firstByteAtMs,
    ...(failure && { failure }),
  });

  const whole = failure ? undefined : kept ? await kept.end() : NOTHING_KEPT;
  if (!whole) void kept?.discard();
  if (whole) {
    const { status, contentType } = answer;
    return {
      kind: 'answered',
      answer: {
        ...{ outcome: 'succeeded', status, contentType, ...whole },
        ...(dropped.length > 0 && { dropped }),
      },
      attempt,
      frames,
    };
  }
  if (!failure) return { kind: 'interrupted', failure: NOT_KEPT, attempt, frames };
  if (signal.aborted) return aborted(signal, attempt, frames);
  // It would fail in the same way wherever it is begun again.
  if (frames === 0 && failure.reason === 'transform_failed') return fail(running, failure, usage);
  // What nobody has seen yet can be begun again elsewhere.
  if (frames === 0 || job.replySubject === undefined) return { kind: 'retryable', failure, attempt };
  return { kind: 'interrupted', failure, attempt, frames };
}

const UNREAD: Failure = {
  reason: 'unread',
  message: 'Nothing was heard any more of who reads the stream.',
};

const NOT_KEPT: Failure = {
  reason: 'internal',
  message: 'The answer could not be stored while it came.',
};

const NOTHING_KEPT = { body: new Uint8Array() };

/** Breaks off a stream that is of no use: it is not known that anybody reads it, or it cannot be kept. */
async function interrupt(
  running: RunningAttempt,
  { chunks, upstreamId }: StreamedAnswer,
  failure: Failure,
  frames: number,
  firstByteAtMs: number,
): Promise<AttemptResult> {
  const usage = await breakOff(chunks);
  const attempt = recordAttempt(running, { usage, upstreamId, firstByteAtMs, failure });
  return { kind: 'interrupted', failure, attempt, frames };
}

const OUTRUN: Failure = { reason: 'outrun', message: 'Another attempt of the job answered first.' };

/** Breaks off an answer that comes too late to be the job's. */
async function outrun(
  running: RunningAttempt,
  answer: CompleteAnswer | StreamedAnswer,
): Promise<AttemptResult> {
  const usage = answer.kind === 'stream' ? await breakOff(answer.chunks) : answer.usage;
  const attempt = recordAttempt(running, { usage, upstreamId: answer.upstreamId, failure: OUTRUN });
  return { kind: 'cancelled', attempt, frames: 0 };
}

/** Aborts a stream at the provider. What it used so far is charged. */
async function breakOff(chunks: ChunkStream): Promise<Usage | undefined> {
  let last = await chunks.return();
  while (!last.done) last = await chunks.next();
  return last.value.usage;
}

/**
 * A provider that was broken off before it said a word has read the request by then, and charges for that at the
 * least.
 */
function unheardUsage(
  { parts, dispatch }: RunningAttempt,
  { reason }: Failure,
  begun: boolean,
): Usage | undefined {
  if (!begun || (reason !== 'aborted' && reason !== 'timed_out')) return undefined;
  const inputTokens = expectedInputTokens(parts.deployment, dispatch.job);
  return { inputTokens, outputTokens: 0, source: 'estimated' };
}

function fail(running: RunningAttempt, failure: Failure, usage: Usage | undefined): AttemptResult {
  const lost = failure.reason === 'aborted' && whyAborted(running.signal) === 'outrun';
  const attempt = recordAttempt(running, { usage, failure: lost ? OUTRUN : failure });
  if (running.signal.aborted) return aborted(running.signal, attempt, 0);
  if (isRetryable(failure) || (running.dispatch.fallback && MODEL_BOUND.has(failure.reason)))
    return { kind: 'retryable', failure, attempt };
  const body = failure.body ?? new Uint8Array();
  return {
    kind: 'answered',
    answer: {
      outcome: 'failed',
      status: failure.status ?? 400,
      contentType: 'application/json',
      body,
      errorCode: failure.errorCode ?? 'invalid_request',
    },
    attempt,
    frames: 0,
  };
}

function aborted(signal: AbortSignal, attempt: AttemptRecord, frames: number): AttemptResult {
  return { kind: whyAborted(signal) === 'expired' ? 'expired' : 'cancelled', attempt, frames };
}

function whyAborted({ reason }: AbortSignal): AttemptAborted['why'] | undefined {
  return reason instanceof AttemptAborted ? reason.why : undefined;
}
