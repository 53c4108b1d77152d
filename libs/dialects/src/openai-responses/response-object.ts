import type { FinishReason, Usage } from '@penstock/contracts';
import type { AnswerIdentity } from '../translation.js';
import type { OutputItem } from './output-item.js';
import type { ResponsesRequest } from './request.js';

/** What a response says before it has an answer: mostly the request, as the vendor repeats it. */
export function responseHead(request: ResponsesRequest, { id, model, createdAtMs }: AnswerIdentity) {
  return {
    id: `resp_${id}`,
    object: 'response' as const,
    created_at: Math.floor(createdAtMs / 1_000),
    model,
    access_programs: null,
    error: null,
    incomplete_details: null as { reason: 'max_output_tokens' | 'content_filter' } | null,
    instructions: request.instructions ?? null,
    max_output_tokens: request.max_output_tokens ?? null,
    metadata: request.metadata ?? {},
    parallel_tool_calls: request.parallel_tool_calls ?? true,
    previous_response_id: request.previous_response_id ?? null,
    reasoning: { effort: request.reasoning?.effort ?? null, summary: request.reasoning?.summary ?? null },
    temperature: request.temperature ?? null,
    text: request.text ?? { format: { type: 'text' as const } },
    tool_choice: request.tool_choice ?? 'auto',
    tools: request.tools ?? [],
    top_p: request.top_p ?? null,
    truncation: request.truncation ?? 'disabled',
    ...(request.user ? { user: request.user } : {}),
    status: 'in_progress' as 'in_progress' | 'completed' | 'incomplete',
    output: [] as readonly OutputItem[],
    output_text: '',
  };
}

export type FinishedResponse = ReturnType<typeof finishedResponse>;

export function finishedResponse(
  head: ReturnType<typeof responseHead>,
  output: readonly OutputItem[],
  reason: FinishReason,
  usage: Usage | undefined,
) {
  const incomplete = incompleteReason(reason);
  return {
    ...head,
    status: incomplete === undefined ? ('completed' as const) : ('incomplete' as const),
    incomplete_details: incomplete === undefined ? null : { reason: incomplete },
    output,
    output_text: output
      .map((item) => (item.type === 'message' ? item.content.map((part) => part.text).join('') : ''))
      .join(''),
    ...(usage === undefined ? {} : { usage: responseUsage(usage) }),
  };
}

function incompleteReason({ unified }: FinishReason): 'max_output_tokens' | 'content_filter' | undefined {
  switch (unified) {
    case 'length':
      return 'max_output_tokens';
    case 'content-filter':
      return 'content_filter';
    case 'stop':
    case 'tool-calls':
    case 'other':
      return undefined;
  }
}

function responseUsage(usage: Usage) {
  return {
    input_tokens: usage.inputTokens,
    input_tokens_details: {
      cached_tokens: usage.cachedInputTokens ?? 0,
      cache_write_tokens: usage.cacheWriteTokens ?? 0,
    },
    output_tokens: usage.outputTokens,
    output_tokens_details: { reasoning_tokens: usage.reasoningTokens ?? 0 },
    total_tokens: usage.inputTokens + usage.outputTokens,
  };
}
