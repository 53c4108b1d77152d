import { createHash } from 'node:crypto';
import { type Agent, request } from 'node:http';

export interface CallOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly agent?: Agent;
  /** Leaves after so many milliseconds, wherever the answer is by then. */
  readonly leaveAfterMs?: number;
}

export type Called =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers: Readonly<Record<string, string | string[] | undefined>>;
      readonly text: string;
    }
  /** The connection ended before the answer did. */
  | { readonly kind: 'broken'; readonly why: string; readonly job?: string };

/** One HTTP call, whole. Nothing is tried again. Never rejects. */
export function call(url: string, options: CallOptions = {}): Promise<Called> {
  return new Promise((resolve) => {
    let job: string | undefined;
    const broken = (error: unknown) =>
      resolve({
        kind: 'broken',
        why: (error as NodeJS.ErrnoException).code ?? String(error),
        ...(job !== undefined && { job }),
      });
    const { agent, method = 'GET', headers = {}, body } = options;
    const outgoing = request(url, { method, headers, ...(agent && { agent }) }, (response) => {
      const named = response.headers['x-penstock-job'];
      if (typeof named === 'string') job = named;
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.on('error', broken);
      response.on('close', () => {
        if (!response.complete) return broken(new Error('cut short'));
        const text = Buffer.concat(pieces).toString();
        resolve({ kind: 'answer', status: response.statusCode ?? 0, headers: response.headers, text });
      });
    });
    outgoing.on('error', broken);
    outgoing.setTimeout(45_000, () => outgoing.destroy(new Error('silent for 45 s')));
    if (options.leaveAfterMs !== undefined)
      setTimeout(() => outgoing.destroy(), options.leaveAfterMs).unref();
    outgoing.end(body);
  });
}

export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
