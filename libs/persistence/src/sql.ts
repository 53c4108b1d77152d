/**
 * What a repository needs of Postgres: statements with numbered parameters. A `Database` is one, where each
 * statement is a transaction of its own, and so is what `Database.transaction` hands to its work.
 */
export interface Sql {
  query<Row>(statement: string, parameters?: readonly unknown[]): Promise<SqlResult<Row>>;
}

export interface SqlResult<Row> {
  readonly rows: readonly Row[];
  /** Rows that the statement inserted, changed, deleted or returned. */
  readonly affected: number;
}
