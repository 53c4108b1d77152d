import 'reflect-metadata';
import { readSettings, SettingsError } from '@penstock/config';
import { migrateDatabase } from '@penstock/persistence';
import { requireDatabaseUrl } from '@penstock/runtime';

/** Brings the schema to what this build expects, says what it did, and exits. Safe to run before every start. */
try {
  const ran = await migrateDatabase({
    url: requireDatabaseUrl(readSettings(process.env)),
    applicationName: 'penstock-migrate',
  });
  process.stdout.write(ran.length > 0 ? `migrated: ${ran.join(', ')}\n` : 'the schema is up to date\n');
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(error instanceof SettingsError ? 2 : 1);
}
