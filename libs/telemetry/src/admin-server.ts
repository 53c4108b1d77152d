import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface AdminServerOptions {
  /** 0 takes a free one. */
  readonly port: number;
  readonly host: string;
  /** What has to hold for the service to do its work, by name. */
  readonly checks: Readonly<Record<string, ReadinessCheck>>;
  /** The metrics in Prometheus' text format: `telemetry.scrape`. */
  readonly metrics: () => Promise<string>;
  /** Aborts the checks that have not answered in time. Default: after 2 seconds. */
  readonly checkTimeout?: () => AbortSignal;
}

/**
 * Resolves with `true`, or with one sentence about what is wrong, for whoever operates the service; never with
 * a secret in it. A check that throws or does not answer in time has failed.
 */
export type ReadinessCheck = (signal: AbortSignal) => Promise<true | string> | true | string;

export interface AdminServer {
  readonly port: number;
  close(): Promise<void>;
}

/** What `/readyz` answers: 200 when every check holds, else 503. */
export interface Readiness {
  readonly ready: boolean;
  /** `ok`, or what is wrong. */
  readonly checks: Readonly<Record<string, string>>;
}

/**
 * The side door of every service, for machines that look after it: `GET /healthz` (the event loop turns),
 * `GET /readyz` (it can do its work now; with the names of the checks that failed) and `GET /metrics`.
 * It asks for no key, so it belongs on an address that only operators reach.
 */
export async function startAdminServer(options: AdminServerOptions): Promise<AdminServer> {
  const { checks, metrics, checkTimeout = () => AbortSignal.timeout(2000) } = options;
  const server = createServer((request, response) => {
    const path = request.url?.split('?')[0];
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return answer(response, 405, { error: 'GET only' });
    switch (path) {
      case '/healthz':
        return answer(response, 200, { alive: true });
      case '/readyz':
        return void readiness(checks, checkTimeout()).then((state) =>
          answer(response, state.ready ? 200 : 503, state),
        );
      case '/metrics':
        return void metrics().then(
          (text) => answer(response, 200, text),
          (error: unknown) => answer(response, 500, { error: describe(error) }),
        );
      default:
        return answer(response, 404, { error: 'only /healthz, /readyz and /metrics' });
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Asks all checks at the same time. Never rejects. */
export async function readiness(
  checks: Readonly<Record<string, ReadinessCheck>>,
  signal: AbortSignal,
): Promise<Readiness> {
  const late = new Promise<string>((resolve) => {
    signal.addEventListener('abort', () => resolve('no answer in time'), { once: true });
  });
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      const run = async () => check(signal);
      const result = await Promise.race([run().catch(describe), late]);
      return [name, result === true ? 'ok' : result] as const;
    }),
  );
  return { ready: results.every(([, result]) => result === 'ok'), checks: Object.fromEntries(results) };
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function answer(response: ServerResponse, status: number, body: string | object): void {
  const text = typeof body === 'string';
  const type = text ? 'text/plain; version=0.0.4; charset=utf-8' : 'application/json';
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
  response.end(text ? body : `${JSON.stringify(body)}\n`);
}
