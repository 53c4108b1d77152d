import { chatRequest } from '../outside/chat.js';
import { readStream } from '../outside/read-stream.js';
import { newTraceparent } from '../outside/traceparent.js';
import { counted, duration } from '../report/numbers.js';
import type { Report } from '../report/report.js';
import type { Stage } from '../stage/stage.js';

/** A call whose caller reads the answer as it is written. */
export async function makeStreamedCall(stage: Stage, report: Report): Promise<void> {
  const { clock, clients } = stage;
  const { traceId, traceparent } = newTraceparent();
  const startedAtMs = clock.monotonicMs();
  const response = await clients.globex.post(
    '/v1/chat/completions',
    { ...chatRequest('small', 'Write a line about water.'), stream: true },
    { traceparent },
  );
  const read = await readStream(response, () => clock.monotonicMs());
  const tookMs = clock.monotonicMs() - startedAtMs;
  stage.accepted.http++;
  stage.traceIds.push(traceId);
  report.check(
    response.status === 200 && read.whole && read.chunks > 1 && read.firstAtMs - startedAtMs < tookMs,
    'POST /v1/chat/completions, "stream": true',
    `${counted(read.chunks, 'chunk')}, first at ${duration(read.firstAtMs - startedAtMs)}, last at ${duration(tookMs)}`,
  );
  report.check(
    read.whole,
    'the stream ends as a whole one does',
    read.whole ? 'data: [DONE]' : 'it broke off',
  );
}
