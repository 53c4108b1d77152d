import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { createGunzip } from 'node:zlib';
import { readOtlpJson } from './otlp-json.js';
import type { SpanRecord } from './span-record.js';

export interface SpanReceiver {
  /**
   * What the environment of a process has to hold so that all its traces come here: the standard variables, with
   * every trace kept and exported within a quarter of a second.
   */
  readonly env: Readonly<Record<string, string>>;
  /** The spans of one trace that have arrived so far. */
  trace(traceId: string): readonly SpanRecord[];
  /** All that have arrived so far. */
  spans(): readonly SpanRecord[];
  close(): Promise<void>;
}

/** How many spans are kept: 60 MB at most. Later ones are taken and forgotten. */
const KEPT_SPANS = 100_000;

/**
 * The smallest receiver of OTLP over HTTP, in its JSON encoding, on a free port of this machine: for a demo that
 * shows a trace without a collector. It keeps what it gets in memory.
 */
export async function receiveSpans(): Promise<SpanReceiver> {
  const kept: SpanRecord[] = [];
  const server = createServer((request, response) => {
    const end = (status: number, body: object) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    if (request.method !== 'POST' || request.url !== '/v1/traces')
      return end(404, { message: 'only POST /v1/traces' });
    if (!request.headers['content-type']?.startsWith('application/json')) {
      return end(415, { message: 'only JSON: set OTEL_EXPORTER_OTLP_PROTOCOL=http/json' });
    }
    body(request).then(
      (json) => {
        try {
          kept.push(...readOtlpJson(json).slice(0, KEPT_SPANS - kept.length));
          end(200, {});
        } catch (error) {
          end(400, { message: String(error) });
        }
      },
      (error: unknown) => end(400, { message: String(error) }),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_TRACES_EXPORTER: 'otlp',
      OTEL_TRACES_SAMPLER: 'parentbased_always_on',
      OTEL_BSP_SCHEDULE_DELAY: '250',
      OTEL_BSP_MAX_QUEUE_SIZE: '20000',
    },
    trace: (traceId) => kept.filter((span) => span.traceId === traceId),
    spans: () => [...kept],
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

function body(request: IncomingMessage): Promise<string> {
  return text(request.headers['content-encoding'] === 'gzip' ? request.pipe(createGunzip()) : request);
}
