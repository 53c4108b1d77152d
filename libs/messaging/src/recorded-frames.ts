import { STREAM } from '@penstock/contracts';
import { decodeFrame, type Frame } from './answer.js';
import type { Connection } from './connection.js';
import { readStored } from './read-stored.js';

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
    const query = { seq, next_by_subj: subject, batch: BATCH };
    const messages = await readStored(connection, STREAM.recordings, query);
    const last = messages.at(-1);
    if (!last) return frames;
    for (const { header, data } of messages) {
      const frame = decodeFrame({ headers: header, data });
      if (frame) frames.push(frame);
    }
    seq = last.seq + 1;
  }
}
