import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Keeps an eye on a server's connections, and returns what has them end once nobody is answered on them any more, for a
 * server that takes no more. Without it one that is closed waits until its callers let go of theirs: to Node a
 * connection on which nothing was ever said (clients open some in advance) is no idle one, and one on which the last
 * answer has gone out is kept for as long as any other.
 */
export function drainConnections(server: Pick<Server, 'on' | 'closeIdleConnections'>): () => void {
  const open = new Set<Socket>();
  const answering = new Set<ServerResponse>();
  let draining = false;
  server.on('connection', (socket: Socket) => {
    // Came between the call to close and the end of listening: as good as refused.
    if (draining) return void socket.destroy();
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  server.on('request', (_request: IncomingMessage, response: ServerResponse) => {
    if (draining) lastOf(response);
    else answering.add(response);
    response.once('close', () => {
      answering.delete(response);
      if (draining) server.closeIdleConnections();
    });
  });
  return () => {
    draining = true;
    for (const socket of open) if (socket.bytesRead === 0) socket.destroy();
    for (const response of answering) lastOf(response);
    server.closeIdleConnections();
  };
}

/** Tells the caller, where there is time to, that the connection ends with this answer. */
function lastOf(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('connection', 'close');
}
