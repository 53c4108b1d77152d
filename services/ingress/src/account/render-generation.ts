import type { Generation } from '@penstock/contracts';

/**
 * A job that has ended in the shape of OpenRouter's `GET /generation`. What the ledger does not remember (how the
 * answer ended, whether it was streamed) is null.
 */
export function renderGeneration(id: string, generation: Generation) {
  const { lastAttempt: last } = generation;
  const cost = Number(generation.costUsd);
  return {
    id,
    request_id: generation.job,
    upstream_id: last?.upstreamId ?? null,
    api_type: generation.api,
    model: generation.model,
    provider_name: last?.provider ?? null,
    created_at: new Date(generation.acceptedAtMs).toISOString(),
    latency: last?.firstByteAtMs === undefined ? null : last.firstByteAtMs - generation.acceptedAtMs,
    generation_time: last === undefined ? null : last.endedAtMs - last.startedAtMs,
    moderation_latency: null,
    streamed: null,
    finish_reason: null,
    native_finish_reason: null,
    cancelled: generation.state === 'cancelled',
    tokens_prompt: generation.inputTokens,
    tokens_completion: generation.outputTokens,
    native_tokens_prompt: generation.inputTokens,
    native_tokens_completion: generation.outputTokens,
    native_tokens_reasoning: generation.reasoningTokens,
    native_tokens_cached: generation.cachedInputTokens,
    num_media_prompt: null,
    num_media_completion: null,
    num_search_results: null,
    usage: cost,
    total_cost: cost,
    upstream_inference_cost: null,
    cache_discount: null,
    is_byok: false,
    origin: generation.origin,
    external_user: last?.endUser ?? null,
  };
}

/** Ids of answers that Penstock made itself: the job's, behind the prefix of its API. */
const OWN_ID = /^(?:chatcmpl-|cmpl-|resp_|msg_|gen-)(.+)$/;

/** The ids under which a job may be on record that a caller knows by `id`, likeliest first. */
export function recordIds(id: string): readonly string[] {
  const rest = OWN_ID.exec(id)?.[1];
  return rest === undefined ? [id] : [`job_${rest}`, id];
}
