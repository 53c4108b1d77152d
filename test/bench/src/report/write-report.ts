import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { barChart } from './bar-chart.js';
import { lineChart } from './line-chart.js';
import { renderPage, type Findings } from './render-page.js';
import { writeResults, type Results } from './results.js';

/** Where what was measured is kept and shown. */
export interface ReportPlaces {
  /** JSON and plots. */
  readonly resultsDir: string;
  readonly page: string;
  /** Notes by row, in YAML, written by people. */
  readonly findings: string;
}

export function resultsFile({ resultsDir }: ReportPlaces): string {
  return path.join(resultsDir, 'latest.json');
}

/** Writes results, plots and page. */
export function writeReport(places: ReportPlaces, results: Results): void {
  mkdirSync(places.resultsDir, { recursive: true });
  writeResults(resultsFile(places), results);
  for (const [name, row] of Object.entries(results)) {
    const plot = (file: string, svg: string) => writeFileSync(path.join(places.resultsDir, file), svg);
    if (row.drawn) plot(`${name}.svg`, barChart(row.drawn.title, row.cells, row.drawn.figure));
    if (row.curves) plot(`${name}-over-time.svg`, lineChart(row.curves));
  }
  const findings = existsSync(places.findings)
    ? ((parse(readFileSync(places.findings, 'utf8')) ?? {}) as Findings)
    : {};
  const plotsFolder = path.relative(path.dirname(places.page), places.resultsDir) || '.';
  writeFileSync(places.page, renderPage(results, findings, plotsFolder));
}
