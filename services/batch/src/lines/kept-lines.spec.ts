import { LineRoom } from './kept-lines.js';
import type { NumberedLine } from './line-source.js';

const line = (number: number, body = `{"n":${number}}`) =>
  ({ number, customId: `line-${number}`, body: Buffer.from(body) }) as unknown as NumberedLine;

describe('lines that are kept', () => {
  it('come back in their order, once', async () => {
    const kept = new LineRoom().take(100)!;
    for (const number of [1, 2, 3]) kept.add(line(number));
    expect(await kept.take(2)).toEqual([line(1), line(2)]);
    expect(await kept.take(2)).toEqual([line(3)]);
    expect(await kept.take(2)).toEqual([]);
  });

  it('do not hold the piece of the file that they came in', async () => {
    const piece = Buffer.alloc(512 * 1024, 'x');
    const kept = new LineRoom().take(piece.length)!;
    kept.add({ ...line(1), body: piece.subarray(10, 1_000) });
    const [{ body }] = (await kept.take(1)) as [NumberedLine];
    expect(body.buffer).not.toBe(piece.buffer);
    expect(body).toEqual(piece.subarray(10, 1_000));
  });

  it('have room for so many bytes in all, which is free again when they are gone', async () => {
    const room = new LineRoom(100);
    const kept = room.take(60)!;
    kept.add(line(1));
    expect(room.take(41)).toBeUndefined();
    expect(room.take(40)).toBeDefined();
    await kept.take(1);
    await kept.close();
    expect(room.take(61)).toBeUndefined();
    expect(room.take(60)).toBeDefined();
  });
});
