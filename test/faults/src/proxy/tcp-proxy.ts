import { createServer, connect, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/** What may be done to the bytes of one direction. The piece given is passed on as it is returned; none is held back. */
export type Watch = (bytes: Buffer) => Buffer | undefined;

export interface ProxyOptions {
  readonly port: number;
  readonly host?: string;
  /** Made anew for every connection: what sees the bytes on their way to the server, and back. */
  readonly watch?: () => { readonly toServer?: Watch; readonly toClient?: Watch };
}

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
}

/**
 * A line between two processes that can be made bad: cut, stalled, delayed, refused.
 *
 * - `cut`: every connection is reset, and new ones are taken.
 * - `partition`: bytes go nowhere, as behind a pulled plug: nothing is closed, and new connections hang.
 * - `delay`: every piece comes so many milliseconds late.
 * - `heal`: the line is good again; what waited goes through.
 */
export class TcpProxy {
  private readonly pairs = new Set<Pair>();
  private partitioned = false;
  private delayMs = 0;
  private readonly held: (() => void)[] = [];

  private constructor(
    private readonly server: Server,
    private readonly options: ProxyOptions,
  ) {
    server.on('connection', (client) => this.accept(client));
  }

  static async open(options: ProxyOptions): Promise<TcpProxy> {
    const server = createServer({ noDelay: true });
    const proxy = new TcpProxy(server, options);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    return proxy;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get connections(): number {
    return this.pairs.size;
  }

  cut(): void {
    for (const { client, server } of this.pairs) {
      client.resetAndDestroy();
      server.resetAndDestroy();
    }
  }

  partition(): void {
    this.partitioned = true;
  }

  delay(ms: number): void {
    this.delayMs = ms;
  }

  heal(): void {
    this.partitioned = false;
    this.delayMs = 0;
    for (const pass of this.held.splice(0)) pass();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private accept(client: Socket): void {
    const server = connect(this.options.port, this.options.host ?? '127.0.0.1');
    server.setNoDelay(true);
    const pair = { client, server };
    this.pairs.add(pair);
    const end = () => {
      this.pairs.delete(pair);
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) {
      socket.on('error', end);
      socket.on('close', () => this.pass(end));
    }
    const watch = this.options.watch?.();
    this.relay(client, server, watch?.toServer);
    this.relay(server, client, watch?.toClient);
  }

  private relay(from: Socket, to: Socket, watch: Watch | undefined): void {
    from.on('data', (bytes) => {
      const passed = watch ? watch(bytes) : bytes;
      if (passed === undefined || passed.length === 0) return;
      this.pass(() => {
        if (to.destroyed) return;
        if (!to.write(passed)) {
          from.pause();
          to.once('drain', () => from.resume());
        }
      });
    });
  }

  /** Now, or as soon as the line lets it. */
  private pass(action: () => void): void {
    if (this.partitioned) this.held.push(action);
    else if (this.delayMs > 0)
      setTimeout(() => (this.partitioned ? this.held.push(action) : action()), this.delayMs);
    else action();
  }
}
