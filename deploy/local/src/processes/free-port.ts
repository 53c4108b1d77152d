import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type ListenOptions, type Server } from 'node:net';

/**
 * Below the ports that Linux gives to connections and to whoever asks for any (32768 and up): between being chosen
 * and being listened on, and while its process is down, a port of those may be given away. A service then found its
 * port taken, and ended at its start.
 */
const RANGE = { first: 20_000, end: 32_768 } as const;

/**
 * A TCP port of 127.0.0.1 that nothing listens on, and that nobody else is given by this function, in whatever
 * process, for as long as this process lives.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(RANGE.first, RANGE.end);
    if ((await claim(port)) && (await isPortFree(port))) return port;
  }
}

/**
 * The claim is a name in the abstract namespace of sockets, which the kernel keeps as long as its process lives.
 * Where there are none, chance among 12,000 ports has to do.
 */
async function claim(port: number): Promise<boolean> {
  if (process.platform !== 'linux') return true;
  const server = await listen({ path: `\0penstock-port-${port}` });
  server?.unref();
  return server !== undefined;
}

/** Whether a listener could be bound to the port now. */
export async function isPortFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  const server = await listen({ port, host }).catch(() => undefined);
  if (server) await once(server.close(), 'close');
  return server !== undefined;
}

/** Undefined when somebody else listens there. */
function listen(at: ListenOptions): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error),
    );
    server.listen(at, () => resolve(server));
  });
}
