import type { CompletionPlan, PlannedChoice } from '../../completion/completion-plan.js';
import { deltasOf, type Delta } from '../../completion/deltas.js';
import type { AnswerStamp, StreamEvent } from '../dialect.js';
import { FINISH_REASONS, renderUsage, toolCallId } from './render-chat.js';
import { renderLogprobs } from './render-logprobs.js';
import type { ChatOptions } from './read-chat-request.js';

/** The answer as chunks: one that opens each choice, one a token, one with the finish, the usage if asked, `[DONE]`. */
export function* renderChatStream(
  model: string,
  plan: CompletionPlan,
  options: ChatOptions,
  stamp: AnswerStamp,
): Generator<StreamEvent, void, void> {
  const withUsage = options.includeUsage && stamp.withUsage;
  const before =
    `data: {"id":"chatcmpl-${stamp.id}","object":"chat.completion.chunk","created":${stamp.createdAtS},` +
    `"model":${JSON.stringify(model)},"service_tier":"default","system_fingerprint":"fp_simulator","choices":[`;
  // With usage asked for, every chunk but the last says that its usage is null.
  const after = withUsage ? '],"usage":null}\n\n' : ']}\n\n';
  for (const [index, choice] of plan.choices.entries()) {
    const event = (delta: string, finish: string, tokens: number, logprobs = 'null'): StreamEvent => ({
      text: `${before}{"index":${index},"delta":${delta},"logprobs":${logprobs},"finish_reason":${finish}}${after}`,
      tokens,
    });
    yield event(openingDelta(choice), 'null', 0);
    for (const delta of deltasOf(choice)) {
      const logprobs =
        options.logprobs && delta.kind === 'text' ? renderLogprobs(delta.text, options.topLogprobs) : null;
      yield event(renderDelta(delta, choice, index, stamp), 'null', delta.tokens, JSON.stringify(logprobs));
    }
    yield event('{}', `"${FINISH_REASONS[choice.finish]}"`, 0);
  }
  if (withUsage) yield { text: `${before}],"usage":${renderUsage(plan.usage)}}\n\n`, tokens: 0 };
  yield { text: 'data: [DONE]\n\n', tokens: 0 };
}

function openingDelta(choice: PlannedChoice): string {
  const content = choice.toolCalls.length > 0 ? 'null' : '""';
  return `{"role":"assistant","content":${content},"refusal":null}`;
}

function renderDelta(delta: Delta, choice: PlannedChoice, index: number, stamp: AnswerStamp): string {
  switch (delta.kind) {
    case 'text':
      return `{"${choice.finish === 'refused' ? 'refusal' : 'content'}":${JSON.stringify(delta.text)}}`;
    case 'reasoning':
      return `{"reasoning_content":${JSON.stringify(delta.text)}}`;
    case 'tool_start': {
      const id = toolCallId(stamp, index, delta.call);
      const called = `{"name":${JSON.stringify(delta.name)},"arguments":""}`;
      return `{"tool_calls":[{"index":${delta.call},"id":"${id}","type":"function","function":${called}}]}`;
    }
    case 'tool_input':
      return `{"tool_calls":[{"index":${delta.call},"function":{"arguments":${JSON.stringify(delta.text)}}}]}`;
  }
}
