import { sumByLabel } from './sum-by-label.js';

const TEXT = `# HELP penstock_breaker_openings_total How often the breaker opened.
# TYPE penstock_breaker_openings_total counter
penstock_breaker_openings_total{deployment="simulator/flaky",zone="a"} 2
penstock_breaker_openings_total{zone="b",deployment="simulator/flaky"} 3
penstock_breaker_openings_total{deployment="simulator/small"} 1
penstock_breaker_openings_total_created{deployment="simulator/small"} 99
process_memory_usage_bytes 1
`;

describe('sumByLabel', () => {
  it('adds up what has the same label, and nothing of another metric', () => {
    expect(sumByLabel(TEXT, 'penstock_breaker_openings_total', 'deployment')).toEqual(
      new Map([
        ['simulator/flaky', 5],
        ['simulator/small', 1],
      ]),
    );
  });

  it('finds nothing where there is nothing', () => {
    expect(sumByLabel(TEXT, 'penstock_failovers_total', 'deployment')).toEqual(new Map());
  });
});
