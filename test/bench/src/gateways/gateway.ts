/** A system that is called over HTTP and calls the upstream, or the upstream itself. */
export interface Gateway {
  readonly name: string;
  readonly role: 'own' | 'peer' | 'floor' | 'direct';
  /** How it is called so that the upstream behind it answers after so many milliseconds. */
  target(latencyMs: number): GatewayTarget;
  /** All of its processes, its queue and its database included; the upstream is not one of them. */
  pids(): readonly number[];
  /** Those of them that run Node. */
  nodePids(): readonly number[];
  stop(): Promise<void>;
}

export interface GatewayTarget {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What the caller names as the model. */
  readonly model: string;
}

/** Latencies of the upstream that are measured with, in milliseconds. */
export const LATENCIES_MS = [0, 20, 50] as const;

/** What every system is called with: about 1 KB. */
export function chatBody(model: string, stream: boolean): string {
  const messages = [{ role: 'user', content: 'word '.repeat(190) }];
  return JSON.stringify({ model, ...(stream && { stream }), messages });
}
