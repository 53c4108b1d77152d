import fc from 'fast-check';
import { SpareTime } from './spare-time.js';

/** An event loop whose turns are ended by hand. */
function makeLoop() {
  let due: (() => void)[] = [];
  return {
    atEndOfTurn: (task: () => void) => void due.push(task),
    async endTurn() {
      const tasks = due;
      due = [];
      for (const task of tasks) task();
      await Promise.resolve();
    },
  };
}

describe('spare time', () => {
  it('does not come before the end of the turn', async () => {
    const loop = makeLoop();
    let done = false;
    void new SpareTime(loop.atEndOfTurn).turn().then(() => (done = true));
    await Promise.resolve();
    expect(done).toBe(false);
    await loop.endTurn();
    expect(done).toBe(true);
  });

  it('gives what comes by the hundred over several turns, in its order, and all of it', async () => {
    const loop = makeLoop();
    const spareTime = new SpareTime(loop.atEndOfTurn);
    const done: number[] = [];
    for (let i = 0; i < 100; i++) void spareTime.turn().then(() => done.push(i));
    const perTurn: number[] = [];
    while (done.length < 100) {
      const before = done.length;
      await loop.endTurn();
      perTurn.push(done.length - before);
    }
    expect(perTurn[0]).toBe(25);
    expect(Math.max(...perTurn)).toBe(25);
    expect(done).toEqual(Array.from({ length: 100 }, (_, i) => i));
  });

  it('keeps up with any pace: of what comes turn by turn, no more than four turns of it wait', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 60 }), async (perTurn) => {
        const loop = makeLoop();
        const spareTime = new SpareTime(loop.atEndOfTurn);
        let waiting = 0;
        for (let turn = 0; turn < 60; turn++) {
          for (let i = 0; i < perTurn; i++) {
            waiting++;
            void spareTime.turn().then(() => waiting--);
          }
          await loop.endTurn();
          expect(waiting).toBeLessThanOrEqual(4 * perTurn);
        }
      }),
      { numRuns: 30 },
    );
  });
});
