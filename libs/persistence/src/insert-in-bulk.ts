import type { EntityManager, EntityMetadata } from 'typeorm';

/**
 * Inserts any number of rows in one statement, and leaves out those whose key is already there. Columns marked
 * `insert: false` get their default.
 *
 * Each column travels as one array: the statement is the same text for one row and for a thousand, where a list
 * of value tuples would be parsed and planned anew for every length and stop at 65,535 parameters.
 *
 * Returns how many rows were new.
 */
export async function insertInBulk<Row extends object>(
  manager: EntityManager,
  entity: new () => Row,
  rows: readonly Row[],
): Promise<number> {
  if (rows.length === 0) return 0;
  const { statement, properties } = bulkInsert(manager.connection.getMetadata(entity));
  const columns = properties.map((property) => rows.map((row) => toText(row[property as keyof Row])));
  const inserted: { count: string }[] = await manager.query(statement, columns);
  return Number(inserted[0]?.count);
}

interface BulkInsert {
  readonly statement: string;
  readonly properties: readonly string[];
}

const made = new WeakMap<EntityMetadata, BulkInsert>();

function bulkInsert(metadata: EntityMetadata): BulkInsert {
  const known = made.get(metadata);
  if (known) return known;
  const columns = metadata.columns.filter((column) => column.isInsert);
  const names = columns.map((column) => `"${column.databaseName}"`).join(', ');
  const arrays = columns.map((column, i) => `$${i + 1}::${String(column.type)}[]`).join(', ');
  const bulk = {
    statement: `
      WITH inserted AS (
        INSERT INTO "${metadata.tableName}" (${names}) SELECT * FROM unnest(${arrays}) ON CONFLICT DO NOTHING RETURNING 1
      ) SELECT count(*) FROM inserted`,
    properties: columns.map((column) => column.propertyName),
  };
  made.set(metadata, bulk);
  return bulk;
}

/** As the driver would, but several times as fast for an instant, of which a row has three. */
function toText(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'bigint' ? value.toString() : value;
}
