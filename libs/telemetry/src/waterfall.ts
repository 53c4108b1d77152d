import type { AttributeName } from './attributes.js';
import type { SpanRecord } from './span-record.js';

export interface WaterfallOptions {
  /** Columns of the bars. Default: 40, or with `columns` what is left. */
  readonly barWidth?: number;
  /**
   * The widest a line may be: names are cut to two fifths of it, and notes that do not fit stand on a line of
   * their own. Default: as wide as it gets.
   */
  readonly columns?: number;
}

/** What is worth a place at the end of a line, and how it is said there. */
const NOTES: readonly (readonly [AttributeName, (value: unknown) => string])[] = [
  ['http.response.status_code', (value) => `${value as number}`],
  ['penstock.queue.time', (value) => `queued ${milliseconds(Number(value) * 1000)}`],
  ['penstock.deployment', (value) => String(value)],
  ['penstock.attempt.number', (value) => `attempt ${value as number}`],
  ['gen_ai.usage.input_tokens', (value) => `${value as number} in`],
  ['gen_ai.usage.output_tokens', (value) => `${value as number} out`],
  ['penstock.outcome', (value) => String(value)],
  ['penstock.cost.micro_usd', (value) => `$${(Number(value) / 1e6).toFixed(6)}`],
  ['error.type', (value) => `! ${String(value)}`],
];

interface Line {
  readonly span: SpanRecord;
  readonly depth: number;
}

/**
 * Draws the spans of one trace as text, for a terminal: a line a span, children under their parents, each with
 * its offset from the start, a bar where it stands in the whole, how long it took and what matters of its
 * attributes. A span whose parent is missing stands at the top level, where it cannot be overlooked.
 */
export function renderWaterfall(
  spans: readonly SpanRecord[],
  { columns = Infinity, ...options }: WaterfallOptions = {},
): string {
  const first = spans[0];
  if (!first) return 'no spans\n';
  const startMs = Math.min(...spans.map((span) => span.startMs));
  const totalMs = Math.max(...spans.map((span) => span.endMs)) - startMs;
  const lines = inOrder(spans).map((line) => ({ ...line, label: '  '.repeat(line.depth) + line.span.name }));
  const nameWidth = Math.min(Math.floor(columns * 0.4), Math.max(...lines.map(({ label }) => label.length)));
  const serviceWidth = Math.max(...spans.map(({ service }) => service.length));
  const besideBar = nameWidth + serviceWidth + 2 * TIME_WIDTH + '│'.length * 2 + GAP.length * 4;
  const { barWidth = columns === Infinity ? 40 : Math.max(10, columns - besideBar) } = options;

  const rows = lines.map(({ span, label, depth }) => {
    const offsetMs = span.startMs - startMs;
    const durationMs = span.endMs - span.startMs;
    const row = [
      cut(label, nameWidth).padEnd(nameWidth),
      span.service.padEnd(serviceWidth),
      milliseconds(offsetMs).padStart(TIME_WIDTH),
      `│${bar(offsetMs, durationMs, totalMs, barWidth, span.failed)}│`,
      milliseconds(durationMs).padStart(TIME_WIDTH),
    ].join(GAP);
    const said = notes(span);
    const whole = `${row}${GAP}${said}`.trimEnd();
    return said === '' || whole.length <= columns ? whole : `${row}\n${'  '.repeat(depth + 1)}· ${said}`;
  });
  const traces = new Set(spans.map((span) => span.traceId)).size;
  const title = `trace ${first.traceId}${traces > 1 ? ` and ${traces - 1} more` : ''}`;
  return `${title}: ${spans.length} spans, ${milliseconds(totalMs)}\n${rows.join('\n')}\n`;
}

const GAP = '  ';
const TIME_WIDTH = 9;

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}

/** Parents before children, siblings by start. */
function inOrder(spans: readonly SpanRecord[]): Line[] {
  const known = new Set(spans.map((span) => span.spanId));
  const children = new Map<string | undefined, SpanRecord[]>();
  for (const span of spans) {
    const parent =
      span.parentSpanId !== undefined && known.has(span.parentSpanId) ? span.parentSpanId : undefined;
    children.set(parent, [...(children.get(parent) ?? []), span]);
  }
  const lines: Line[] = [];
  const add = (parent: string | undefined, depth: number) => {
    const siblings = children.get(parent) ?? [];
    for (const span of siblings.toSorted((a, b) => a.startMs - b.startMs)) {
      lines.push({ span, depth });
      add(span.spanId, depth + 1);
    }
  };
  add(undefined, 0);
  return lines;
}

function bar(offsetMs: number, durationMs: number, totalMs: number, width: number, failed: boolean): string {
  if (totalMs <= 0) return '█'.repeat(width);
  const from = Math.min(width - 1, Math.floor((offsetMs / totalMs) * width));
  const length = Math.min(width - from, Math.max(1, Math.round((durationMs / totalMs) * width)));
  return ' '.repeat(from) + (failed ? '▒' : '█').repeat(length) + ' '.repeat(width - from - length);
}

function notes(span: SpanRecord): string {
  return NOTES.flatMap(([name, say]) => {
    const value = span.attributes[name];
    return value === undefined ? [] : [say(value)];
  }).join(', ');
}

function milliseconds(ms: number): string {
  if (ms >= 10_000) return `${(ms / 1000).toFixed(1)} s`;
  return ms >= 100 ? `${Math.round(ms)} ms` : `${ms.toFixed(1)} ms`;
}
