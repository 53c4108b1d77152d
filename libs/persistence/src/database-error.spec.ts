import { databaseErrorKind } from './database-error.js';

const withCode = (code: string) => Object.assign(new Error('no matter'), { code });

describe('databaseErrorKind', () => {
  it.each([
    '08006',
    '40001',
    '40P01',
    '53300',
    '57014',
    '57P01',
    '57P03',
    'ECONNREFUSED',
    'ECONNRESET',
    'EPIPE',
  ])('takes %s for Postgres being away, or busy with others', (code) =>
    expect(databaseErrorKind(withCode(code))).toBe('unavailable'),
  );

  it.each([
    'Connection terminated unexpectedly',
    'Connection terminated due to connection timeout',
    'timeout exceeded when trying to connect',
    'Query read timeout',
    'Client has encountered a connection error and is not queryable',
    'Query runner already released. Cannot run queries anymore.',
  ])('takes "%s" for the same', (message) => {
    expect(databaseErrorKind(new Error(message))).toBe('unavailable');
  });

  it.each(['22003', '22021', '23505', '23514', '54000'])(
    'takes %s for values that are refused for ever',
    (code) => expect(databaseErrorKind(withCode(code))).toBe('data'),
  );

  it.each(['42P01', '28P01', '3D000', 'P0001', 'XX000'])(
    'takes %s for something a person has to see to',
    (code) => expect(databaseErrorKind(withCode(code))).toBe('other'),
  );

  it('takes what is no error of a database for no such thing', () => {
    for (const odd of [undefined, null, 'text', 7, {}, new TypeError('x is not a function')])
      expect(databaseErrorKind(odd)).toBe('other');
  });
});
