import { ProgressBar } from './progress-bar.js';

function shown(isTerminal: boolean, updates: readonly number[]): string {
  let text = '';
  const bar = new ProgressBar((more) => (text += more), 1_000, 'lines', isTerminal);
  for (const done of updates) bar.update(done);
  bar.end();
  return text;
}

describe('ProgressBar', () => {
  it('draws one line over and over in a terminal, always of the same width', () => {
    const states = shown(true, [0, 512, 1_000]).split('\r').slice(1);
    expect(states).toEqual([
      `    ${'░'.repeat(40)}    0 %      0 of 1,000 lines`,
      `    ${'█'.repeat(20)}${'░'.repeat(20)}   51 %    512 of 1,000 lines`,
      `    ${'█'.repeat(40)}  100 %  1,000 of 1,000 lines\n`,
    ]);
  });

  it('writes a line a quarter where there is no terminal, and none twice', () => {
    const lines = shown(false, [0, 100, 240, 260, 400, 760, 990, 1_000, 1_000]).trimEnd().split('\n');
    expect(lines.map((line) => /(\d+) of/.exec(line.replace(',', ''))?.[1])).toEqual(['260', '760', '1000']);
    expect(shown(false, [1_000])).not.toContain('\r');
  });
});
