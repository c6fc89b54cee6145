/** That this server is the only one: of its data folder, its folder of files, and its database. */
import { mkdirSync } from 'node:fs';
import { relative } from 'node:path';
import type { Logger } from 'pino';
import { problem } from '../problems.ts';
import { FolderLock, type Held } from './folder-lock.ts';
import type { PostgresLock } from './postgres-lock.ts';
import type { Store } from './store.ts';

export interface Alone {
  /** The same store, which writes nothing while somebody else might hold the database. */
  guard(store: Store): Store;
  close(): Promise<void>;
}

/**
 * Before anything is opened: also a migration is for one server alone.
 *
 * @param wait ms until it gives up and names the holder
 * @param onLost of PostgreSQL: the lock broke, and another server has it now
 * @throws Held
 */
export async function alone(
  { dataDir, filesDir, databaseUrl }: { dataDir: string; filesDir: string; databaseUrl: string | null },
  { wait, log, onLost = () => {} }: { wait: number; log: Logger; onLost?: (error: Held) => void },
): Promise<Alone> {
  const held: { close(): void | Promise<void> }[] = [];
  const close = async () => {
    for (const one of held.reverse()) await one.close();
  };
  try {
    const inside = !relative(dataDir, filesDir).startsWith('..');
    for (const folder of inside ? [dataDir] : [dataDir, filesDir]) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      held.push(await FolderLock.take(folder, wait));
    }
    if (databaseUrl === null) return { guard: (store) => store, close };
    const { PostgresLock } = await import('./postgres-lock.ts');
    const lock = await PostgresLock.take(databaseUrl, wait, { log, onLost });
    held.push(lock);
    return { guard: (store) => guarded(store, lock), close };
  } catch (error) {
    await close();
    throw error;
  }
}

const guarded = (store: Store, lock: PostgresLock): Store => ({
  ...store,
  write: (work) =>
    lock.held
      ? store.write(work)
      : Promise.reject(
          problem('storage_unavailable', 'The database was away; this server takes it again first.', {
            retryAfter: 2,
          }),
        ),
});
