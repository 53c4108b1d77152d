import fc from 'fast-check';
import { jobsPending, messageRoom } from './tended-lane.js';

describe('the room for messages of a lane', () => {
  it('is never for more jobs than the window has left, but for the one message that a lane always has', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }),
        fc.nat(300),
        fc.nat(40),
        fc.integer({ min: 1, max: 256 }),
        (jobsEach, held, outstanding, windowJobs) => {
          const { target, room } = messageRoom({ jobsEach, held, outstanding }, windowJobs);
          expect(target).toBeGreaterThanOrEqual(1);
          if (target > 1 && room > 0)
            expect(held + (outstanding + room) * jobsEach).toBeLessThanOrEqual(windowJobs);
        },
      ),
    );
  });

  it('is for bundles until something has come, and then for what came', () => {
    const nothingYet = { jobsEach: undefined, held: 0, outstanding: 0 };
    expect(messageRoom(nothingYet, 256)).toEqual({ target: 8, room: 8 });
    expect(messageRoom({ jobsEach: 1, held: 1, outstanding: 7 }, 256)).toEqual({ target: 256, room: 248 });
    expect(messageRoom({ jobsEach: 8, held: 8, outstanding: 7 }, 256)).toEqual({ target: 8, room: 0 });
    expect(messageRoom({ jobsEach: 8, held: 8, outstanding: 0 }, 16)).toEqual({ target: 2, room: 1 });
  });

  it('counts what waits in jobs', () => {
    expect(jobsPending({ pending: 5, jobsEach: 8 })).toBe(40);
    expect(jobsPending({ pending: 5, jobsEach: undefined })).toBe(5);
  });
});
