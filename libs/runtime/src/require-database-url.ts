import type { Settings } from '@penstock/config';

/** The address of Postgres, which a service that keeps rows cannot do without. */
export function requireDatabaseUrl({ databaseUrl }: Settings): string {
  if (databaseUrl !== undefined) return databaseUrl;
  process.stderr.write(
    'PENSTOCK_DATABASE_URL is missing; it must be postgres://user:password@host:port/database\n',
  );
  process.exit(2);
}
