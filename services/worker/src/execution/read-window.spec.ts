import { READ_WINDOW_BYTES } from '@penstock/contracts';
import { ManualClock } from '@penstock/resilience';
import { ReadWindow, REPORTS_WITHIN_MS } from './read-window.js';

describe('the window of a stream', () => {
  const open = (paced = true) => {
    const clock = new ManualClock();
    return { clock, window: new ReadWindow(clock, 'a1', paced), controller: new AbortController() };
  };

  it('binds nobody whose reading is not reported', async () => {
    const { window, controller } = open(false);
    window.sent(100 * READ_WINDOW_BYTES);
    expect(window.full).toBe(false);
    await expect(window.whenRoom(controller.signal)).resolves.toBe(true);
  });

  it('is full when as much is on its way, and open again when enough of it was read', async () => {
    const { window, controller } = open();
    window.sent(READ_WINDOW_BYTES - 1);
    expect(window.full).toBe(false);
    window.sent(10);
    expect(window.full).toBe(true);
    const room = window.whenRoom(controller.signal);
    window.heard({ attempt: 'a1', readBytes: 9 });
    expect(window.full).toBe(true);
    window.heard({ attempt: 'a1', readBytes: 10 });
    await expect(room).resolves.toBe(true);
  });

  it('takes no report of another attempt, and none that is older than the last', () => {
    const { window } = open();
    window.sent(2 * READ_WINDOW_BYTES);
    window.heard({ attempt: 'a0', readBytes: 2 * READ_WINDOW_BYTES });
    expect(window.full).toBe(true);
    window.heard({ attempt: 'a1', readBytes: 2 * READ_WINDOW_BYTES });
    window.heard({ attempt: 'a1', readBytes: 0 });
    expect(window.full).toBe(false);
  });

  it('waits no longer than reports come, and not for a job that was aborted', async () => {
    const { clock, window, controller } = open();
    window.sent(READ_WINDOW_BYTES);
    const silent = window.whenRoom(controller.signal);
    clock.advance(REPORTS_WITHIN_MS - 1);
    window.heard({ attempt: 'a1', readBytes: 0 });
    await Promise.resolve();
    clock.advance(REPORTS_WITHIN_MS);
    await expect(silent).resolves.toBe(false);
    const aborted = window.whenRoom(controller.signal);
    controller.abort();
    await expect(aborted).resolves.toBe(true);
    await expect(window.whenRoom(controller.signal)).resolves.toBe(true);
  });
});
