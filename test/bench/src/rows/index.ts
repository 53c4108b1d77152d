import { backlog } from './backlog.js';
import { batch } from './batch.js';
import { drain } from './drain.js';
import { enqueue } from './enqueue.js';
import { firstByte } from './first-byte.js';
import { lanes } from './lanes.js';
import { latency } from './latency.js';
import { memory } from './memory.js';
import type { Row } from './row.js';
import { soak } from './soak.js';
import { streams } from './streams.js';
import { sync } from './sync.js';

/** What `npm run bench` measures, in this order: memory first, while Penstock has done nothing yet. */
export const ROWS: readonly Row[] = [
  memory,
  sync,
  latency,
  firstByte,
  streams,
  enqueue,
  drain,
  batch,
  backlog,
  lanes,
];

/** The row that takes an hour and is asked for on its own. */
export const SOAK = soak.name;

export function rowNamed(name: string): Row | undefined {
  return [...ROWS, soak].find((row) => row.name === name);
}
