import { JetStreamError } from '@nats-io/jetstream';
import { STREAM } from '@penstock/contracts';
import { decodeFrame, type Frame } from './answer.js';
import type { Connection } from './connection.js';

/** Read in one go. */
const BATCH = 256;

/**
 * What has been sent to a recorded subject so far, in order. Empty when nothing was, or its time is over; what its
 * stream had no room for is missing, which shows in the frames' sequence.
 */
export async function recordedFrames(connection: Connection, subject: string): Promise<Frame[]> {
  const frames: Frame[] = [];
  let seq = 1;
  for (;;) {
    try {
      const query = { seq, next_by_subj: subject, batch: BATCH };
      for await (const message of await connection.jsm.direct.getBatch(STREAM.recordings, query)) {
        const frame = decodeFrame({ headers: message.header, data: message.data });
        if (frame) frames.push(frame);
        seq = message.seq + 1;
      }
    } catch (error) {
      // The server's word for "no more".
      if (error instanceof JetStreamError && (error as { code?: unknown }).code === 404) return frames;
      throw error;
    }
  }
}
