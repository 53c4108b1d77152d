import { tableOf } from './table.js';

describe('tableOf', () => {
  it('aligns words at the left and numbers at the right, under their titles', () => {
    const columns = [{ title: 'tenant' }, { title: 'jobs', align: 'right' }, { title: 'state' }] as const;
    expect(
      tableOf(columns, [
        ['acme', '1,041', 'ok'],
        ['globex', '80', ''],
      ]),
    ).toEqual(['tenant   jobs  state', '──────  ─────  ─────', 'acme    1,041  ok', 'globex     80']);
  });

  it('shows its titles when there is nothing under them', () => {
    expect(tableOf([{ title: 'tenant' }], [])).toEqual(['tenant', '──────']);
  });
});
