import { sleep } from '@penstock/resilience';
import { renderWaterfall, type SpanRecord } from '@penstock/telemetry';
import { COLUMNS, INDENT, type Report } from '../report/report.js';
import type { Stage } from '../stage/stage.js';

const PATIENCE_MS = 5_000;
const SERVICES = ['ingress', 'router', 'worker', 'accounting'];

/** Draws one call's way through all services: one that failed over, if there is one. */
export async function drawTrace(stage: Stage, report: Report): Promise<void> {
  const { spans, clock, signal } = stage;
  const giveUpAtMs = clock.monotonicMs() + PATIENCE_MS;
  let drawn: readonly SpanRecord[];
  // Services export what they have a quarter of a second later.
  while ((drawn = mostTelling(stage.traceIds.map((id) => spans.trace(id)))).length === 0) {
    if (clock.monotonicMs() > giveUpAtMs) break;
    await sleep(clock, 100, signal);
  }
  report.block(
    renderWaterfall(drawn, { columns: COLUMNS - INDENT.length })
      .trimEnd()
      .split('\n'),
  );
  const seen = SERVICES.filter((service) => drawn.some((span) => span.service === service));
  report.check(
    seen.length === SERVICES.length,
    'one trace through all services',
    seen.length === 0 ? 'no whole trace arrived' : seen.join(', '),
  );
}

/** Of the traces that have reached the ledger, the one with the most attempts; none when none is whole yet. */
function mostTelling(traces: readonly (readonly SpanRecord[])[]): readonly SpanRecord[] {
  const whole = traces.filter((trace) => trace.some(({ service }) => service === 'accounting'));
  const [most = []] = whole.toSorted((a, b) => attemptsOf(b) - attemptsOf(a));
  return most;
}

function attemptsOf(trace: readonly SpanRecord[]): number {
  return new Set(trace.flatMap(({ attributes }) => attributes['penstock.attempt.number'] ?? [])).size;
}
