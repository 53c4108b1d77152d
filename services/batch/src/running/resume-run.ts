import { STREAM, SUBJECT } from '@penstock/contracts';
import {
  laneMessageIds,
  lastSequence,
  readLines,
  tailStream,
  type LineResult,
  type Tail,
  type TailedMessage,
} from '@penstock/messaging';
import { fetchBody } from '../collection/fetch-body.js';
import { gatherResults, type FetchedResult } from '../collection/gather-results.js';
import { bundleId, bundleLines } from '../release/bundle-lines.js';
import type { BatchParts } from './batch-parts.js';
import type { BatchRun, LineBundle } from './batch-run.js';
import { openFile } from './open-file.js';

/** For so long a job stream surely drops what it has; its duplicate window is two minutes. */
const IDS_REMEMBERED_MS = 90_000;

/** Each has several results. */
const MESSAGES_ON_THEIR_WAY = 256;

/** How far the server's clock may be from ours. */
const CLOCK_SKEW_MS = 60_000;

/**
 * Opens a validated batch for running: finds its place in the input file, reads the results that came while
 * nobody looked, and follows those to come. For a batch that begins, each of these finds nothing.
 *
 * Each batch follows its own results from its own place in RESULTS, instead of sharing one durable consumer: then
 * nothing has to be acknowledged, any number of processes can each run their own batches, and a process that
 * takes over reads exactly what was not written yet.
 */
export async function resumeRun(parts: BatchParts, run: BatchRun, onResult: () => void): Promise<Tail> {
  const { record } = run;
  const inDoubt = await openFile(parts, run);

  const subject = SUBJECT.batchResultsOf(record.tenant, record.id);
  const last = await lastSequence(parts.connection, STREAM.results, subject);
  const { promise: caughtUp, resolve } = Promise.withResolvers<void>();
  if (last <= record.resultsSequence) resolve();
  let closed = false;
  const gather = (sequence: number, results: readonly FetchedResult[]) => {
    gatherResults(run, sequence, results, parts.clock.nowMs());
    if (sequence >= last) resolve();
    onResult();
  };
  const tail = await tailStream(
    parts.connection,
    {
      stream: STREAM.results,
      subject,
      fromSequence: record.resultsSequence + 1,
      maxMessages: MESSAGES_ON_THEIR_WAY,
    },
    inOrder(parts, gather, () => closed),
  );
  const close = () => {
    closed = true;
    return tail.close();
  };
  try {
    await caughtUp;
    // Only after all results are known: a line that is done must not be sent once its message id is forgotten.
    run.unsent = await notReleased(
      parts,
      run,
      bundleLines(inDoubt).filter((bundle) => !bundle.some(({ number }) => run.hasEnding(number))),
    );
  } catch (error) {
    await close();
    throw error;
  }
  return { close };
}

/**
 * Which of the messages in doubt have to be sent; one of whose lines any has ended was stored. Soon after they were sent the first time that is all of them, since
 * the stream still knows their message ids and drops what it has. Later the lane itself has to be asked.
 */
async function notReleased(
  { connection, clock }: BatchParts,
  { record }: BatchRun,
  inDoubt: readonly LineBundle[],
): Promise<readonly LineBundle[]> {
  const sinceMs = record.releasingAtMs ?? record.createdAtMs;
  if (inDoubt.length === 0 || clock.nowMs() - sinceMs < IDS_REMEMBERED_MS) return inDoubt;
  const lane = { class: 'batch', tenant: record.tenant } as const;
  const present = await laneMessageIds(connection, lane, sinceMs - CLOCK_SKEW_MS);
  return inDoubt.filter((bundle) => !present.has(bundleId(record.id, bundle)));
}

/**
 * Passes results on in their order, those whose body has to be fetched first included: a place in RESULTS must not be
 * noted before all that lies in front of it was gathered. What cannot be fetched is gathered as lost.
 */
function inOrder(
  parts: BatchParts,
  gather: (sequence: number, results: readonly FetchedResult[]) => void,
  isClosed: () => boolean,
) {
  let fetching: Promise<void> | undefined;
  return (message: TailedMessage): void => {
    const { sequence } = message;
    const results = readLines(message);
    if (!fetching && results.every(({ claimCheck }) => claimCheck === undefined))
      return gather(sequence, results.map(carried));
    const mine = (fetching ?? Promise.resolve())
      .then(async () => {
        const fetched: FetchedResult[] = [];
        for (const result of results) {
          const { claimCheck } = result;
          const body = claimCheck === undefined ? undefined : await fetchBody(parts, claimCheck, isClosed);
          fetched.push(claimCheck === undefined ? carried(result) : { ...result, body });
        }
        if (!isClosed()) gather(sequence, fetched);
      })
      .finally(() => {
        if (fetching === mine) fetching = undefined;
      });
    fetching = mine;
  };
}

function carried(result: LineResult): FetchedResult {
  return { ...result, body: result.answer.body };
}
