import type { CanonicalCall, FinishReason, JsonMap, Usage } from '@penstock/contracts';
import type { LanguageModelV4 } from '@ai-sdk/provider';
import type { ProviderSettings } from '../provider-settings.js';

/** What a provider package is given to be made. */
export interface PackageSettings {
  /** Without credentials and without a slash at the end. */
  readonly baseURL: string;
  readonly apiKey: string;
  readonly headers: Record<string, string>;
  readonly fetch: typeof globalThis.fetch;
}

/** Another provider of the AI SDK, and what it calls those options that Penstock has names of its own for. */
export interface ProviderPackage {
  /**
   * Loads the package and makes its provider, once. The packages are loaded when they are first used, because most
   * installations use two of them.
   */
  open(settings: PackageSettings, all: ProviderSettings): Promise<(upstreamModel: string) => LanguageModelV4>;
  /** The name under which the package looks for its options. */
  readonly family: string;
  options(call: CanonicalCall): JsonMap;
  /** Fields of a call that the package leaves out without saying so. */
  readonly silent?: readonly (keyof CanonicalCall)[];
  /** The provider's words for why an answer ended that the package does not know; `error` for one that is no answer. */
  readonly finishReasons?: Readonly<Record<string, FinishReason['unified'] | 'error'>>;
  /** Counts in the provider's own usage object that the package leaves out. */
  moreUsage?(raw: JsonMap): Partial<Usage>;
}
