import type { SpanRecord } from './span-record.js';
import { renderWaterfall } from './waterfall.js';

function span(
  spanId: string,
  parentSpanId: string | undefined,
  startMs: number,
  endMs: number,
  more: Partial<SpanRecord> = {},
): SpanRecord {
  return {
    traceId: 'a'.repeat(32),
    spanId,
    ...(parentSpanId !== undefined && { parentSpanId }),
    name: `span ${spanId}`,
    kind: 'internal',
    service: 'router',
    startMs: 1_700_000_000_000 + startMs,
    endMs: 1_700_000_000_000 + endMs,
    attributes: {},
    failed: false,
    ...more,
  };
}

describe('renderWaterfall', () => {
  it('draws children under their parents, bars where they stand, and what matters', () => {
    const spans = [
      span('d', 'c', 40, 90, {
        name: 'chat sim-small',
        service: 'worker',
        failed: true,
        attributes: {
          'penstock.deployment': 'sim/small',
          'penstock.attempt.number': 1,
          'error.type': 'server_error',
        },
      }),
      span('e', 'c', 90, 12_000, {
        name: 'chat sim-big',
        service: 'worker',
        attributes: { 'gen_ai.usage.input_tokens': 12, 'gen_ai.usage.output_tokens': 3 },
      }),
      span('a', undefined, 0, 12_000, {
        name: 'POST /v1/jobs',
        service: 'ingress',
        attributes: { 'http.response.status_code': 200 },
      }),
      span('c', 'b', 10.25, 11, { attributes: { 'penstock.queue.time': 0.0085 } }),
      span('b', 'a', 1, 3),
      span('f', 'lost', 6000, 6001, { name: 'orphan' }),
    ];
    expect(renderWaterfall(spans, { barWidth: 20 })).toBe(
      [
        `trace ${'a'.repeat(32)}: 6 spans, 12.0 s`,
        'POST /v1/jobs         ingress     0.0 ms  │████████████████████│     12.0 s  200',
        '  span b              router      1.0 ms  │█                   │     2.0 ms',
        '    span c            router     10.3 ms  │█                   │     0.8 ms  queued 8.5 ms',
        '      chat sim-small  worker     40.0 ms  │▒                   │    50.0 ms  sim/small, attempt 1, ! server_error',
        '      chat sim-big    worker     90.0 ms  │████████████████████│     11.9 s  12 in, 3 out',
        'orphan                router     6000 ms  │          █         │     1.0 ms',
        '',
      ].join('\n'),
    );
  });

  it('keeps within the columns it is given: long names are cut, notes stand below', () => {
    const spans = [
      span('a', undefined, 0, 40, {
        name: 'POST /v1/chat/completions',
        service: 'ingress',
        attributes: { 'http.response.status_code': 200 },
      }),
      span('b', 'a', 10, 20),
    ];
    expect(renderWaterfall(spans, { columns: 60 })).toBe(
      [
        `trace ${'a'.repeat(32)}: 2 spans, 40.0 ms`,
        'POST /v1/chat/completio…  ingress     0.0 ms  │██████████│    40.0 ms',
        '  · 200',
        '  span b                  router     10.0 ms  │  ███     │    10.0 ms',
        '',
      ].join('\n'),
    );
    for (const line of renderWaterfall(spans, { columns: 100 }).split('\n')) {
      expect(line.length).toBeLessThanOrEqual(100);
    }
  });

  it('draws a trace without extent, and none at all', () => {
    expect(renderWaterfall([])).toBe('no spans\n');
    expect(renderWaterfall([span('a', undefined, 0, 0)], { barWidth: 3 })).toContain('│███│');
  });
});
