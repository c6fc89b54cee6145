import type { Logger } from 'pino';
import { openSqlite } from './sqlite.ts';
import type { Store } from './store.ts';

/**
 * The database of this server: PostgreSQL where an address is given, else a file of SQLite in the data folder.
 *
 * @throws Error with what to do about it, where it cannot be used
 */
export async function openStore(
  { dataDir, databaseUrl }: { dataDir: string; databaseUrl: string | null },
  log: Logger,
): Promise<Store> {
  if (databaseUrl === null) return openSqlite(dataDir);
  // Read only where it is wanted: who has a file does not wait for a driver at each start.
  const { openPostgres } = await import('./postgres.ts');
  return await openPostgres(databaseUrl, log);
}
