import { readFileSync, globSync } from 'node:fs';
import path from 'node:path';
import { ATTRIBUTES, METRICS } from '@penstock/telemetry';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** The code that runs in an installation, without the catalogues themselves and without what only reads them. */
const sources = globSync(['services/*/src/**/*.ts', 'libs/*/src/**/*.ts'], { cwd: ROOT })
  .filter((file) => !/\.spec\.ts$|\/(metric-catalogue|attributes|waterfall)\.ts$/.test(file))
  .map((file) => readFileSync(path.join(ROOT, file), 'utf8'));

describe('the catalogues of telemetry', () => {
  it.each(Object.entries(METRICS))('the metric %s is recorded somewhere', (key, { kind }) => {
    const verb = { counter: 'add', histogram: 'record', gauge: 'observe' }[kind];
    const recorded = new RegExp(`\\b${key}\\.${verb}\\(`);
    expect(sources.some((text) => recorded.test(text))).toBe(true);
  });

  it.each(Object.keys(ATTRIBUTES))('the attribute %s is set somewhere', (name) => {
    const set = new RegExp(`['"]${name.replaceAll('.', '\\.')}['"]`);
    expect(sources.some((text) => set.test(text))).toBe(true);
  });
});
