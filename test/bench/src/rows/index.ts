import { batch } from './batch.js';
import { drain } from './drain.js';
import { enqueue } from './enqueue.js';
import { firstByte } from './first-byte.js';
import { latency } from './latency.js';
import type { Row } from './row.js';
import { streams } from './streams.js';
import { sync } from './sync.js';

/** What `npm run bench` measures, in this order: memory first, while Penstock has done nothing yet. */
export const ROWS: readonly Row[] = [sync, latency, firstByte, streams, enqueue, drain, batch];

/** The row that takes an hour and is asked for on its own. */
export const SOAK = 'soak';

export function rowNamed(name: string): Row | undefined {
  return ROWS.find((row) => row.name === name);
}
