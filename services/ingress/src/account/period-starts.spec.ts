import { periodStarts } from './period-starts.js';

describe('periodStarts', () => {
  it.each([
    ['2026-11-22T23:59:59.999Z', '2026-11-22', '2026-11-16', '2026-11-01'],
    ['2026-11-23T00:00:00.000Z', '2026-11-23', '2026-11-23', '2026-11-01'],
    ['2024-03-01T12:00:00.000Z', '2024-03-01', '2024-02-26', '2024-03-01'],
  ])('of %s are midnights of UTC', (now, day, week, month) => {
    const { dayMs, weekMs, monthMs } = periodStarts(Date.parse(now));
    const dates = [dayMs, weekMs, monthMs].map((ms) => new Date(ms).toISOString());
    expect(dates).toEqual([day, week, month].map((date) => `${date}T00:00:00.000Z`));
  });
});
