import { migrateDatabase, openDatabase, type Database } from '@penstock/persistence';
import { createDatabase, type TestDatabase } from '@penstock/testing';

let testDatabase: TestDatabase;
let database: Database;

beforeAll(async () => {
  testDatabase = await createDatabase();
  database = openDatabase({ url: testDatabase.url, applicationName: 'test', poolSize: 2 });
});

afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

const migrate = () => migrateDatabase({ url: testDatabase.url, applicationName: 'test' });

describe('the schema', () => {
  it('is made once, however many processes start at the same time', async () => {
    const ran = await Promise.all([migrate(), migrate(), migrate()]);
    expect(ran.filter((names) => names.length > 0)).toHaveLength(1);
    expect(await migrate()).toEqual([]);
  });

  it('has exactly the columns that the entities have', async () => {
    await migrate();
    const { connection } = await database.manager();
    const { upQueries } = await connection.driver.createSchemaBuilder().log();
    const ofColumns = upQueries
      .map(({ query }) => query)
      .filter((query) => /CREATE TABLE|DROP TABLE|(ADD|DROP|ALTER) (COLUMN )?"/.test(query));
    expect(ofColumns).toEqual([]);
    expect(connection.entityMetadatas.map(({ tableName }) => tableName)).toContain('ledger');
  });

  const insert = (more: string) =>
    database.query(`
      INSERT INTO ledger SELECT (jsonb_populate_record(NULL::ledger, '{
        "attempt_id": "a", "attempt_number": 1, "tenant": "t", "job": "j", "class": "batch", "origin": "http",
        "api": "openai.chat", "model": "m", "deployment": "d", "provider": "p", "upstream_model": "u",
        "worker": "w", "input_tokens": 10, "output_tokens": 5, "cached_input_tokens": 0, "cache_write_tokens": 0,
        "reasoning_tokens": 0, "usage_source": "provider", "input_price": 2, "output_price": 3,
        "cached_input_price": 1, "cache_write_price": 1, "cost_pico_usd": 35, "started_at": "2026-01-01",
        "ended_at": "2026-01-01", "recorded_at": "2026-01-01"
      }'::jsonb || '${more}'::jsonb)).*`);

  it.each([
    ['a cost that is not its tokens times its prices', '{"cost_pico_usd": 36}'],
    ['more cached input than input', '{"cached_input_tokens": 11, "cost_pico_usd": 24}'],
    ['a negative count', '{"output_tokens": -5, "cost_pico_usd": 5}'],
    ['a source of usage that there is not', '{"usage_source": "guessed"}'],
  ])('refuses a ledger row with %s', async (_, more) => {
    await expect(insert(more)).rejects.toThrow('violates check constraint');
  });

  it('refuses to change a ledger row', async () => {
    await insert('{}');
    await expect(database.query(`UPDATE ledger SET tenant = 'other'`)).rejects.toThrow('never changed');
  });
});
