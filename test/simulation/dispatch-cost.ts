import { seededRandom } from '@penstock/resilience';
import {
  FairQueue,
  rankCandidates,
  UNKNOWN_STATE,
  type ModelRoute,
  type QueuedJob,
} from '@penstock/scheduling';
import { queuedJob } from './load/simulated-job.js';

/**
 * What a dispatch costs with many lanes beside what it costs with one: the candidates of the job whose turn it is
 * are ranked, it is taken, and the next one of its lane is put in its place. And what the queue's part of it is.
 * Run by `npm run simulate:cost`.
 */
const DISPATCHES = 100_000;
const ROUNDS = 9;
/** In the queue, in however many lanes: so that lanes are compared, and not what memory a job takes. */
const JOBS = 20_000;

const route: ModelRoute = {
  model: 'model',
  strategy: 'least-loaded',
  deployments: ['a/model', 'b/model', 'c/model'].map((id) => ({
    id,
    provider: id[0]!,
    upstreamModel: 'model',
    price: { input: 1, output: 2 },
    limits: {},
  })),
};
const random = seededRandom(1);

let made = 0;

function makeQueue(lanes: number, jobsPerLane: number): FairQueue {
  const queue = new FairQueue();
  for (let n = 0; n < lanes; n++) {
    for (let i = 0; i < jobsPerLane; i++) queue.offer(job(`tenant-${n}`, made++));
  }
  return queue;
}

function job(tenant: string, id: number): QueuedJob {
  return queuedJob({ id: `job_${id}`, tenant, class: 'batch', cost: 1 + (id % 7), atMs: id });
}

type CanRun = (job: QueuedJob) => string | undefined;

const withoutRanking: CanRun = (job) => job.runsOn[0];

const withRanking: CanRun = ({ job }) =>
  rankCandidates(
    {
      job: job.id,
      needs: { inputTokens: 100, outputTokens: 100 },
      preferences: {},
      routes: [route],
      stateOf: () => UNKNOWN_STATE,
      nowMs: 0,
    },
    random,
  ).candidates[0]?.deployment.id;

/** Nanoseconds a dispatch. */
function measure(queue: FairQueue, canRun: CanRun): number {
  const started = process.hrtime.bigint();
  for (let i = 0; i < DISPATCHES; i++) queue.offer(job(queue.next(canRun, 0)!.job.job.tenant, made++));
  return Number(process.hrtime.bigint() - started) / DISPATCHES;
}

const queues = [1, 100, 10_000].map((lanes) => ({
  lanes,
  queue: makeQueue(lanes, JOBS / lanes),
  whole: Infinity,
  queueOnly: Infinity,
}));
// Interleaved, and the least of all rounds, so that a busy moment of the machine does not count.
for (let round = 0; round < ROUNDS; round++) {
  for (const one of queues) {
    one.whole = Math.min(one.whole, measure(one.queue, withRanking));
    one.queueOnly = Math.min(one.queueOnly, measure(one.queue, withoutRanking));
  }
}
const [single] = queues;
const figure = (ns: number, base: number) => `${ns.toFixed(0).padStart(5)} ns (${(ns / base).toFixed(2)}x)`;
console.log(' lanes   a dispatch       the queue alone');
for (const { lanes, whole, queueOnly } of queues) {
  console.log(
    `${String(lanes).padStart(6)}   ${figure(whole, single!.whole)}   ${figure(queueOnly, single!.queueOnly)}`,
  );
}
