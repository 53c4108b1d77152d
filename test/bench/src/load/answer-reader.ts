/** An answer that has come whole. */
export interface Answer {
  readonly status: string;
  /** Whether it is JSON with its whole length, or a stream that ended with `[DONE]`. */
  readonly isWhole: boolean;
  readonly firstByteAtMs: number;
}

const END_OF_HEAD = '\r\n\r\n';
/** Of a chunked body; the stream's own end stands somewhere before it. */
const END_OF_CHUNKS = '0\r\n\r\n';
/** Long enough to hold the last chunk of a body with `[DONE]` in it. */
const KEPT_TAIL = 64;

/**
 * Reads the answers of one connection, one after the other. It looks at the head once and then only counts bytes, or
 * looks at the last ones: a load generator must cost less than what it measures.
 */
export class AnswerReader {
  private head: Buffer | undefined;
  private status = '';
  private streamed = false;
  private missingBytes: number | undefined;
  private firstByteAtMs = 0;
  private tail = '';

  /** Takes what came at `nowMs`; gives the answer when that was its end. */
  take(bytes: Buffer, nowMs: number): Answer | undefined {
    let body = bytes;
    if (this.status === '') {
      const all = this.head ? Buffer.concat([this.head, bytes]) : bytes;
      const end = all.indexOf(END_OF_HEAD);
      if (end < 0) {
        this.head = all;
        return undefined;
      }
      this.readHead(all.toString('latin1', 0, end));
      body = all.subarray(end + END_OF_HEAD.length);
    }
    if (body.length > 0 && this.firstByteAtMs === 0) this.firstByteAtMs = nowMs;
    if (this.missingBytes !== undefined) {
      this.missingBytes -= body.length;
      return this.missingBytes <= 0 ? this.end(true) : undefined;
    }
    this.tail = (this.tail + body.toString('latin1', Math.max(0, body.length - KEPT_TAIL))).slice(-KEPT_TAIL);
    if (!this.tail.endsWith(END_OF_CHUNKS)) return undefined;
    return this.end(!this.streamed || this.tail.includes('[DONE]'));
  }

  private readHead(head: string): void {
    this.status = head.slice(9, 12);
    this.streamed = /\r\ncontent-type: *text\/event-stream/i.test(head);
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    this.missingBytes = length === undefined ? undefined : Number(length);
  }

  private end(isWhole: boolean): Answer {
    const answer = { status: this.status, isWhole, firstByteAtMs: this.firstByteAtMs };
    this.head = undefined;
    this.status = '';
    this.missingBytes = undefined;
    this.firstByteAtMs = 0;
    this.tail = '';
    return answer;
  }
}
