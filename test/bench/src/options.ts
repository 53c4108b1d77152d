import { parseArgs } from 'node:util';
import { ROWS, SOAK } from './rows/index.js';
import { FULL, MILLION, QUICK, type Scale } from './scale.js';

export interface Options {
  /** Names of the rows to measure, in their usual order. */
  readonly rows: readonly string[];
  readonly runs: number;
  readonly scale: Scale;
  /** Only to see that everything runs: nothing of it is written into docs. */
  readonly quick: boolean;
  /** After how many minutes nothing is repeated any more. */
  readonly minutes: number;
  /** Keep a CPU profile of each service of Penstock. */
  readonly profile: boolean;
  /** Measure nothing: write the page anew from what is kept. */
  readonly pageOnly: boolean;
}

export const USAGE = `npm run bench -- [options]
  --only a,b        rows to measure: ${ROWS.map(({ name }) => name).join(', ')}
  --runs 5          runs whose median is taken
  --quick           tiny durations, to see that it runs; writes nothing into docs
  --minutes 25      after this long nothing is repeated any more
  --million         the row backlog goes on to a million jobs
  --soak 60         mixed load for so many minutes instead of the rows
  --cpu-prof        keep a CPU profile of each service of Penstock, and a table of where its time went
  --page            write docs/benchmark.md anew from the results that are kept
`;

/** What the command line asks for; a sentence when that cannot be. */
export function readOptions(args: readonly string[]): Options | string {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        only: { type: 'string' },
        runs: { type: 'string', default: '5' },
        minutes: { type: 'string', default: '25' },
        soak: { type: 'string' },
        quick: { type: 'boolean', default: false },
        million: { type: 'boolean', default: false },
        'cpu-prof': { type: 'boolean', default: false },
        page: { type: 'boolean', default: false },
      },
    }));
  } catch (error) {
    return (error as Error).message;
  }
  const known = ROWS.map(({ name }) => name);
  const rows = values.soak === undefined ? (values.only?.split(',') ?? known) : [SOAK];
  const unknown = rows.filter((name) => name !== SOAK && !known.includes(name));
  if (unknown.length > 0) return `there is no row ${unknown.join(', ')}; there are ${known.join(', ')}`;
  const numbers = { runs: values.runs, minutes: values.minutes, soak: values.soak ?? '1' };
  for (const [name, text] of Object.entries(numbers)) {
    if (!(Number(text) > 0)) return `--${name} must be a number above 0, not ${text}`;
  }
  const scale = values.quick ? QUICK : FULL;
  return {
    rows,
    runs: Math.ceil(Number(values.runs)),
    scale: {
      ...scale,
      ...(values.million && { backlogs: [...scale.backlogs, MILLION] }),
      soakMinutes: Number(numbers.soak),
    },
    quick: values.quick,
    minutes: Number(values.minutes),
    profile: values['cpu-prof'],
    pageOnly: values.page,
  };
}
