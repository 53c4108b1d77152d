import { annotate, endSpan, SPAN, traceparentOf, usageAttributes, type Telemetry } from '@penstock/telemetry';
import { attemptLabels } from './attempt-labels.js';
import type { AttemptResult } from './attempt-result.js';
import type { AttemptOrder } from './run-attempt.js';

/** An attempt as it is traced and counted. */
export interface ObservedAttempt {
  /** To be sent along to the provider. */
  readonly traceparent: string | undefined;
  end(result: AttemptResult): void;
}

/** Starts the spans of an attempt and of its call; the numbers are written down when it ends. */
export function observeAttempt(
  { tracing, metrics }: Pick<Telemetry, 'tracing' | 'metrics'>,
  {
    dispatch,
    deployment,
    number,
    hedges,
  }: Pick<AttemptOrder, 'dispatch' | 'deployment' | 'number' | 'hedges'>,
): ObservedAttempt {
  const { job } = dispatch;
  const span = tracing.startSpan(SPAN.attempt, job.traceparent, {
    job,
    attempt: {
      id: dispatch.attemptId,
      number,
      hedges,
      deployment: deployment.id,
      provider: deployment.provider,
      upstreamModel: deployment.upstreamModel,
    },
  });
  const call = tracing.startSpan(SPAN.call, span, { method: 'POST', url: deployment.baseUrl });
  const labels = attemptLabels(deployment, job.api);

  return {
    traceparent: traceparentOf(call),
    end(result) {
      if (result.kind === 'not_attempted') {
        endSpan(call, undefined, result.failure.reason);
        return endSpan(span, undefined, result.failure.reason);
      }
      const { usage, failure, startedAtMs, endedAtMs, firstByteAtMs } = result.attempt;
      const reason = failure?.reason;
      if (usage) {
        annotate(span, usageAttributes(usage));
        metrics.tokens.record(usage.inputTokens, labels.inputTokens);
        metrics.tokens.record(usage.outputTokens, labels.outputTokens);
      }
      if (firstByteAtMs !== undefined && job.stream) {
        const seconds = (firstByteAtMs - startedAtMs) / 1000;
        annotate(span, { 'gen_ai.response.time_to_first_chunk': seconds });
        metrics.firstChunk.record(seconds, labels.attempt);
      }
      metrics.attemptDuration.record(
        (endedAtMs - startedAtMs) / 1000,
        reason ? { ...labels.attempt, 'error.type': reason } : labels.attempt,
      );
      if (reason) metrics.failures.add(1, { deployment: deployment.id, reason });
      endSpan(
        call,
        failure?.status === undefined ? undefined : { 'http.response.status_code': failure.status },
        reason,
      );
      endSpan(span, undefined, reason);
    },
  };
}
