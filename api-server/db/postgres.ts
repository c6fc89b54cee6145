import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Logger } from 'pino';
import { problem } from '../problems.ts';
import { forPostgres } from './dialects.ts';
import { MIGRATIONS } from './migrations.ts';
import { preparedName } from './prepared.ts';
import type { Database } from './schema.ts';
import { type Store, untilAlone } from './store.ts';

const CONNECTIONS = 10;
/** For a connection, and for one statement, ms. */
const CONNECT_LIMIT = 5_000;
const STATEMENT_LIMIT = 30_000;
/** Key of the advisory lock under which the schema moves: any number, always the same. */
const MIGRATION_LOCK = 7_201_873;

/** Classes and codes of SQLSTATE (postgresql.org/docs/current/errcodes-appendix.html). */
const COLLISION = new Set(['40001', '40P01']);
const UNIQUE = '23505';
/** Connection, resources (disk full, too many connections), intervention (shutting down, statement limit), the system. */
const UNAVAILABLE = /^(08|53|57|58)|^XX000$/;
/** Data, integrity, program limits. */
const VALUES = /^(22|23|54)/;
/** Of the socket. */
const GONE = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOENT']);

/**
 * Opens a PostgreSQL database and brings its schema forward.
 *
 * @throws Error where it cannot be reached, is older than 15, newer in schema than this program, or does not make commits durable
 */
export async function openPostgres(url: string, log: Logger): Promise<Store> {
  const types = new pg.TypeOverrides();
  types.setTypeParser(pg.types.builtins.INT8, safeInteger);
  const pool = new pg.Pool({
    Client: CallbackClient,
    connectionString: url,
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_LIMIT,
    statement_timeout: STATEMENT_LIMIT,
    application_name: 'matchbook-api',
    // Compiling a query takes longer than any of ours does.
    options: '-c jit=off',
    types,
  });
  // An idle connection that the server ended; the next query gets another one.
  pool.on('error', (error) => log.warn({ err: error }, 'the database ended a connection'));
  // One that is in use: its queries fail by themselves, and without a listener the process would end.
  pool.on('connect', (client) =>
    client.on('error', (error) => log.warn({ err: error }, 'a connection broke')),
  );
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
  try {
    await inspect(pool);
    await migrate(pool);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return {
    dialect: 'postgres',
    db,
    write: async (work) => {
      let violated: unknown = null;
      try {
        return await untilAlone(
          () => db.transaction().setIsolationLevel('serializable').execute(work),
          (error) => {
            const { code } = error as { code?: string };
            // Of two at once that look and then insert, the later one may hear of the key before the collision: it looks again, once.
            if (code === UNIQUE && violated === null) {
              violated = error;
              return true;
            }
            return code !== undefined && COLLISION.has(code);
          },
        );
      } catch (error) {
        throw isUnavailable(error) ? unavailable(error as Error) : error;
      }
    },
    isUnavailable,
    blamesValues: (error) => VALUES.test(codeOf(error)),
    close: () => db.destroy(),
  };
}

/**
 * Promises made of callbacks. Those of `pg` itself (8.23) keep the rows of every query alive until the old generation is collected: copying them made pauses of 5 to 15 ms out of such of
 * a quarter of a millisecond.
 */
class CallbackClient extends pg.Client {
  override query = ((...given: unknown[]) => {
    const [text, values] = given;
    if (given.length > 2 || typeof values === 'function' || typeof text !== 'string')
      return this.#ask(...given);
    const name = preparedName(text);
    const question = name ? { name, text } : text;
    return new Promise((resolve, reject) => {
      this.#ask(question, values ?? [], (error: Error | null, result: unknown) =>
        error ? reject(error) : resolve(result),
      );
    });
  }) as pg.Client['query'];

  #ask(...given: unknown[]): unknown {
    return Reflect.apply(pg.Client.prototype.query, this, given);
  }
}

const codeOf = (error: unknown): string => (error as { code?: string } | null)?.code ?? '';

function isUnavailable(error: unknown): boolean {
  const { code = '', message = '' } = (error ?? {}) as { code?: string; message?: string };
  return (
    UNAVAILABLE.test(code) ||
    GONE.has(code) ||
    COLLISION.has(code) ||
    /Connection terminated|timeout exceeded when trying to connect|Client has encountered/.test(message)
  );
}

const unavailable = (error: Error) =>
  problem('storage_unavailable', `The database cannot take it now: ${error.message}`, { retryAfter: 2 });

/** Counts, places and times are far below 2^53; what is not would be read wrongly. */
function safeInteger(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number)) throw new Error(`The database holds a number beyond 2^53: ${text}`);
  return number;
}

async function inspect(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query(
    `SELECT current_setting('server_version_num')::int AS version, current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit, pg_encoding_to_char(encoding) AS encoding FROM pg_database WHERE datname = current_database()`,
  );
  const { version, fsync, commit, encoding } = rows[0] as Record<string, string | number>;
  if (Number(version) < 150_000) throw new Error('PostgreSQL 15 or newer is needed, and this one is older.');
  if (encoding !== 'UTF8') throw new Error(`The database's encoding is ${encoding}; it has to be UTF8.`);
  if (fsync !== 'on' || commit === 'off')
    throw new Error(
      `PostgreSQL has fsync = ${fsync} and synchronous_commit = ${commit}: a commit would not be durable.`,
    );
}

async function migrate(pool: pg.Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('SET statement_timeout = 0');
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await client.query('CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL)');
    const { rows } = await client.query('SELECT version FROM schema_version');
    let version = (rows[0] as { version: number } | undefined)?.version ?? 0;
    if (version > MIGRATIONS.length)
      throw new Error(
        `The database has schema ${version}; this program knows ${MIGRATIONS.length}. Use the newer program.`,
      );
    for (; version < MIGRATIONS.length; version++) {
      const next = MIGRATIONS[version]!;
      await client.query('BEGIN');
      try {
        await client.query(typeof next === 'string' ? forPostgres(next) : next.postgres);
        await client.query('DELETE FROM schema_version');
        await client.query('INSERT INTO schema_version VALUES ($1)', [version + 1]);
        await client.query('COMMIT');
      } catch (error) {
        await client.query('ROLLBACK');
        throw error;
      }
    }
  } finally {
    // Ends the session, and with it the lock, also where the server is away by now.
    client.release(true);
  }
}
