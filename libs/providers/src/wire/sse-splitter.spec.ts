import fc from 'fast-check';
import { readSseEvent } from './sse-event.js';
import { SseSplitter } from './sse-splitter.js';

/** Cuts `bytes` at the given places and returns all blocks and the events they are made of. */
function splitAt(bytes: Buffer, cuts: number[], maxEventBytes = 1 << 20) {
  const splitter = new SseSplitter(maxEventBytes);
  const blocks: Buffer[] = [];
  const events: string[] = [];
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  for (const [i, from] of [0, ...places].entries()) {
    const split = splitter.push(bytes.subarray(from, places[i] ?? bytes.length));
    if (split === 'too_large') return split;
    if (!split) continue;
    blocks.push(split.block);
    split.ends.forEach((end, at) =>
      events.push(split.block.subarray(split.ends[at - 1] ?? 0, end).toString()),
    );
  }
  return { text: Buffer.concat(blocks).toString(), events, pendingBytes: splitter.pendingBytes };
}

describe('SseSplitter', () => {
  const line = fc.oneof(
    fc.constantFrom('data: [DONE]', ': comment', 'event: message', 'data', 'id: 7', 'data: {"a":"\\n"}'),
    fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
      .map((text) => `data: ${text.replace(/[\r\n]/g, '')}`),
  );
  const eol = fc.constantFrom('\n', '\r\n', '\r');
  const event = fc.tuple(fc.array(line, { minLength: 1, maxLength: 4 }), eol).map(([lines, end]) => {
    return { lines, bytes: lines.map((each) => each + end).join('') + end };
  });

  it('finds the same events wherever a read ends, and loses no byte', () => {
    fc.assert(
      fc.property(fc.array(event, { minLength: 1 }), fc.array(fc.nat()), (all, cuts) => {
        const text = all.map((each) => each.bytes).join('');
        const split = splitAt(Buffer.from(text), cuts);
        if (split === 'too_large') throw new Error('too large');
        // The LF of a CRLF may be split off the last event; it belongs to nothing then.
        expect([text, text.slice(0, -1)]).toContain(split.text);
        expect(split.events).toHaveLength(all.length);
        split.events.forEach((found, i) => {
          const written = all[i]?.lines.join('\n') ?? '';
          expect(readSseEvent(Buffer.from(found))).toEqual(readSseEvent(Buffer.from(`${written}\n\n`)));
        });
      }),
      { numRuns: 500 },
    );
  });

  it('holds back what has not ended', () => {
    expect(splitAt(Buffer.from('data: a\n\ndata: b\n'), [])).toEqual({
      text: 'data: a\n\n',
      events: ['data: a\n\n'],
      pendingBytes: 8,
    });
  });

  it('takes several empty lines for one end', () => {
    expect(splitAt(Buffer.from('\n\ndata: a\n\n\n\ndata: b\n\n'), [])).toMatchObject({
      events: ['\n\ndata: a\n\n', '\n\ndata: b\n\n'],
    });
  });

  it('refuses an event that is larger than its bound', () => {
    const bytes = Buffer.from(`data: ${'x'.repeat(200)}\n\n`);
    expect(splitAt(bytes, [50, 100, 150], 100)).toBe('too_large');
    expect(splitAt(bytes, [50, 100, 150], 1000)).toMatchObject({ events: [bytes.toString()] });
  });
});

describe('readSseEvent', () => {
  it('joins the lines of data, and reads fields as the standard has them', () => {
    const read = (text: string) => readSseEvent(Buffer.from(text));
    expect(read('event: add\r\ndata: a\r\ndata:  b\r\n\r\n')).toEqual({ type: 'add', data: 'a\n b' });
    expect(read('data\n\n')).toEqual({ type: undefined, data: '' });
    expect(read(': only a comment\n\n')).toEqual({ type: undefined, data: undefined });
    expect(read('\ufeffdata:x\n\n')).toEqual({ type: undefined, data: 'x' });
    expect(read('\ndata:x\r\r')).toEqual({ type: undefined, data: 'x' });
  });
});
