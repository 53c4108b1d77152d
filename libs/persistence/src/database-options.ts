/** How to reach Postgres, and how long to wait for it. */
export interface DatabaseOptions {
  /** `postgres://user:password@host:port/database`. */
  readonly url: string;
  /** Shown in `pg_stat_activity`, so that an operator sees whose connection it is. */
  readonly applicationName: string;
  /** Connections at most. Further statements wait for one. */
  readonly poolSize: number;
  /** How long the server works on one statement before it gives up. Default 10,000. */
  readonly statementTimeoutMs?: number;
  /** How long to wait for a connection. Default 3,000. */
  readonly connectTimeoutMs?: number;
  /** Told of a connection that broke while nobody used it. Nothing has to be done: the next statement opens another. */
  readonly onIdleConnectionLost?: (error: Error) => void;
}
