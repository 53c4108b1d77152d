/**
 * What a statement's failure means for whoever sent it.
 *
 * - `unavailable`: Postgres is away, starting, stopping, overloaded, or broke off because of another
 *   transaction. The same statement may succeed later.
 * - `data`: the values themselves are refused. The same statement will fail for ever.
 * - `other`: the schema, the credentials or the statement is wrong. A person has to look; later may be better.
 */
export type DatabaseErrorKind = 'unavailable' | 'data' | 'other';

/** Classes of SQLSTATE: PostgreSQL documentation, appendix A. */
const UNAVAILABLE_CLASSES = ['08', '40', '53', '57', '58'];
const DATA_CLASSES = ['21', '22', '23', '54'];

export function databaseErrorKind(error: unknown): DatabaseErrorKind {
  const state = sqlState(error);
  if (state !== undefined) {
    const stateClass = state.slice(0, 2);
    if (UNAVAILABLE_CLASSES.includes(stateClass)) return 'unavailable';
    return DATA_CLASSES.includes(stateClass) ? 'data' : 'other';
  }
  return isFromDriver(error) ? 'unavailable' : 'other';
}

/** The five characters by which Postgres names what went wrong. Absent when it never answered. */
function sqlState(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | undefined)?.code;
  // Every SQLSTATE has a digit in it, which tells it from Node's EPIPE.
  return typeof code === 'string' && /^(?=.*\d)[0-9A-Z]{5}$/.test(code) ? code : undefined;
}

/** Sockets that break and waits that run out come as plain errors of Node or `pg`, without a SQLSTATE. */
function isFromDriver(error: unknown): boolean {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  if (typeof code === 'string' && /^E[A-Z_]+$/.test(code)) return true;
  return typeof message === 'string' && LOST.test(message);
}

const LOST = /connection|timeout|client has encountered|client was closed|query runner already released/i;
