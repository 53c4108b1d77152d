import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Keeps an eye on connections, and returns what closes those on which nothing was ever said. Clients open some in
 * advance, and to Node they are no idle ones: a server that is closed would wait for their time limit.
 */
export function silentConnections(server: Pick<Server, 'on'>): () => void {
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  return () => {
    for (const socket of open) if (socket.bytesRead === 0) socket.destroy();
  };
}
