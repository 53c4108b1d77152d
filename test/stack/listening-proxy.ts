import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';

/** A body that went by on its way to a provider. */
export interface HeardBody {
  readonly path: string;
  readonly body: Record<string, unknown>;
  /** The same as it was written. */
  readonly text: string;
}

/** Stands before a provider, passes everything on, and remembers the bodies that were sent. */
export class ListeningProxy {
  readonly heard: HeardBody[] = [];
  private server: Server | undefined;

  /** Starts before the server at `target`. Resolves with its own address. */
  readonly before = async (target: string): Promise<string> => {
    const server = createServer((request, response) => {
      void (async () => {
        const body = Buffer.concat((await request.toArray()) as Buffer[]);
        if (request.method === 'POST') {
          const text = body.toString();
          const json = JSON.parse(text) as Record<string, unknown>;
          this.heard.push({ path: request.url ?? '', body: json, text });
        }
        const { host: _1, connection: _2, 'content-length': _3, ...headers } = request.headers;
        const answer = await fetch(`${target}${request.url}`, {
          method: request.method ?? 'GET',
          headers: headers as Record<string, string>,
          ...(body.length > 0 && { body }),
        });
        response.writeHead(answer.status, Object.fromEntries(answer.headers));
        if (answer.body) Readable.fromWeb(answer.body as never).pipe(response);
        else response.end();
      })();
    });
    this.server = server;
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };

  /** The last body, without those before it. */
  take(): HeardBody {
    const last = this.heard.splice(0).at(-1);
    if (!last) throw new Error('No provider was called.');
    return last;
  }

  async close(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => (this.server ? this.server.close(resolve) : resolve(undefined)));
  }
}
