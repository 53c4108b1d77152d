import { LaneWindow, type Windowed } from './lane-window.js';

const idle = (): Windowed => ({ held: 0, pending: 0, busy: false });

describe('the window of a lane', () => {
  const windowOf = (busy: number, others = 0) => {
    const window = new LaneWindow({ perLane: 256, total: 8_000 });
    for (let at = 0; at < busy; at++) window.count({ ...idle(), pending: 1 });
    for (let at = 0; at < others; at++) window.count(idle());
    return window.size;
  };

  it('is shared by the lanes that have work, and never nothing', () => {
    expect([0, 1, 31, 32, 1_000, 10_000].map((lanes) => windowOf(lanes))).toEqual([256, 256, 256, 250, 8, 1]);
    expect(windowOf(1, 10_000)).toBe(256);
  });

  it('counts a lane once, for as long as it holds or is to hold a job', () => {
    const window = new LaneWindow({ perLane: 100, total: 100 });
    const lane = idle();
    const other = { ...idle(), pending: 3 };
    window.count(other);
    lane.pending = 2;
    window.count(lane);
    window.count(lane);
    expect(window.size).toBe(50);
    lane.pending = 0;
    lane.held = 1;
    window.count(lane);
    expect(window.size).toBe(50);
    lane.held = 0;
    window.count(lane);
    expect(window.size).toBe(100);
    window.forget(other);
    window.forget(other);
    lane.held = 1;
    window.count(lane);
    expect(window.size).toBe(100);
  });
});
