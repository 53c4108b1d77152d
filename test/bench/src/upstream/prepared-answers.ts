/** What the upstream answers: about half a kilobyte whole, or the same text in twenty chunks. */

export const CHUNK_PERIOD_MS = 20;

const CHUNKS = 20;
const WORDS = 'the gate lets through as much water as the turbine below can take, ';
const USAGE = { prompt_tokens: 240, completion_tokens: 60, total_tokens: 300 };
const HEAD = { id: 'chatcmpl-bench', created: 1_700_000_000, model: 'bench' };

export const answer = Buffer.from(
  JSON.stringify({
    ...HEAD,
    object: 'chat.completion',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: WORDS.repeat(4) },
        logprobs: null,
        finish_reason: 'stop',
      },
    ],
    usage: USAGE,
  }),
);

const event = (choices: object[], usage?: object) =>
  `data: ${JSON.stringify({ ...HEAD, object: 'chat.completion.chunk', choices, ...(usage && { usage }) })}\n\n`;

/** The last one carries the usage and the end. */
export const chunks: readonly string[] = Array.from({ length: CHUNKS }, (_, i) => {
  const isLast = i === CHUNKS - 1;
  const delta = { ...(i === 0 && { role: 'assistant' }), content: 'a gate of words ' };
  const chunk = event([{ index: 0, delta, finish_reason: isLast ? 'stop' : null }]);
  return isLast ? `${chunk}${event([], USAGE)}data: [DONE]\n\n` : chunk;
});
