import type { EntityMetadata } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';

import type { Transaction } from './database.js';

/**
 * Inserts any number of rows in one statement, and leaves out those whose key is already there. Columns marked
 * `insert: false` get their default.
 *
 * Each column travels as one array: the statement is the same text for one row and for a thousand, where a list
 * of value tuples would be parsed and planned anew for every length and stop at 65,535 parameters.
 *
 * Returns the rows that were new.
 */
export async function insertInBulk<Row extends object>(
  transaction: Transaction,
  entity: new () => Row,
  rows: readonly Row[],
): Promise<readonly Row[]> {
  if (rows.length === 0) return rows;
  const bulk = bulkInsert(transaction.manager.connection.getMetadata(entity));
  const arrays = bulk.properties.map((property) => arrayLiteral(rows, property as keyof Row));
  const { affected } = await transaction.query(bulk.insert, arrays);
  if (affected === rows.length) return rows;
  // Something was told twice, which is rare enough to ask only then what was not.
  const keyArrays = bulk.keyProperties.map((property) => arrayLiteral(rows, property as keyof Row));
  const fresh = await transaction.query<{ key: string }>(bulk.selectNew, keyArrays);
  const keys = new Set(fresh.rows.map(({ key }) => key));
  // Taken out when met, since the same key may stand in `rows` twice.
  return rows.filter((row) => keys.delete(keyOf(row, bulk.keyProperties)));
}

interface BulkInsert {
  readonly properties: readonly string[];
  readonly keyProperties: readonly string[];
  readonly insert: string;
  /** Of the keys given, those that this transaction has inserted. */
  readonly selectNew: string;
}

const made = new WeakMap<EntityMetadata, BulkInsert>();

function bulkInsert(metadata: EntityMetadata): BulkInsert {
  const known = made.get(metadata);
  if (known) return known;
  const columns = metadata.columns.filter((column) => column.isInsert);
  const values = columns.map((column, i) => (isInstant(column) ? `to_timestamp(c${i})` : `c${i}`));
  const keys = metadata.primaryColumns;
  const table = `"${metadata.tableName}"`;
  const bulk: BulkInsert = {
    properties: columns.map((column) => column.propertyName),
    keyProperties: keys.map((column) => column.propertyName),
    insert: `
      INSERT INTO ${table} (${names(columns)})
      SELECT ${values.join(', ')} FROM unnest(${arrayParameters(columns)}) AS given(${columns.map((_, i) => `c${i}`).join(', ')})
      ON CONFLICT DO NOTHING`,
    selectNew: `
      SELECT concat_ws(' ', ${names(keys)}) AS key FROM ${table}
      WHERE (${names(keys)}) IN (SELECT * FROM unnest(${arrayParameters(keys)}))
        AND xmin = pg_current_xact_id()::xid`,
  };
  made.set(metadata, bulk);
  return bulk;
}

function names(columns: readonly ColumnMetadata[]): string {
  return columns.map((column) => `"${column.databaseName}"`).join(', ');
}

function arrayParameters(columns: readonly ColumnMetadata[]): string {
  return columns.map((column, i) => `$${i + 1}::${elementType(column)}[]`).join(', ');
}

function keyOf(row: object, properties: readonly string[]): string {
  return properties.map((property) => String(row[property as keyof object])).join(' ');
}

function isInstant(column: ColumnMetadata): boolean {
  return column.type === 'timestamptz';
}

/** Seconds as a float are exact to the microsecond, and far cheaper to read than a date. */
function elementType(column: ColumnMetadata): string {
  return isInstant(column) ? 'float8' : String(column.type);
}

/**
 * One property of all rows as the text of a Postgres array. The driver can do this too, but at several times the
 * cost, and this is most of what a row costs the client.
 */
function arrayLiteral<Row>(rows: readonly Row[], property: keyof Row): string {
  const elements = new Array<string>(rows.length);
  // Most of what rows have in common they have in a row: a tenant, a model, a deployment.
  let last: unknown;
  let written = NULL;
  for (let i = 0; i < rows.length; i++) {
    const value = rows[i]![property];
    if (value !== last) {
      last = value;
      written = element(value);
    }
    elements[i] = written;
  }
  return `{${elements.join()}}`;
}

const NULL = 'NULL';

function element(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return /["\\]/.test(value) ? `"${value.replace(/["\\]/g, '\\$&')}"` : `"${value}"`;
    case 'number':
    case 'bigint':
    case 'boolean':
      return String(value);
    default:
  }
  if (value === null || value === undefined) return NULL;
  if (value instanceof Date) return String(value.getTime() / 1000);
  if (value instanceof Uint8Array) return `"\\\\x${Buffer.from(value).toString('hex')}"`;
  throw new TypeError('A column of this kind cannot be inserted in bulk.');
}
