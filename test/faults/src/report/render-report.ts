import type { FaultResult } from '../programme.js';
import type { DescribedRun } from './results.js';

/** The table of a programme, in Markdown. */
export function renderReport(run: DescribedRun): string {
  const runs = run.faults.flatMap((fault) => fault.runs);
  const passed = runs.filter((one) => one.passed).length;
  return [
    `${run.at}, ${run.machine}; ${run.form} form, seeds from ${run.seed}, ${run.minutes} minutes: ${passed} of ${runs.length} runs passed.`,
    '',
    '| Fault | Runs passed | Sent | Accepted | Outcomes | Provider calls | Ledger rows | of them estimated | Quiet after, at most | Broken |',
    '| --- | --: | --: | --: | --: | --: | --: | --: | --: | --- |',
    ...run.faults.map(row),
    '',
  ].join('\n');
}

function row({ scenario, runs, skipped }: FaultResult): string {
  const sum = (figure: string) =>
    String(runs.reduce((total, { figures }) => total + (figures[figure] ?? 0), 0));
  if (skipped !== undefined) return `| \`${scenario.name}\` | not tried: ${skipped} | | | | | | | | |`;
  const broken = new Set(
    runs.flatMap(({ breaches, failed }) => [
      ...breaches.map(({ invariant, asks }) => `${invariant}: ${asks}`),
      ...failed.map((what) => what.split('\n')[0] ?? ''),
    ]),
  );
  const cells = [
    `\`${scenario.name}\``,
    `${runs.filter(({ passed }) => passed).length} of ${runs.length}`,
    ...['sent', 'accepted', 'outcomes', 'calls', 'ledger', 'estimated'].map(sum),
    `${Math.max(...runs.map(({ notes }) => notes['quiet after s'] ?? 0))} s`,
    [...broken].join('; ').replaceAll('|', '\\|') || 'none',
  ];
  return `| ${cells.join(' | ')} |`;
}
