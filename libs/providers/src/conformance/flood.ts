import { systemClock } from '@penstock/resilience';
import { SSE_TYPE } from './bench.js';
import type { PlaybackServer } from './playback-server.js';

export interface Flood {
  /** What the connection had taken when it took no more. */
  readonly acceptedBytes: number;
  /** Ends the answer with `rest` once all that was written has gone out. */
  finish(rest: string): void;
}

/**
 * Answers with `start` and then with `filler` over and over, for as long as the other side takes it: 256 MB at least,
 * if nothing held it back. Resolves when it has taken nothing for a while.
 */
export function flood(server: PlaybackServer, start: string, filler: string): Promise<Flood> {
  return new Promise((resolve) => {
    let acceptedBytes = 0;
    server.answer(({ socket }, response) => {
      response.writeHead(200, SSE_TYPE).write(start);
      let cancel = () => {};
      const pump = () => {
        while (acceptedBytes < 256 * 1024 * 1024 && response.write(filler)) acceptedBytes += filler.length;
        response.once('drain', pump);
        cancel();
        if (!socket.writableNeedDrain && acceptedBytes < 256 * 1024 * 1024) return;
        cancel = systemClock.after(150, () => {
          resolve({ acceptedBytes, finish: (rest) => void response.off('drain', pump).end(rest) });
        });
      };
      pump();
    });
  });
}
