import { ROWS, SOAK } from '../rows/index.js';
import type { Cell, Reached } from '../rows/row.js';
import type { Results, RowResult } from './results.js';

/** What was found out about a row, by its name: Markdown paragraphs. */
export type Findings = Readonly<Record<string, readonly string[]>>;

const REACHED: Readonly<Record<Reached, string>> = {
  aim: '**aim**',
  least: 'at least',
  no: '**not met**',
  unknown: 'not measured',
};

/** The results as a page of the documentation. Plots lie beside the results. */
export function renderPage(results: Results, findings: Findings, plotsFolder: string): string {
  const names = [...ROWS.map(({ name }) => name), SOAK].filter((name) => results[name]);
  const verdicts = names.flatMap((name) => results[name]!.verdicts.map((verdict) => ({ name, ...verdict })));
  const lines = verdicts.map(
    ({ name, work, least, aim, measured, reached }) =>
      `| [${work}](#${anchor(results[name]!.title)}) | ${least} | ${aim} | ${measured} | ${REACHED[reached]} |`,
  );
  const sections = names.map((name) => renderRow(name, results[name]!, findings[name] ?? [], plotsFolder));
  return `# Benchmark

Written by \`npm run bench\`. Penstock beside what its users would otherwise pick: in the same run, on the same machine, before the same
upstream, in the same class of durability, the systems in turn. System, upstream and load generator share the cores.
Figures are medians of the runs. Absolute ones depend on the machine; compare within a table. What is measured and how to
measure it again: [test/bench](../test/bench/README.md).

## What is to be reached

| Work | At least | Aim | Measured | Met |
| --- | --- | --- | --- | --- |
${lines.join('\n')}

${sections.join('\n')}`;
}

function renderRow(name: string, row: RowResult, findings: readonly string[], plotsFolder: string): string {
  const runs = Math.max(0, ...row.cells.map((cell) => cell.runs));
  const parts = [
    `## ${row.title}`,
    row.about,
    `${row.on}, ${row.machine}, \`PENSTOCK_PROCESSES=${row.processes}\`; ${runs === 1 ? '1 run' : `${runs} runs`}.`,
    renderTable(row),
    ...row.leftOut.map(({ system, why }) => `Not here: ${system} (${why}).`),
    ...plotNames(name, row).map((plot) => `![${row.title}](${plotsFolder}/${plot})`),
    ...findings,
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function renderTable({ columns, cells }: RowResult): string {
  if (cells.length === 0) return '';
  const failed = cells.some((cell) => cell.failed > 0);
  const head = ['System', 'At', ...columns.map(({ title }) => title), ...(failed ? ['Failed'] : [])];
  const rule = head.map((_, i) => (i < 2 ? '---' : '--:'));
  const body = cells.map((cell) => [
    cell.system,
    cell.at,
    ...columns.map(({ figure, digits }) => show(cell, figure, digits)),
    ...(failed ? [String(cell.failed)] : []),
  ]);
  return [head, rule, ...body].map((one) => `| ${one.join(' | ')} |`).join('\n');
}

function show({ figures }: Cell, figure: string, digits: number): string {
  const value = figures[figure];
  if (value === undefined || !Number.isFinite(value)) return '';
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** The plots of a row, by their file names. */
export function plotNames(name: string, row: RowResult): string[] {
  return [...(row.drawn ? [`${name}.svg`] : []), ...(row.curves ? [`${name}-over-time.svg`] : [])];
}

/** As GitHub makes the anchor of a heading. */
function anchor(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');
}

export function renderSummary(row: RowResult): string {
  return row.verdicts
    .map(({ work, least, measured, reached }) => `${work}: ${measured} (at least ${least}): ${reached}`)
    .join('\n');
}
