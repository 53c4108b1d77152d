import { migrateDatabase } from '@penstock/persistence';
import { readSettings } from '@penstock/config';
import { requireDatabaseUrl } from '@penstock/runtime';

/** Brings the schema up to date, says what it did, and exits. */
const ran = await migrateDatabase({
  url: requireDatabaseUrl(readSettings(process.env)),
  applicationName: 'penstock-migrate',
});
process.stdout.write(ran.length === 0 ? 'the schema is up to date\n' : `migrated: ${ran.join(', ')}\n`);
