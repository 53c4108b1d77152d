import type { Clock } from '@penstock/resilience';
import { Agent } from 'undici';
import { HttpExchange, type ExchangeLimits } from './http-exchange.js';

export interface HttpClientOptions {
  /**
   * Connections at the same time, to each host. Default: as many as there are calls, because a call that waited here
   * for a connection would wait where neither priority nor fairness counts.
   */
  readonly connections?: number;
  /** Default 10 s. */
  readonly connectTimeoutMs?: number;
}

export interface HttpPost extends ExchangeLimits {
  /** Scheme, host and port. */
  readonly origin: string;
  /** With the query; begins with a slash. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/**
 * HTTP/1.1 over connections that are kept: one call on a connection at a time, so that breaking off a call closes its
 * socket and no other's. It retries nothing, follows no redirect and decompresses nothing.
 */
export class HttpClient {
  private readonly agent: Agent;

  constructor(
    private readonly clock: Clock,
    options: HttpClientOptions,
  ) {
    this.agent = new Agent({
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
    const { origin, path, headers, body } = request;
    this.agent.dispatch({ method: 'POST', origin, path, headers, body }, exchange);
    return exchange;
  }

  /** Takes no further calls; resolves when those under way are over and all connections closed. */
  close(): Promise<void> {
    return this.agent.close();
  }
}
