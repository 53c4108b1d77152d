import { mayBegin } from './event-room.js';

describe('room for events', () => {
  it.each<[number, boolean, boolean]>([
    [0, true, true],
    [89, true, true],
    [90, true, false],
    [100, true, false],
    [86, false, false],
    [84, false, true],
  ])('at %d of 100, open before: %s, is open: %s', (bytes, before, open) => {
    expect(mayBegin(bytes, 100, before)).toBe(open);
  });

  it('is always there where the stream has no limit', () => {
    expect(mayBegin(1e12, -1, true)).toBe(true);
  });
});
