import { createServer, request as send, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One call as it went over the wire. */
export interface Exchange {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly requestHeaders: IncomingHttpHeaders;
  readonly requestBody: string;
  readonly status: number;
  readonly contentType: string;
  readonly responseHeaders: IncomingHttpHeaders;
  readonly responseBody: string;
}

export interface RecordingProxy {
  readonly url: string;
  /** What has been answered since the last time, oldest first. */
  take(): Exchange[];
  close(): Promise<void>;
}

/**
 * Stands between a client and Penstock, passes bytes on as they come and remembers them: so a test can look at the
 * wire while the client stays as its vendor made it.
 */
export async function startRecordingProxy(target: string): Promise<RecordingProxy> {
  let exchanges: Exchange[] = [];
  const { hostname, port } = new URL(target);
  const server = createServer((incoming, outgoing) => {
    const sent: Buffer[] = [];
    const { method = '', url: path = '', headers: requestHeaders } = incoming;
    const upstream = send({ hostname, port, method, path, headers: requestHeaders }, (answer) => {
      const came: Buffer[] = [];
      outgoing.writeHead(answer.statusCode ?? 0, answer.headers);
      answer.on('data', (bytes: Buffer) => {
        came.push(bytes);
        outgoing.write(bytes);
      });
      answer.on('error', () => outgoing.destroy());
      answer.on('end', () => {
        exchanges.push({
          method,
          path,
          requestHeaders,
          requestBody: Buffer.concat(sent).toString(),
          status: answer.statusCode ?? 0,
          contentType: answer.headers['content-type'] ?? '',
          responseHeaders: answer.headers,
          responseBody: Buffer.concat(came).toString(),
        });
        outgoing.end();
      });
    });
    upstream.on('error', () => outgoing.destroy());
    outgoing.on('close', () => upstream.destroy());
    incoming.on('data', (bytes: Buffer) => {
      sent.push(bytes);
      upstream.write(bytes);
    });
    incoming.on('end', () => upstream.end());
  });
  // A client must not find a connection closed that it thinks is open.
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    take() {
      const taken = exchanges;
      exchanges = [];
      return taken;
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
