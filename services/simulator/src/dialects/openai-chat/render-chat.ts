import type {
  CompletionPlan,
  Finish,
  PlannedChoice,
  PlannedUsage,
} from '../../completion/completion-plan.js';
import type { AnswerStamp } from '../dialect.js';
import { renderLogprobs } from './render-logprobs.js';
import type { ChatOptions } from './read-chat-request.js';

export const FINISH_REASONS: Readonly<Record<Finish, string>> = {
  stop: 'stop',
  length: 'length',
  tool_calls: 'tool_calls',
  refused: 'stop',
};

/** The whole answer as JSON. Put together by hand: it is made for every call of a benchmark. */
export function renderChat(
  model: string,
  plan: CompletionPlan,
  options: ChatOptions,
  stamp: AnswerStamp,
): string {
  const choices = plan.choices.map((choice, index) => renderChoice(choice, index, options, stamp)).join(',');
  const usage = stamp.withUsage ? `,"usage":${renderUsage(plan.usage)}` : '';
  return (
    `{"id":"chatcmpl-${stamp.id}","object":"chat.completion","created":${stamp.createdAtS},` +
    `"model":${JSON.stringify(model)},"choices":[${choices}]${usage},` +
    `"service_tier":"default","system_fingerprint":"fp_simulator"}`
  );
}

export function renderUsage(usage: PlannedUsage): string {
  const { inputTokens, outputTokens, cachedTokens, reasoningTokens } = usage;
  return (
    `{"prompt_tokens":${inputTokens},"completion_tokens":${outputTokens},` +
    `"total_tokens":${inputTokens + outputTokens},` +
    `"prompt_tokens_details":{"cached_tokens":${cachedTokens},"audio_tokens":0},` +
    `"completion_tokens_details":{"reasoning_tokens":${reasoningTokens},"audio_tokens":0,` +
    `"accepted_prediction_tokens":0,"rejected_prediction_tokens":0}}`
  );
}

/** The id of a tool call, the same in the whole answer and in the stream. */
export function toolCallId(stamp: AnswerStamp, choice: number, call: number): string {
  return `call_${stamp.id}_${choice}_${call}`;
}

function renderChoice(
  choice: PlannedChoice,
  index: number,
  options: ChatOptions,
  stamp: AnswerStamp,
): string {
  const refused = choice.finish === 'refused';
  const text = JSON.stringify(choice.text);
  const content = refused || choice.toolCalls.length > 0 ? 'null' : text;
  const reasoning = choice.reasoning === '' ? '' : `,"reasoning_content":${JSON.stringify(choice.reasoning)}`;
  const logprobs = options.logprobs
    ? JSON.stringify(renderLogprobs(choice.text, options.topLogprobs))
    : 'null';
  return (
    `{"index":${index},"message":{"role":"assistant","content":${content},"refusal":${refused ? text : 'null'}` +
    `${reasoning}${renderToolCalls(choice, index, stamp)},"annotations":[]},` +
    `"logprobs":${logprobs},"finish_reason":"${FINISH_REASONS[choice.finish]}"}`
  );
}

function renderToolCalls(choice: PlannedChoice, index: number, stamp: AnswerStamp): string {
  if (choice.toolCalls.length === 0) return '';
  const calls = choice.toolCalls.map(({ name, input }, call) => ({
    id: toolCallId(stamp, index, call),
    type: 'function',
    function: { name, arguments: input },
  }));
  return `,"tool_calls":${JSON.stringify(calls)}`;
}
