/** A job queue as the benchmark drives it, in a process of its own for each role. */
export interface Queue {
  /** Stores one job, durably. */
  add(payload: string): Promise<unknown>;
  /** Stores many at once, as its users would. */
  addMany(payloads: readonly string[]): Promise<unknown>;
  /** Forgets all jobs. */
  clear?(): Promise<unknown>;
  /** Runs jobs, so many at the same time, and tells of each that is done; resolves with what stops it. */
  work?(worker: {
    readonly concurrency: number;
    readonly call: () => Promise<void>;
    readonly onDone: () => void;
  }): Promise<() => Promise<unknown>>;
}

/** What a module of a queue exports as `openQueue`. */
export type OpenQueue = (options: QueueConnection) => Promise<Queue>;

export interface QueueConnection {
  /** Of the store. */
  readonly url: string;
  /** graphile-worker: jobs a worker takes into its memory at once. */
  readonly localQueue?: number;
  /** Penstock: the lanes that jobs go to in turn. */
  readonly lanes?: number;
}

/** What a driven queue is told. */
export type Command =
  | { readonly do: 'add'; readonly seconds: number; readonly inFlight: number; readonly payload: string }
  | { readonly do: 'addMany'; readonly count: number; readonly payload: string }
  | { readonly do: 'clear' }
  | { readonly do: 'work'; readonly concurrency: number; readonly url: string; readonly body: string }
  | { readonly do: 'await'; readonly done: number }
  | { readonly do: 'rest' };

/** What it answers; `error` instead when it could not. */
export interface Reply {
  readonly perSecond?: number;
  readonly p50Ms?: number;
  readonly error?: string;
}
