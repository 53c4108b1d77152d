/** A provider as the configuration describes it, with its secrets already resolved. */
export interface ProviderSettings {
  /** What the configuration calls it. */
  readonly name: string;
  /** Scheme, host, and the path that the API's own paths are below, such as `https://api.openai.com/v1`. */
  readonly baseUrl: string;
  readonly apiKey?: string;
  /** Sent with every request, over the adapter's own where they have the same name. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Connections at the same time. Default: as many as there are calls. */
  readonly connections?: number;
  /** Default 10 s. */
  readonly connectTimeoutMs?: number;
  /**
   * Whether the provider can be asked for usage at the end of a stream (`stream_options.include_usage`). Default
   * true; set it to false for one that refuses the field, and its streams are billed by estimate.
   */
  readonly streamUsage?: boolean;
  /** What only one adapter knows, such as Bedrock's `region`; see there. */
  readonly options?: Readonly<Record<string, string>>;
}
