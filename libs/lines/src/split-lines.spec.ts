import fc from 'fast-check';
import { splitLines } from './split-lines.js';

async function linesOf(chunks: Uint8Array[], maxLineBytes = 1_000) {
  const lines: { number: number; text: string | undefined }[] = [];
  const source = (async function* () {
    yield* chunks;
  })();
  for await (const some of splitLines(source, maxLineBytes)) {
    for (const { number, bytes } of some)
      lines.push({ number, text: bytes && Buffer.from(bytes).toString() });
  }
  return lines;
}

/** The text in chunks, cut at the given places. */
function chunksOf(text: Buffer, cuts: readonly number[]): Uint8Array[] {
  const places = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].sort((a, b) => a - b);
  return [0, ...places].map((place, i) => text.subarray(place, places[i] ?? text.length));
}

describe('splitting a file into lines', () => {
  it('finds the same lines wherever the chunks are cut', async () => {
    const line = fc.string({ unit: fc.constantFrom('a', 'ä', '{', '"', '\r', ' '), maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(line),
        fc.constantFrom('\n', '\r\n'),
        fc.array(fc.nat(200)),
        async (all, end, cuts) => {
          const whole = Buffer.from(all.map((text) => text + end).join(''));
          const trimmed = all.map((text) => (end === '\n' ? text.replace(/\r$/, '') : text));
          while (trimmed.at(-1) === '') trimmed.pop();
          expect(await linesOf(chunksOf(whole, cuts))).toEqual(
            trimmed.map((text, i) => ({ number: i + 1, text })),
          );
        },
      ),
    );
  });

  it('takes a last line without a line feed', async () => {
    expect(await linesOf([Buffer.from('a\nb')])).toEqual([
      { number: 1, text: 'a' },
      { number: 2, text: 'b' },
    ]);
  });

  it('counts an empty line between others, and none at the end', async () => {
    expect(await linesOf([Buffer.from('a\n\nb\n\n\n')])).toEqual([
      { number: 1, text: 'a' },
      { number: 2, text: '' },
      { number: 3, text: 'b' },
    ]);
  });

  it('keeps nothing of a line that is too long, and goes on behind it', async () => {
    const long = Buffer.alloc(50, 'x');
    expect(await linesOf([long, long, Buffer.from('\nshort\n')], 60)).toEqual([
      { number: 1, text: undefined },
      { number: 2, text: 'short' },
    ]);
  });
});
