/** One server a database: what one keeps in memory (turns of files, limits, what is sent later) another would not know. */
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from 'pino';
import { Held } from './folder-lock.ts';

/** Key of the advisory lock: any number, always the same, other than that of migrations. */
const KEY = 7_201_874;
const POLL = 200;
/** Between looks whether the connection that holds the lock is still there, ms. */
const BEAT = 5_000;
const CONNECT_LIMIT = 5_000;

/**
 * Holds an advisory lock on a connection of its own for the life of the process; the database frees it when that ends. Where the connection breaks, the lock
 * is taken again; meanwhile `held` is false and nothing is written. Where somebody else has it by then, this server is over. The database may learn later than
 * this server that the connection is gone: until then the lock is with its own session of before, which is nobody else.
 */
export class PostgresLock {
  readonly #url: string;
  readonly #log: Logger;
  /** Somebody else holds it. */
  readonly #onLost: (error: Held) => void;
  #client: pg.Client | null = null;
  /** The database's session that last held the lock for this server; a pid alone comes again. */
  #session: { pid: number; since: string } | null = null;
  #closed = false;
  #timer: NodeJS.Timeout;

  private constructor(url: string, log: Logger, onLost: (error: Held) => void) {
    this.#url = url;
    this.#log = log;
    this.#onLost = onLost;
    this.#timer = setInterval(() => void this.#beat(), BEAT);
    this.#timer.unref();
  }

  /**
   * @param wait ms until it gives up
   * @throws Held; Error where the database cannot be reached
   */
  static async take(
    url: string,
    wait: number,
    { log, onLost }: { log: Logger; onLost: (error: Held) => void },
  ): Promise<PostgresLock> {
    const lock = new PostgresLock(url, log, onLost);
    try {
      await lock.#take(wait);
      return lock;
    } catch (error) {
      await lock.close();
      throw error;
    }
  }

  get held(): boolean {
    return this.#client !== null;
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    const client = this.#client;
    this.#client = null;
    await client?.end().catch(() => {});
  }

  async #take(wait: number): Promise<void> {
    const client = new pg.Client({
      connectionString: this.#url,
      connectionTimeoutMillis: CONNECT_LIMIT,
      application_name: `matchbook-api ${process.pid} on ${hostname()}`.slice(0, 63),
      keepAlive: true,
    });
    client.on('error', () => this.#broke(client));
    client.on('end', () => this.#broke(client));
    await client.connect();
    try {
      const session = await sessionOf(client);
      const deadline = performance.now() + wait;
      for (;;) {
        // Asked first: where it is gone before the try, whoever is in the way is somebody else.
        const ownInTheWay = await this.#endSession(client);
        const { rows } = await client.query('SELECT pg_try_advisory_lock($1) AS mine', [KEY]);
        if (rows[0].mine) break;
        if (!ownInTheWay && performance.now() >= deadline)
          throw new Held(
            `The database is in use by ${await holderOf(client)}; only one API server may run on it.`,
          );
        await sleep(POLL);
      }
      this.#session = session;
    } catch (error) {
      await client.end().catch(() => {});
      throw error;
    }
    if (this.#closed) return void client.end().catch(() => {});
    this.#client = client;
  }

  /** Ends this server's own session of before, which nobody hears any more. @returns whether it was still there */
  async #endSession(client: pg.Client): Promise<boolean> {
    if (!this.#session) return false;
    const { rows } = await client.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = $1 AND ${SINCE} = $2`,
      [this.#session.pid, this.#session.since],
    );
    return rows.length > 0;
  }

  #broke(client: pg.Client): void {
    if (this.#client !== client) return;
    this.#client = null;
    if (this.#closed) return;
    this.#log.warn('the connection that holds the database for this server broke');
    void this.#again();
  }

  async #again(): Promise<void> {
    while (!this.#closed && this.#client === null) {
      try {
        await this.#take(0);
        this.#log.info('this server holds the database again');
      } catch (error) {
        if (this.#closed) return;
        if (error instanceof Held) return this.#onLost(error);
        await sleep(POLL);
      }
    }
  }

  /** A connection that is gone without a word is found out. */
  async #beat(): Promise<void> {
    const client = this.#client;
    if (client) await client.query('SELECT 1').catch(() => this.#broke(client));
  }
}

const SINCE = 'extract(epoch FROM backend_start)::text';

async function sessionOf(client: pg.Client): Promise<{ pid: number; since: string }> {
  const { rows } = await client.query(
    `SELECT pid, ${SINCE} AS since FROM pg_stat_activity WHERE pid = pg_backend_pid()`,
  );
  return rows[0];
}

async function holderOf(client: pg.Client): Promise<string> {
  const { rows } = await client.query(
    `SELECT a.application_name AS name, a.client_addr AS address FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
     WHERE l.locktype = 'advisory' AND l.granted AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
       AND (l.classid::bigint << 32) + l.objid::bigint = $1`,
    [KEY],
  );
  const { name, address } = (rows[0] ?? {}) as { name?: string; address?: string | null };
  const who = name?.replace(/^matchbook-api /, 'process ') || 'another server';
  return address ? `${who} (${address})` : who;
}
