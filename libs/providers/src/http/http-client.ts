import type { Clock } from '@penstock/resilience';
import { Pool } from 'undici';
import { HttpExchange, type ExchangeLimits } from './http-exchange.js';

export interface HttpClientOptions {
  /** Scheme, host and the path that all requests begin with. User and password in it are dropped. */
  readonly baseUrl: string;
  /** Sent with every request; names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /**
   * Connections at the same time. Default: as many as there are calls, because a call that waited here for a
   * connection would wait where neither priority nor fairness counts.
   */
  readonly connections?: number;
  /** Default 10 s. */
  readonly connectTimeoutMs?: number;
}

export interface HttpPost extends ExchangeLimits {
  /** Below the base URL; begins with a slash. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/**
 * HTTP/1.1 to one base URL over connections that are kept: one call on a connection at a time, so that breaking off
 * a call closes its socket and no other's. It retries nothing, follows no redirect and decompresses nothing.
 */
export class HttpClient {
  private readonly pool: Pool;
  private readonly prefix: string;
  private readonly query: string;

  constructor(
    private readonly clock: Clock,
    private readonly options: HttpClientOptions,
  ) {
    const url = new URL(options.baseUrl);
    this.prefix = url.pathname.replace(/\/+$/, '');
    this.query = url.search;
    this.pool = new Pool(url.origin, {
      connections: options.connections ?? null,
      pipelining: 1,
      allowH2: false,
      headersTimeout: 0,
      bodyTimeout: 0,
      connectTimeout: options.connectTimeoutMs ?? 10_000,
    });
  }

  post(request: HttpPost): HttpExchange {
    const exchange = new HttpExchange(this.clock, request);
    if (exchange.failure) return exchange;
    this.pool.dispatch(
      {
        method: 'POST',
        path: this.path(request.path),
        headers: {
          'content-type': 'application/json',
          'accept-encoding': 'identity',
          ...this.options.headers,
          ...request.headers,
        },
        body: request.body,
      },
      exchange,
    );
    return exchange;
  }

  /** Takes no further calls; resolves when those under way are over and all connections closed. */
  close(): Promise<void> {
    return this.pool.close();
  }

  private path(path: string): string {
    if (this.query === '') return this.prefix + path;
    return this.prefix + path + (path.includes('?') ? `&${this.query.slice(1)}` : this.query);
  }
}
