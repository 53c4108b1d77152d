import { AnswerReader } from './answer-reader.js';

const whole = 'HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nbody';
const head = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n';
const event = '6\r\ndata:1\r\n';
const done = 'e\r\ndata: [DONE]\n\n\r\n0\r\n\r\n';

/** Everything an answer reader says of pieces that come a millisecond apart. */
function read(...pieces: string[]) {
  const reader = new AnswerReader();
  return pieces.flatMap((piece, i) => reader.take(Buffer.from(piece), i + 1) ?? []);
}

describe('AnswerReader', () => {
  it('takes an answer by its length, wherever it is cut, and the next one after it', () => {
    expect(read(whole, whole)).toEqual([
      { status: '200', isWhole: true, firstByteAtMs: 1 },
      { status: '200', isWhole: true, firstByteAtMs: 2 },
    ]);
    for (let cut = 1; cut < whole.length; cut++) {
      expect(read(whole.slice(0, cut), whole.slice(cut))).toHaveLength(1);
    }
  });

  it('takes a stream as whole only if it says that it is done', () => {
    expect(read(head, event, done)).toEqual([{ status: '200', isWhole: true, firstByteAtMs: 2 }]);
    expect(read(head + event, '0\r\n\r\n')).toEqual([{ status: '200', isWhole: false, firstByteAtMs: 1 }]);
  });

  it('finds the end of a stream that is cut anywhere', () => {
    const all = head + event + done;
    for (let cut = 1; cut < all.length; cut++) {
      expect(read(all.slice(0, cut), all.slice(cut))).toMatchObject([{ isWhole: true }]);
    }
  });
});
