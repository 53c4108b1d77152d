import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface PlayedRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly socket: Socket;
  /** Resolves when the client's connection is closed, by whichever side. */
  readonly closed: Promise<void>;
}

/** Answers one request, well or badly. */
export type Play = (request: PlayedRequest, response: ServerResponse) => void;

/** A real HTTP server on a free loopback port that answers each request with what the test says, and remembers it. */
export class PlaybackServer {
  readonly requests: PlayedRequest[] = [];
  connections = 0;
  /** Each with the promise of its end. */
  private readonly sockets = new Map<Socket, Promise<void>>();
  private waiting: (() => void)[] = [];
  private play: Play = (_, response) => void response.writeHead(500).end();

  private constructor(private readonly server: Server) {
    server.on('connection', (socket) => {
      this.connections++;
      socket.on('error', () => {});
      const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
      this.sockets.set(socket, closed);
      void closed.then(() => this.sockets.delete(socket));
    });
    server.on('request', (request, response) => {
      const pieces: Buffer[] = [];
      const closed = this.sockets.get(request.socket) ?? Promise.resolve();
      request.on('data', (piece: Buffer) => pieces.push(piece));
      request.on('end', () => {
        const { url, headers, socket } = request;
        const played = { path: url ?? '', headers, body: Buffer.concat(pieces), socket, closed };
        this.requests.push(played);
        this.waiting.splice(0).forEach((wake) => wake());
        this.play(played, response);
      });
    });
  }

  static async start(): Promise<PlaybackServer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new PlaybackServer(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Answers all requests from now on with this body. */
  plays(
    status: number,
    type: string,
    body: string | Uint8Array,
    headers: Readonly<Record<string, string>> = {},
  ): void {
    this.answer(
      (_, response) => void response.writeHead(status, { 'content-type': type, ...headers }).end(body),
    );
  }

  /** What answers all requests from now on; what was remembered is forgotten. */
  answer(play: Play): void {
    this.play = play;
    this.requests.length = 0;
  }

  /** The first request since `answer`, as soon as it is there. */
  async request(): Promise<PlayedRequest> {
    while (!this.requests[0]) await new Promise<void>((resolve) => this.waiting.push(resolve));
    return this.requests[0];
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    for (const socket of this.sockets.keys()) socket.destroy();
    await closed;
  }
}
