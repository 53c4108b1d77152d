import type { LanguageModelV4, LanguageModelV4CallOptions } from '@ai-sdk/provider';
import type { CanonicalCall, Failure } from '@penstock/contracts';
import type { Clock } from '@penstock/resilience';
import { readBaseUrl } from '../http/base-url.js';
import type { HttpClient } from '../http/http-client.js';
import type { LimitReading, TranslatedAnswer, TranslatedCall } from '../provider.js';
import type { ProviderSettings } from '../provider-settings.js';
import { readLimits } from '../wire/limit-reading.js';
import { estimatedUsage } from '../wire/token-estimate.js';
import { CallFetch, CallTrace } from './call-fetch.js';
import { callOptions } from './call-options.js';
import type { ProviderPackage } from './package-model.js';
import { PartStream } from './part-stream.js';
import { readResult, readUnsupported } from './read-answer.js';
import { readFailure, type ErrorDialect } from './read-failure.js';

/**
 * Calls for clients whose API the provider does not speak: the canonical call goes through the AI SDK's package for
 * the provider, over Penstock's own connections. The packages' models do not retry; what retries is the layer above
 * them, which is not used.
 */
export class TranslatedCalls {
  private readonly fetch: CallFetch;
  private opened: Promise<(upstreamModel: string) => LanguageModelV4> | undefined;

  constructor(
    private readonly settings: ProviderSettings,
    private readonly target: ProviderPackage,
    private readonly errors: ErrorDialect,
    client: HttpClient,
    private readonly clock: Clock,
  ) {
    this.fetch = new CallFetch(client);
  }

  async generate(call: TranslatedCall): Promise<TranslatedAnswer> {
    const trace = new CallTrace(call);
    const explain = (error: unknown) => readFailure(error, trace, this.errors, this.clock.nowMs());
    try {
      const model = (await this.open())(call.upstreamModel);
      const options = callOptions(call.call, this.target);
      return await this.fetch.run(trace, () =>
        call.stream
          ? this.streamed(call.call, model, options, trace, explain)
          : this.whole(call.call, model, options, trace),
      );
    } catch (error) {
      return this.failed(explain(error), trace);
    }
  }

  private open(): Promise<(upstreamModel: string) => LanguageModelV4> {
    const { apiKey, headers, baseUrl } = this.settings;
    const given = {
      baseURL: readBaseUrl(baseUrl).href,
      // Without a key a package would look for one in the environment.
      apiKey: apiKey ?? '',
      headers: { ...headers },
      fetch: this.fetch.fetch,
    };
    this.opened ??= this.target.open(given, this.settings);
    return this.opened;
  }

  private async whole(
    call: CanonicalCall,
    model: LanguageModelV4,
    options: LanguageModelV4CallOptions,
    trace: CallTrace,
  ): Promise<TranslatedAnswer> {
    const answer = await model.doGenerate(options);
    const result = readResult(answer, this.target);
    if (!result) {
      return this.failed(
        { reason: 'malformed_response', message: 'The provider did not finish its answer.' },
        trace,
      );
    }
    return {
      kind: 'complete',
      result,
      usage: result.usage ?? estimatedUsage(trace.requestBytes, 0),
      upstreamId: result.response?.id,
      limits: this.limits(trace),
      ...this.leftOut(call, readUnsupported(answer.warnings)),
    };
  }

  private async streamed(
    call: CanonicalCall,
    model: LanguageModelV4,
    options: LanguageModelV4CallOptions,
    trace: CallTrace,
    explain: (error: unknown) => Failure,
  ): Promise<TranslatedAnswer> {
    const { stream } = await model.doStream(options);
    const parts = new PartStream(stream, trace, explain, this.target);
    const early = await parts.open();
    if (early?.failure) return this.failed(early.failure, trace);
    const { upstreamId, unsupported } = parts;
    return {
      kind: 'stream',
      parts,
      upstreamId,
      limits: this.limits(trace),
      ...this.leftOut(call, unsupported),
    };
  }

  /** A success that cannot be used was worked for and is charged; a refusal was not. */
  private failed(failure: Failure, trace: CallTrace): TranslatedAnswer {
    trace.exchange?.abort();
    const { callerDetail, ...rest } = failure;
    const { apiKey } = this.settings;
    // A provider that quotes our credential in its error does not get to show it to the caller.
    const shown = apiKey && callerDetail?.includes(apiKey) ? rest : failure;
    const charged =
      trace.head !== undefined && trace.head.status < 300 && failure.reason === 'malformed_response';
    const usage = charged ? estimatedUsage(trace.requestBytes, 0) : undefined;
    return { kind: 'failure', failure: shown, usage, limits: this.limits(trace) };
  }

  private limits(trace: CallTrace): LimitReading | undefined {
    return trace.head && readLimits(trace.head.headers, this.clock.nowMs());
  }

  private leftOut(
    call: CanonicalCall,
    warned: readonly string[],
  ): { readonly unsupported?: readonly string[] } {
    const silent = (this.target.silent ?? []).filter((field) => call[field] !== undefined);
    const unsupported = [...warned, ...silent];
    return unsupported.length > 0 ? { unsupported } : {};
  }
}
