import { chatRequest } from '../outside/chat.js';
import { newTraceparent } from '../outside/traceparent.js';
import { counted, duration } from '../report/numbers.js';
import type { Report } from '../report/report.js';
import { readTraffic } from '../figures/simulator-figures.js';
import type { Stage } from '../stage/stage.js';

const CALLS = 40;

/**
 * Calls a model whose first deployment fails half of its calls: no caller may see any of that. The jobs and the
 * batch that follow ask for the same model.
 */
export async function callFailingDeployment(stage: Stage, report: Report): Promise<void> {
  const { clock, clients } = stage;
  const startedAtMs = clock.monotonicMs();
  const statuses = await Promise.all(
    Array.from({ length: CALLS }, async (_, i) => {
      const client = i % 2 === 0 ? clients.acme : clients.globex;
      const { traceId, traceparent } = newTraceparent();
      const response = await client.post('/v1/chat/completions', chatRequest('resilient', `Call ${i + 1}`), {
        traceparent,
      });
      await response.body?.cancel();
      if (response.headers.has('x-penstock-job')) stage.accepted.http++;
      stage.traceIds.push(traceId);
      return response.status;
    }),
  );
  const tookMs = clock.monotonicMs() - startedAtMs;
  const answered = statuses.filter((status) => status === 200).length;
  report.check(
    answered === CALLS,
    `${CALLS} sync calls at once, model resilient`,
    `${answered} answered with 200, in ${duration(tookMs)}`,
  );
  const { calls, outcomes } = await readTraffic(stage, 'sim-flaky');
  report.check(
    outcomes.faulted > 0,
    'simulator/flaky, which it asks first',
    `${counted(calls, 'call')}, ${outcomes.faulted} of them failed`,
  );
}
