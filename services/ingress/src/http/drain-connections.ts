import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Keeps an eye on a server's connections, and returns what has them end once nobody is answered on them any more, for a
 * server that takes no more. Without it one that is closed waits until its callers let go of theirs: to Node a
 * connection on which nothing was ever said (clients open some in advance) is no idle one, and one on which the last
 * answer has gone out is kept for as long as any other.
 */
export function drainConnections(server: Pick<Server, 'on' | 'closeIdleConnections'>): () => void {
  // Those on which nothing was asked yet. None of the others is listened to: at every request Node adds to the listeners
  // of its connection and removes from them again, and once ours stood among them, each request outlived several
  // collections of the young generation, which took 4.8 ms instead of 0.7.
  const silent = new Set<Socket>();
  const forget = function (this: Socket) {
    silent.delete(this);
  };
  const answering = new Set<ServerResponse>();
  let draining = false;
  server.on('connection', (socket: Socket) => {
    // Came between the call to close and the end of listening: as good as refused.
    if (draining) return void socket.destroy();
    silent.add(socket);
    socket.once('close', forget);
  });
  server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    if (silent.delete(socket)) socket.removeListener('close', forget);
    if (draining) lastOf(response);
    else answering.add(response);
    response.once('close', () => {
      answering.delete(response);
      if (draining) server.closeIdleConnections();
    });
  });
  return () => {
    draining = true;
    for (const socket of silent) if (socket.bytesRead === 0) socket.destroy();
    for (const response of answering) lastOf(response);
    server.closeIdleConnections();
  };
}

/** Tells the caller, where there is time to, that the connection ends with this answer. */
function lastOf(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('connection', 'close');
}
