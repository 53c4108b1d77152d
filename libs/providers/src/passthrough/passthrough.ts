import type { Failure } from '@penstock/contracts';
import type { Clock } from '@penstock/resilience';
import { readBaseUrl, type BaseUrl } from '../http/base-url.js';
import type { HttpClient } from '../http/http-client.js';
import type { HttpExchange, HttpHead } from '../http/http-exchange.js';
import { readWhole } from '../http/read-whole.js';
import type { FailedAnswer, ProviderAnswer, ProviderCall } from '../provider.js';
import type { ProviderSettings } from '../provider-settings.js';
import { asBuffer } from '../wire/bytes.js';
import { EventStream } from '../wire/event-stream.js';
import { isJsonObject, readJson } from '../wire/json.js';
import { header, readLimits } from '../wire/limit-reading.js';
import { failureOfAnswer, type ErrorWords } from '../wire/status-failure.js';
import { estimatedUsage, estimateTokens } from '../wire/token-estimate.js';
import type { Dialect, PreparedCall } from './dialect.js';

const NO_WORDS: ErrorWords = { words: [], message: '' };

/** Calls in the provider's own dialect: bytes in, bytes out, usage and failures read on the side. */
export class Passthrough {
  private readonly baseUrl: BaseUrl;
  private readonly headers: Readonly<Record<string, string>>;

  constructor(
    private readonly settings: ProviderSettings,
    private readonly dialect: Dialect,
    private readonly client: HttpClient,
    private readonly clock: Clock,
  ) {
    this.baseUrl = readBaseUrl(settings.baseUrl);
    this.headers = {
      'content-type': 'application/json',
      'accept-encoding': 'identity',
      ...dialect.headers(settings.apiKey),
      ...lowerCase(settings.headers),
    };
  }

  async call(call: ProviderCall): Promise<ProviderAnswer> {
    try {
      const prepared = this.dialect.prepare(call);
      if ('reason' in prepared) return failed(prepared);
      if (!call.rewrite || prepared.contentType !== undefined) return await this.exchange(call, prepared);
      const rewritten = await call.rewrite(prepared.body);
      if ('reason' in rewritten) return failed(rewritten);
      return await this.exchange(call, { ...prepared, body: asBuffer(rewritten) });
    } catch {
      // What was thrown may quote the request, so it is not repeated.
      return failed({ reason: 'internal', message: 'The adapter failed to make or read the call.' });
    }
  }

  private async exchange(call: ProviderCall, prepared: PreparedCall): Promise<ProviderAnswer> {
    const exchange = this.client.post({
      origin: this.baseUrl.origin,
      path: this.baseUrl.path(prepared.path),
      body: prepared.body,
      headers: {
        accept: call.stream ? 'text/event-stream' : prepared.readBytes ? '*/*' : 'application/json',
        'x-request-id': call.attemptId,
        ...(call.traceparent !== undefined && { traceparent: call.traceparent }),
        ...this.headers,
        ...(call.clientHeaders && joinHeaders(call.clientHeaders, this.headers)),
        ...(prepared.contentType !== undefined && { 'content-type': prepared.contentType }),
      },
      signal: call.signal,
      firstByteTimeoutMs: call.firstByteTimeoutMs,
      idleTimeoutMs: call.idleTimeoutMs,
    });
    const head = await exchange.head;
    if (!head)
      return failed(exchange.failure ?? { reason: 'connection_failed', message: 'There was no answer.' });
    const encoding = header(head.headers, 'content-encoding');
    if (encoding !== undefined && encoding !== 'identity') {
      return this.unusable(exchange, head, prepared, 0, 'compressed its answer although it was asked not to');
    }
    const isStream = header(head.headers, 'content-type')?.startsWith('text/event-stream') === true;
    if (isStream && isSuccess(head)) return this.streamed(exchange, head, prepared);
    return this.whole(exchange, head, prepared);
  }

