/** The contract: what is asked of the store is asked of both databases, in one suite. */
import { afterAll, beforeAll, describe } from 'vitest';
import { type Postgres, postgresPrograms, startPostgres } from './postgres.ts';

export interface TestDatabase {
  name: 'sqlite' | 'postgres';
  /** What a new server is started with, to have an empty database of its own. */
  env(): Promise<Record<string, string>>;
  /** The server of the database, where there is one. */
  postgres: Postgres | null;
}

/** The suite, once with SQLite and once with PostgreSQL. Where that is not installed, its half is told as not run. */
export function onBothDatabases(title: string, suite: (database: TestDatabase) => void): void {
  describe(`${title} (SQLite)`, () => suite({ name: 'sqlite', env: async () => ({}), postgres: null }));
  describe.skipIf(postgresPrograms() === null)(`${title} (PostgreSQL)`, () => {
    const database: TestDatabase = {
      name: 'postgres',
      env: async () => ({ API_DATABASE_URL: await database.postgres!.create() }),
      postgres: null,
    };
    beforeAll(async () => {
      database.postgres = await startPostgres();
    });
    afterAll(() => database.postgres?.stop());
    suite(database);
  });
}
