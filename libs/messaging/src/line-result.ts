import { HEADER, type ErrorCode, type HeaderReader, type JobEvent, type Usage } from '@penstock/contracts';
import { decodeAnswer, namesOf, type Answer } from './answer.js';

/** What is kept of a line of a batch. */
export interface LineResult {
  readonly line: number;
  /** Without its body where that lies in the object store. */
  readonly answer: Answer;
  /** Where it lies then. */
  readonly claimCheck?: string;
  /** Of the attempt that led to the answer. */
  readonly usage?: Usage;
  /** What has to have been told of it: the JSON of an event. */
  readonly event: Uint8Array;
}

const LINE_FEED = 0x0a;

/**
 * The results of several lines as one body: a line of JSON that says what each is, then the event and the answer's body
 * of each, as they came. The batch reads the first line of it, and passes the bodies on; events are for who finds a line
 * that was not settled to its end.
 */
export function encodeLines(results: readonly LineResult[]): Uint8Array {
  const heads = results.map(({ line, answer, claimCheck, usage, event }): Head => {
    const { outcome, status, contentType, errorCode, retryAfterMs } = answer;
    return {
      ...{ line, outcome, status, contentType, errorCode, retryAfterMs, claimCheck, usage },
      dropped: answer.dropped && namesOf(answer.dropped),
      bytes: [event.length, answer.body.length],
    };
  });
  const bodies = results.flatMap(({ event, answer }) => [event, answer.body]);
  return Buffer.concat([Buffer.from(`${JSON.stringify(heads)}\n`), ...bodies]);
}

/** What stands in front of the bodies. */
interface Head extends Pick<Answer, 'outcome' | 'status' | 'contentType'> {
  readonly line: number;
  readonly errorCode: ErrorCode | undefined;
  readonly retryAfterMs: number | undefined;
  /** Names with commas between. */
  readonly dropped: string | undefined;
  readonly claimCheck: string | undefined;
  readonly usage: Usage | undefined;
  /** The lengths of event and body. */
  readonly bytes: readonly [event: number, body: number];
}

/** A stored message with results of lines. */
export interface LinesMessage {
  readonly subject: string;
  readonly headers: HeaderReader | undefined;
  readonly data: Uint8Array;
}

/** The results in a message, in their order; none in one that Penstock did not write. Never throws. */
export function readLines({ subject, headers, data }: LinesMessage): readonly LineResult[] {
  try {
    const tokens = subject.split('.');
    // As it lay before lines had one message together.
    if (tokens.length === 4) return headers ? [aloneIn(Number(tokens[3]), headers, data)] : [];
    const index = data.indexOf(LINE_FEED);
    const heads = JSON.parse(textOf(data.subarray(0, index))) as readonly Head[];
    let at = index + 1;
    const next = (length: number) => data.subarray(at, (at += length));
    return heads.map((head) => {
      const [event, body] = head.bytes;
      return read(head, next(event), next(body));
    });
  } catch {
    return [];
  }
}

function read(head: Head, event: Uint8Array, body: Uint8Array): LineResult {
  const { line, claimCheck, usage, outcome, status, contentType, errorCode, retryAfterMs, dropped } = head;
  return {
    line,
    answer: {
      ...{ outcome, status, contentType, body },
      ...(errorCode !== undefined && { errorCode }),
      ...(retryAfterMs !== undefined && { retryAfterMs }),
      ...(dropped !== undefined && { dropped: dropped.split(',') }),
    },
    ...(claimCheck !== undefined && { claimCheck }),
    ...(usage && { usage }),
    event,
  };
}

/** The event that was kept with a result. */
export function eventIn({ event }: LineResult): JobEvent {
  return JSON.parse(textOf(event)) as JobEvent;
}

function aloneIn(line: number, headers: HeaderReader, data: Uint8Array): LineResult {
  const claimCheck = headers.get(HEADER.claimCheck);
  const event = headers.get(HEADER.event);
  const usage = (JSON.parse(event) as JobEvent).attempt?.usage;
  return {
    line,
    answer: decodeAnswer(headers, data),
    ...(claimCheck !== '' && { claimCheck }),
    ...(usage && { usage }),
    event: Buffer.from(event),
  };
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString();
}
