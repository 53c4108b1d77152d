/**
 * A provider's model under one credential in one region: the unit of price, limits and health.
 */
export interface Deployment {
  readonly id: string;
  readonly provider: string;
  /** The model's name at the provider. */
  readonly upstreamModel: string;
  readonly price: Price;
  readonly limits: Limits;
}

/** US dollars per million tokens. */
export interface Price {
  readonly input: number;
  readonly output: number;
  /** Default: as `input`. */
  readonly cachedInput?: number;
  /** Default: as `input`. */
  readonly cacheWrite?: number;
}

/** What a deployment can take by one credential, all workers together. An absent limit is not known. */
export interface Limits {
  /** Calls at the same time. */
  readonly concurrency?: number;
  /** Requests in any 60 seconds. */
  readonly rpm?: number;
  /** Tokens, input and output together, in any 60 seconds. */
  readonly tpm?: number;
  /** Input tokens in any 60 seconds, where the provider counts them apart. */
  readonly inputTpm?: number;
  /** Output tokens in any 60 seconds, where the provider counts them apart. */
  readonly outputTpm?: number;
}
