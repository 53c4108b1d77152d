import {
  HEADER,
  isErrorCode,
  isOutcomeState,
  type ErrorCode,
  type HeaderReader,
  type JobEvent,
  type OutcomeState,
} from '@penstock/contracts';
import type { MsgHdrs } from 'nats';
import type { Connection } from './connection.js';
import type { CoreMessage } from './core.js';
import { MessageHeaders } from './message-headers.js';

/** What a job's caller gets in the end: the outcome, and the answer in the caller's own dialect. */
export interface Answer {
  readonly outcome: OutcomeState;
  /** HTTP status the answer has, whichever way it travels. */
  readonly status: number;
  readonly contentType: string;
  /** The provider's bytes, or an error rendered in the caller's dialect. Empty after a stream. */
  readonly body: Uint8Array;
  /** So many parts of the body lie in the object store already; `body` is what comes behind them. */
  readonly storedParts?: number;
  readonly errorCode?: ErrorCode;
  readonly retryAfterMs?: number;
  /** Fields of the request that the provider never saw, because its dialect has none like them. */
  readonly dropped?: readonly string[];
}

/** One message of an answer on its way to who waits. */
export type Frame =
  | {
      readonly kind: 'chunk';
      readonly attempt: string;
      readonly sequence: number;
      readonly bytes: Uint8Array;
    }
  | {
      readonly kind: 'outcome';
      readonly attempt: string;
      readonly sequence: number;
      readonly answer: Answer;
      /** What was told of the job; only for a caller that asked for an explanation. */
      readonly event?: JobEvent;
    };

/** Whose answer a frame belongs to. */
export interface FrameAddress {
  readonly replySubject: string;
  readonly job: string;
  /** Empty for an outcome that no attempt led to. */
  readonly attempt: string;
}

/** Headers of an answer, whether it travels as a frame or lies in RESULTS. */
export function encodeAnswer(answer: Answer): MsgHdrs {
  const h = new MessageHeaders();
  h.set(HEADER.outcome, answer.outcome);
  h.set(HEADER.status, String(answer.status));
  h.set(HEADER.contentType, answer.contentType);
  if (answer.errorCode !== undefined) h.set(HEADER.errorCode, answer.errorCode);
  if (answer.retryAfterMs !== undefined) h.set(HEADER.retryAfter, String(answer.retryAfterMs));
  if (answer.dropped) h.set(HEADER.dropped, namesOf(answer.dropped));
  return h;
}

/** A header has room for so many characters; what a client sends has no bound. */
const MAX_NAMES_LENGTH = 1_024;

export function namesOf(dropped: readonly string[]): string {
  return dropped
    .join(',')
    .replace(/[^\x21-\x7e]/g, '?')
    .slice(0, MAX_NAMES_LENGTH);
}

export function decodeAnswer(h: HeaderReader, body: Uint8Array): Answer {
  const outcome = h.get(HEADER.outcome);
  const errorCode = h.get(HEADER.errorCode);
  const retryAfter = h.get(HEADER.retryAfter);
  const dropped = h.get(HEADER.dropped);
  return {
    outcome: isOutcomeState(outcome) ? outcome : 'failed',
    status: Number(h.get(HEADER.status)) || 500,
    contentType: h.get(HEADER.contentType),
    body,
    ...(isErrorCode(errorCode) && { errorCode }),
    ...(retryAfter !== '' && { retryAfterMs: Number(retryAfter) }),
    ...(dropped !== '' && { dropped: dropped.split(',') }),
  };
}

/**
 * The most bytes of an answer that travel in one message. The server takes 1 MiB, headers included; what is longer
 * goes in several.
 */
export const FRAME_BYTES = 900 * 1024;

/**
 * Sends a part of an answer to who waits. Its frames are counted from `sequence`, which makes a gap visible, since
 * they travel at most once; who waits puts their bytes together, so a part may take several. Returns the sequence of
 * the next frame.
 */
export function sendChunk(
  connection: Connection,
  address: FrameAddress,
  sequence: number,
  bytes: Uint8Array,
): number {
  let next = sequence;
  for (let at = 0; at < bytes.length; at += FRAME_BYTES) {
    const part = bytes.subarray(at, at + FRAME_BYTES);
    sendFrame(connection, address, {
      kind: 'chunk',
      attempt: address.attempt,
      sequence: next++,
      bytes: part,
    });
  }
  return next;
}

/** Sends the end of an answer to who waits. A body too long for one message goes before it, in chunks. */
export function sendOutcome(
  connection: Connection,
  address: FrameAddress,
  sequence: number,
  answer: Answer,
  event?: JobEvent,
): void {
  const fits = answer.body.length <= FRAME_BYTES;
  const last = fits ? sequence : sendChunk(connection, address, sequence, answer.body);
  sendFrame(connection, address, {
    kind: 'outcome',
    attempt: address.attempt,
    sequence: last,
    answer: fits ? answer : { ...answer, body: new Uint8Array() },
    ...(event && { event }),
  });
}

function sendFrame(connection: Connection, { replySubject, job }: FrameAddress, frame: Frame): void {
  const body = frame.kind === 'chunk' ? frame.bytes : frame.answer.body;
  connection.outgoing.publishContent(replySubject, body, {
    value: frame,
    encode: () => encodeFrame(job, frame),
  });
}

function encodeFrame(job: string, frame: Frame): MsgHdrs {
  const h = frame.kind === 'chunk' ? new MessageHeaders() : encodeAnswer(frame.answer);
  h.set(HEADER.frame, frame.kind);
  h.set(HEADER.sequence, String(frame.sequence));
  h.set(HEADER.jobId, job);
  if (frame.attempt !== '') h.set(HEADER.attempt, frame.attempt);
  if (frame.kind === 'outcome' && frame.event) h.set(HEADER.event, JSON.stringify(frame.event));
  return h;
}

/** Reads a message that came to a reply subject; undefined if it is not one of ours. */
export function decodeFrame({
  content,
  headers: h,
  data,
}: Pick<CoreMessage, 'content' | 'headers' | 'data'>): Frame | undefined {
  if (content !== undefined) return content as Frame;
  const kind = h?.get(HEADER.frame);
  if (!h || (kind !== 'chunk' && kind !== 'outcome')) return undefined;
  const sequence = Number(h.get(HEADER.sequence));
  const attempt = h.get(HEADER.attempt);
  if (kind === 'chunk') return { kind, attempt, sequence, bytes: data };
  const event = h.get(HEADER.event);
  return {
    kind,
    attempt,
    sequence,
    answer: decodeAnswer(h, data),
    ...(event !== '' && { event: JSON.parse(event) as JobEvent }),
  };
}

/** The record kept in RESULTS: the answer, and the event (its JSON) that told of it, so that it can be told again. */
export function encodeResult(answer: Answer, event: string, claimCheck?: string): MsgHdrs {
  const h = encodeAnswer(answer);
  if (claimCheck !== undefined) h.set(HEADER.claimCheck, claimCheck);
  h.set(HEADER.event, event);
  return h;
}
