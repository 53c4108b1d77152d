import { readFileSync } from 'node:fs';
import path from 'node:path';
import { OUTCOMES } from '@penstock/contracts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');

/** The states that `GET /v1/jobs/{id}` may show, out of the type: types are gone when a test runs. */
function shownStates(): string[] {
  const union = /readonly state:([^;]*);/.exec(read('services/ingress/src/jobs/job-view.ts'))?.[1] ?? '';
  return [...union.matchAll(/'(\w+)'/g)].map(([, state = '']) => state);
}

describe('docs/job-life.md', () => {
  const document = read('docs/job-life.md');
  const described = [...document.matchAll(/^### `(\w+)`$/gm)].map(([, state = '']) => state);

  it('describes the states that a job is shown in', () => {
    expect([...described].sort()).toEqual(shownStates().sort());
  });

  it('describes every outcome, last', () => {
    expect(described.slice(-OUTCOMES.length)).toEqual([...OUTCOMES]);
  });

  it('draws the same states, and ends in outcomes alone', () => {
    const chart = /```mermaid\nstateDiagram-v2\n([^]*?)```/.exec(document)?.[1] ?? '';
    const moves = [...chart.matchAll(/^ +(\S+) --> ([^\s:]+)/gm)].map(([, from = '', to = '']) => ({
      from,
      to,
    }));
    const drawn = new Set(moves.flatMap(({ from, to }) => [from, to]).filter((state) => state !== '[*]'));
    expect([...drawn].sort()).toEqual([...described].sort());
    const ends = moves.filter(({ to }) => to === '[*]').map(({ from }) => from);
    expect(ends.sort()).toEqual([...OUTCOMES].sort());
  });
});
