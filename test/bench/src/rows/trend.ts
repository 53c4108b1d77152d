/** Whether figures grow over time. */
export interface Trend {
  /** Of the figures, a step of time apart: the median of the slopes between all pairs (Theil and Sen). */
  readonly slopePerStep: number;
  /** How likely figures without a trend would look as much like growing as these: one-sided. */
  readonly p: number;
}

/** The trend of figures that are one step of time apart, by the test of Mann and Kendall, with its correction for ties. */
export function trendOf(values: readonly number[]): Trend {
  const slopes: number[] = [];
  let score = 0;
  for (let i = 0; i < values.length; i++) {
    for (let j = i + 1; j < values.length; j++) {
      score += Math.sign(values[j]! - values[i]!);
      slopes.push((values[j]! - values[i]!) / (j - i));
    }
  }
  const n = values.length;
  const spread = (count: number) => count * (count - 1) * (2 * count + 5);
  const ties = Map.groupBy(values, (value) => value).values();
  const tied = [...ties].reduce((sum, group) => sum + spread(group.length), 0);
  const variance = (spread(n) - tied) / 18;
  const z = variance === 0 ? 0 : (score - Math.sign(score)) / Math.sqrt(variance);
  slopes.sort((a, b) => a - b);
  return { slopePerStep: slopes[Math.floor(slopes.length / 2)] ?? 0, p: 1 - normal(z) };
}

/**
 * The least of each of so many equal stretches: what a process keeps when its garbage is collected. Stretches depend on
 * each other far less than samples do, which the test assumes not at all.
 */
export function troughs(samples: readonly number[], stretches: number): number[] {
  const length = samples.length / Math.min(stretches, samples.length);
  return Array.from({ length: Math.min(stretches, samples.length) }, (_, i) =>
    Math.min(...samples.slice(Math.floor(i * length), Math.floor((i + 1) * length))),
  );
}

/** The normal distribution, to within 1e-7: Abramowitz and Stegun, 26.2.17. */
function normal(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const series =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const tail = (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * series;
  return z >= 0 ? 1 - tail : tail;
}
