/**
 * SQLite answers at once, so that one query follows the other without a turn of the event loop between them: many requests at once, or one long transaction, would
 * keep everything else waiting, and of new connections a turn takes one. Here the loop gets its turn.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type DatabaseConnection, type Driver, SqliteDialect } from 'kysely';

/** Queries follow each other without a pause for so long, ms. */
const SLICE = 10;

export class SlicedSqliteDialect extends SqliteDialect {
  override createDriver(): Driver {
    const driver = super.createDriver();
    const acquire = driver.acquireConnection.bind(driver);
    const sliced = new WeakSet<DatabaseConnection>();
    let since = performance.now();
    const turn = async () => {
      if (performance.now() - since < SLICE) return;
      await nextTurn();
      since = performance.now();
    };
    driver.acquireConnection = async () => {
      const connection = await acquire();
      if (!sliced.has(connection)) {
        const execute = connection.executeQuery.bind(connection);
        // Whoever has the connection has it alone, also over a turn of the loop.
        connection.executeQuery = async (query, ...more) => {
          await turn();
          return execute(query, ...more);
        };
        sliced.add(connection);
      }
      return connection;
    };
    return driver;
  }
}
