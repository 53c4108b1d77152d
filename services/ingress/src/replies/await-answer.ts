import { refusal, SUBJECT, type Job, type JobEvent, type Refusal } from '@penstock/contracts';
import { send, type Answer, type Connection, type EventRoom, type Frame } from '@penstock/messaging';
import { storeEarly, storeJob } from '../submission/submit-job.js';
import { recoverJob } from './recover-job.js';
import type { Clock } from '@penstock/resilience';
import type { Span, Telemetry, Tracing } from '@penstock/telemetry';
import { ReadingReports, type CallerLine } from './reading-reports.js';
import type { ReplyDesk } from './reply-desk.js';

export interface AwaitParts {
  readonly connection: Connection;
  readonly desk: ReplyDesk;
  readonly tracing: Tracing;
  readonly clock: Clock;
  readonly eventRoom: Pick<EventRoom, 'isOpen'>;
  readonly telemetry: Pick<Telemetry, 'metrics'>;
}

/** Where the parts of an answer go while it comes. */
export interface AnswerSink {
  /**
   * Gets the chunks of a stream, or those of a body too long for one message. False when the caller cannot keep up and
   * has been given up.
   */
  chunk(bytes: Uint8Array): boolean;
  /** Where a stream goes. Absent where all of the answer is gathered first. */
  readonly line?: CallerLine & {
    /** Aborts when the caller has taken nothing for too long of what waits for it. */
    readonly stalled: AbortSignal;
  };
}

/**
 * How waiting for an answer ended. `left`: the caller was gone first; the job was cancelled. `interrupted`: what came so
 * far is not whole, and no more comes.
 */
export type Awaited =
  | {
      readonly kind: 'answer';
      readonly answer: Answer;
      /** What was told of the job; only where an explanation was asked for. */
      readonly event?: JobEvent;
    }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'interrupted'; readonly refusal: Refusal }
  | { readonly kind: 'left' };

/**
 * Stores a job and waits for its answer, passing on the chunks as they come. The job's reply subject has to be
 * the desk's. When the caller leaves (`signal`), the job is cancelled, wherever it is by then.
 *
 * The acknowledgement of the store is awaited beside the answer, not before it: a refusal ends the wait, and
 * otherwise the answer itself proves that the job was stored. Where it is run while it is being stored that is no proof:
 * then nothing of the answer is passed on before the acknowledgement. An answer that is there before anything was to be
 * stored has its event stored.
 */
export function awaitAnswer(
  parts: AwaitParts,
  job: Job,
  body: Uint8Array,
  sink: AnswerSink,
  signal: AbortSignal,
  span: Span,
): Promise<Awaited> {
  return new Promise((resolve) => {
    let expected = 0;
    let attempt = '';
    const reports = sink.line && new ReadingReports(parts, job, sink.line);
    let ended = false;
    const end = (awaited: Awaited) => {
      ended = true;
      parts.desk.close(job.id);
      reports?.end();
      signal.removeEventListener('abort', leave);
      sink.line?.stalled.removeEventListener('abort', giveUp);
      resolve(awaited);
    };
    const cancel = () => send(parts.connection, SUBJECT.cancel(job.tenant, job.id), '');
    const leave = () => {
      cancel();
      end({ kind: 'left' });
    };
    const giveUp = () => {
      cancel();
      end({ kind: 'interrupted', refusal: refusal('reader_stalled') });
    };
    let unproven: Frame[] | undefined;
    const onFrame = (frame: Frame) => {
      if (unproven) return void unproven.push(frame);
      // Told once more by whoever found that the job had ended: then nobody can say what else was sent.
      if (frame.kind === 'outcome' && frame.sequence < expected) {
        if (frame.answer.outcome !== 'succeeded') return end({ kind: 'answer', answer: frame.answer });
        return end({ kind: 'interrupted', refusal: refusal('stream_interrupted') });
      }
      // The job was begun anew. What came of the first answer cannot be taken back, nor continued by another.
      const begunAnew = expected > 0 && frame.attempt !== attempt;
      if (!begunAnew && frame.sequence < expected) return;
      if (begunAnew || frame.sequence > expected) {
        // Chunks travel at most once. An answer with a hole in it must not look whole.
        cancel();
        return end({ kind: 'interrupted', refusal: refusal('stream_interrupted') });
      }
      attempt = frame.attempt;
      expected++;
      if (frame.kind === 'outcome')
        return end({ kind: 'answer', answer: frame.answer, ...(frame.event && { event: frame.event }) });
      if (!sink.chunk(frame.bytes)) return leave();
      reports?.received(frame.attempt, frame.bytes.length);
    };

    const prove = () => {
      const frames = unproven ?? [];
      unproven = undefined;
      for (const frame of frames) if (!ended) onFrame(frame);
    };
    const heed = (storing: ReturnType<typeof storeEarly>) =>
      void storing.then((stored) => {
        if (stored.ok) return prove();
        // Not stored, as far as we know. Should it have been, nobody waits for it any more.
        cancel();
        end({ kind: 'refused', refusal: stored.refusal });
      });
    const recover = () =>
      void recoverJob(parts, job).then((found) => {
        if (signal.aborted || found === 'alive') return;
        if (found === 'lost') return heed(storeJob(parts, job, body, span));
        end({ kind: 'interrupted', refusal: refusal('internal_error', { message: ANSWER_LOST }) });
      });

    if (signal.aborted) return resolve({ kind: 'left' });
    signal.addEventListener('abort', leave, { once: true });
    sink.line?.stalled.addEventListener('abort', giveUp, { once: true });
    parts.desk.open(job.id, { onFrame, recover });
    heed(storeEarly(parts, job, body, span, () => (unproven = [])));
  });
}

const ANSWER_LOST =
  'The job was done, and its answer was lost with the connection. It has been billed; send it again.';
