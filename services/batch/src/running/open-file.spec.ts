import type { BatchRecord } from '@penstock/persistence';
import { RouteCatalogue } from '@penstock/scheduling';
import { NO_RULES } from '@penstock/transforms';
import type { BatchParts } from './batch-parts.js';
import { BatchRun } from './batch-run.js';
import { openFile } from './open-file.js';

const TOTAL = 6;

const lineOf = (number: number) =>
  JSON.stringify({
    custom_id: `line-${number}`,
    method: 'POST',
    url: '/v1/chat/completions',
    body: { model: 'gone', messages: [{ role: 'user', content: 'Hi' }] },
  });

/** A batch of which lines 1 and 2 were released, and 3 and 4 may have been. */
const leftBatch = () =>
  new BatchRun({
    ...{ id: 'batch_1', tenant: 'acme', inputFileId: 'file_1', endpoint: '/v1/chat/completions' },
    ...{ done: new Uint8Array(1), total: TOTAL, released: 2, releasing: 4, resultsSequence: 0 },
  } as unknown as BatchRecord);

function partsReading(read: () => AsyncGenerator<Uint8Array>): BatchParts {
  return {
    store: { file: () => Promise.resolve({ parts: [] }) },
    files: { read },
    rules: NO_RULES,
    // Its model has gone since it was checked.
    routes: new RouteCatalogue([], []),
  } as unknown as BatchParts;
}

async function* lines(from: number, to: number): AsyncGenerator<Uint8Array> {
  for (let number = from; number <= to; number++) yield Buffer.from(`${lineOf(number)}\n`);
}

describe('opening the file of a batch that was left', () => {
  it('gives the lines in doubt, notes the names of all that were released, and goes on behind them', async () => {
    const run = leftBatch();
    const inDoubt = await openFile(
      partsReading(() => lines(1, TOTAL)),
      run,
    );
    expect(inDoubt.map(({ number }) => number)).toEqual([3, 4]);
    expect([...run.names.keys()]).toEqual([1, 2, 3, 4]);
    expect(run.released).toBe(4);
    expect(await run.source?.takeNames(10)).toEqual([
      { number: 5, customId: 'line-5' },
      { number: 6, customId: 'line-6' },
    ]);
  });

  it('leaves no reader behind that stands in the wrong place when the store goes away meanwhile', async () => {
    const run = leftBatch();
    const broken = partsReading(async function* () {
      yield* lines(1, 3);
      throw new Error('no server');
    });
    await expect(openFile(broken, run)).rejects.toThrow('no server');
    expect(run.source).toBeUndefined();
    const inDoubt = await openFile(
      partsReading(() => lines(1, TOTAL)),
      run,
    );
    expect(inDoubt.map(({ number }) => number)).toEqual([3, 4]);
  });
});
