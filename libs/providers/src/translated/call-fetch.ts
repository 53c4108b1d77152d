import { AsyncLocalStorage } from 'node:async_hooks';
import type { Failure } from '@penstock/contracts';
import type { HttpClient } from '../http/http-client.js';
import type { HttpExchange, HttpHead } from '../http/http-exchange.js';
import type { CallTerms } from '../provider.js';
import { asBuffer } from '../wire/bytes.js';

/** What one translated call leaves behind at the level of HTTP. */
export class CallTrace {
  exchange: HttpExchange | undefined;
  head: HttpHead | undefined;
  requestBytes = 0;
  /** Why nothing was sent. */
  refused: Failure | undefined;

  constructor(readonly terms: CallTerms) {}

  /**
   * Why the connection broke. A package may cancel a body by itself, after an error that it reports in its own words;
   * that is no abort of the caller's.
   */
  get failure(): Failure | undefined {
    if (this.refused) return this.refused;
    const failure = this.exchange?.failure;
    return failure?.reason === 'aborted' && !this.terms.signal.aborted ? undefined : failure;
  }
}

/**
 * The `fetch` that provider packages are given: Penstock's own connections, timeouts and aborts under the packages'
 * reading and writing. One of it serves all calls of a provider; which call it works for it knows from the
 * asynchronous context.
 */
export class CallFetch {
  private readonly calls = new AsyncLocalStorage<CallTrace>();

  constructor(private readonly client: HttpClient) {}

  run<T>(trace: CallTrace, work: () => Promise<T>): Promise<T> {
    return this.calls.run(trace, work);
  }

  readonly fetch: typeof globalThis.fetch = async (input, init) => {
    const trace = this.calls.getStore();
    if (!trace) throw new Error('A provider package made a request outside of a call.');
    const { terms } = trace;
    const url = new URL(input instanceof Request ? input.url : input);
    const body = await rewritten(trace, bodyBytes(init?.body));
    trace.requestBytes = body.length;
    trace.exchange = this.client.post({
      origin: url.origin,
      path: url.pathname + url.search,
      body,
      headers: {
        ...Object.fromEntries(new Headers(init?.headers)),
        'accept-encoding': 'identity',
        'x-request-id': terms.attemptId,
        ...(terms.traceparent !== undefined && { traceparent: terms.traceparent }),
      },
      signal: terms.signal,
      firstByteTimeoutMs: terms.firstByteTimeoutMs,
      idleTimeoutMs: terms.idleTimeoutMs,
    });
    trace.head = await trace.exchange.head;
    if (!trace.head) throw new Error('The call failed.');
    return response(trace.exchange, trace.head);
  };
}

async function rewritten(trace: CallTrace, body: Buffer): Promise<Buffer> {
  if (!trace.terms.rewrite) return body;
  const changed = await trace.terms.rewrite(body);
  if (!('reason' in changed)) return asBuffer(changed);
  trace.refused = changed;
  throw new Error('The call was not made.');
}

function bodyBytes(body: unknown): Buffer {
  if (typeof body === 'string') return Buffer.from(body);
  if (body instanceof Uint8Array) return Buffer.from(body);
  throw new Error('A provider package sent a body of another kind.');
}

function response(exchange: HttpExchange, { status, headers }: HttpHead): Response {
  const pairs = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [value].flat().map((each) => [name, each]),
  );
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const bytes = await exchange.read();
        if (bytes) controller.enqueue(bytes);
        else if (exchange.failure) controller.error(new Error('The call failed.'));
        else controller.close();
      },
      cancel: () => exchange.abort(),
    },
    { highWaterMark: 0 },
  );
  const empty = status === 204 || status === 205 || status === 304;
  return new Response(empty ? null : body, { status, headers: pairs });
}
