import { chatRequest, type ChatCompletion } from '../outside/chat.js';
import { newTraceparent } from '../outside/traceparent.js';
import { duration } from '../report/numbers.js';
import type { Report } from '../report/report.js';
import type { Stage } from '../stage/stage.js';

/** A call whose caller waits for the whole answer. */
export async function makeSyncCall(stage: Stage, report: Report): Promise<void> {
  const { clock, clients } = stage;
  const { traceId, traceparent } = newTraceparent();
  const startedAtMs = clock.monotonicMs();
  const response = await clients.acme.post(
    '/v1/chat/completions',
    chatRequest('small', 'What is a penstock?'),
    { traceparent },
  );
  const answer = await clients.acme.json<ChatCompletion>(Promise.resolve(response));
  const tookMs = clock.monotonicMs() - startedAtMs;
  stage.accepted.http++;
  stage.traceIds.push(traceId);
  const text = answer.choices[0]?.message.content ?? '';
  const { prompt_tokens: input, completion_tokens: output } = answer.usage;
  report.check(
    text !== '' && output > 0,
    'POST /v1/chat/completions',
    `${response.status} in ${duration(tookMs)}, ${input} tokens in, ${output} out`,
  );
  report.note(`“${shortened(text)}”`);
}

function shortened(text: string, length = 80): string {
  return text.length > length ? `${text.slice(0, length - 1).trimEnd()}…` : text;
}
