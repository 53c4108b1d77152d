/** Adds up the samples of one metric in Prometheus' text format, by the value of one of its labels. */
export function sumByLabel(text: string, metric: string, label: string): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const line of text.split('\n')) {
    const sample = /^(\w+)\{(.*)\} (\S+)/.exec(line);
    if (sample?.[1] !== metric) continue;
    const value = new RegExp(`(?:^|,)${label}="((?:[^"\\\\]|\\\\.)*)"`).exec(sample[2] ?? '')?.[1] ?? '';
    sums.set(value, (sums.get(value) ?? 0) + Number(sample[3]));
  }
  return sums;
}