  private async streamed(
    exchange: HttpExchange,
    head: HttpHead,
    prepared: PreparedCall,
  ): Promise<ProviderAnswer> {
    const chunks = new EventStream(exchange, prepared.readStream());
    const early = await chunks.open();
    const limits = readLimits(head.headers, this.clock.nowMs());
    if (early?.failure) {
      return { kind: 'failure', failure: this.withoutSecret(early.failure), usage: early.usage, limits };
    }
    return {
      kind: 'stream',
      status: head.status,
      contentType: header(head.headers, 'content-type') ?? 'text/event-stream',
      chunks,
      upstreamId: header(head.headers, 'x-request-id') ?? header(head.headers, 'request-id'),
      limits,
    };
  }

  private async whole(
    exchange: HttpExchange,
    head: HttpHead,
    prepared: PreparedCall,
  ): Promise<ProviderAnswer> {
    const body = await readWhole(exchange);
    const limits = readLimits(head.headers, this.clock.nowMs());
    // A success that broke off in its body was worked for and is charged; an error was not.
    if (!body && isSuccess(head)) {
      const failure = exchange.failure ?? { reason: 'connection_failed', message: 'The answer broke off.' };
      return {
        kind: 'failure',
        failure,
        usage: estimatedUsage(prepared.textBytes ?? prepared.body.length, 0),
        limits,
      };
    }
    const answer = { status: head.status, headers: head.headers, body: body ?? Buffer.alloc(0) };
    const contentType = header(head.headers, 'content-type') ?? 'application/json';
    if (prepared.readBytes && isSuccess(head) && !/^application\/([\w.-]+\+)?json\b/.test(contentType)) {
      const reading = prepared.readBytes(contentType, answer.body.length);
      const upstreamId = header(head.headers, 'x-request-id');
      return {
        kind: 'complete',
        status: head.status,
        contentType,
        body: answer.body,
        ...reading,
        upstreamId,
        limits,
      };
    }
    const json = readJson(answer.body.toString('utf8'));
    const error = isJsonObject(json) ? this.dialect.readError(json) : undefined;
    if (error || !isSuccess(head)) {
      const failure = failureOfAnswer(answer, error ?? NO_WORDS, this.dialect.reasons, this.clock.nowMs());
      return { kind: 'failure', failure: this.withoutSecret(failure), usage: undefined, limits };
    }
    const reading = isJsonObject(json) ? prepared.readAnswer(json) : undefined;
    if (!reading)
      return this.unusable(
        exchange,
        head,
        prepared,
        answer.body.length,
        'sent an answer that cannot be read',
      );
    return {
      kind: 'complete',
      status: head.status,
      contentType,
      body: answer.body,
      usage:
        reading.usage ??
        estimatedUsage(prepared.textBytes ?? prepared.body.length, estimateTokens(answer.body.length)),
      upstreamId:
        reading.upstreamId ?? header(head.headers, 'x-request-id') ?? header(head.headers, 'request-id'),
      limits,
    };
  }

  private unusable(
    exchange: HttpExchange,
    head: HttpHead,
    prepared: PreparedCall,
    bytes: number,
    what: string,
  ): FailedAnswer {
    exchange.abort();
    return {
      kind: 'failure',
      failure: { reason: 'malformed_response', message: `The provider ${what}.`, status: head.status },
      usage: estimatedUsage(prepared.textBytes ?? prepared.body.length, estimateTokens(bytes)),
      limits: readLimits(head.headers, this.clock.nowMs()),
    };
  }

  /** A provider that quotes our credential in its error does not get to show it to the caller. */
  private withoutSecret(failure: Failure): Failure {
    const { body, ...rest } = failure;
    const secret = this.settings.apiKey;
    return body && secret && Buffer.from(body).includes(secret) ? rest : failure;
  }
}

function isSuccess(head: HttpHead): boolean {
  return head.status >= 200 && head.status < 300;
}

function failed(failure: Failure): FailedAnswer {
  return { kind: 'failure', failure, usage: undefined, limits: undefined };
}

function lowerCase(headers: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/** Both say what to switch on: neither takes the other's place. */
function joinHeaders(
  given: Readonly<Record<string, string>>,
  own: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [
      name,
      own[name] === undefined ? value : `${own[name]},${value}`,
    ]),
  );
}
