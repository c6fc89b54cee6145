/** One store into another, whatever databases they are: for moving house, for backups, and to prove that both hold the same. */
import { createHash } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import { insertMany } from './bulk.ts';
import type { Database } from './schema.ts';
import type { Store } from './store.ts';
import { NUMBERED, TABLE_NAMES, TABLES, type TableName } from './tables.ts';

/** Rows read and written at a time. */
const PIECE = 512;

type Row = Record<string, unknown>;

interface TableSum {
  rows: number;
  /** Sum of the rows' SHA-256, which no order changes: 128 bits of it, hex. */
  sum: string;
}
export type Sums = Record<TableName, TableSum>;

/**
 * Fills an empty store with what another holds at one moment.
 *
 * @returns what was read, to be compared with `sumsOf` the target
 * @throws Error where the target is not empty
 */
export async function copyStore(
  from: Store,
  to: Store,
  say: (text: string) => void = () => {},
): Promise<Sums> {
  for (const table of TABLE_NAMES)
    if (await to.db.selectFrom(table).select(sql`1`.as('one')).limit(1).executeTakeFirst())
      throw new Error(`The target is not empty: there are rows in ${table}.`);
  const sums = await atOneMoment(from, async (reading) => {
    const all = {} as Sums;
    for (const table of TABLE_NAMES) {
      const sum = new RunningSum();
      for await (const rows of piecesOf(reading, table)) {
        for (const row of rows) sum.add(row);
        await to.write((trx) => insertMany(trx, table, rows as never));
      }
      all[table] = sum.value;
      say(`${table}: ${sum.value.rows}`);
    }
    return all;
  });
  await to.write(async (trx) => {
    // Words are found again by who indexes them.
    await sql`DELETE FROM "searchPending"`.execute(trx);
    await sql`INSERT INTO "searchPending" SELECT conv, n FROM entry WHERE kind IN ('message', 'edit') AND "bodyText" IS NOT NULL`.execute(
      trx,
    );
    if (to.dialect === 'postgres')
      for (const table of NUMBERED)
        await sql`SELECT setval(pg_get_serial_sequence(${`"${table}"`}, 'place'), (SELECT COALESCE(MAX(place), 0) + 1 FROM ${sql.table(table)}), false)`.execute(
          trx,
        );
  });
  return sums;
}

export function sumsOf(store: Store): Promise<Sums> {
  return atOneMoment(store, async (reading) => {
    const all = {} as Sums;
    for (const table of TABLE_NAMES) {
      const sum = new RunningSum();
      for await (const rows of piecesOf(reading, table)) for (const row of rows) sum.add(row);
      all[table] = sum.value;
    }
    return all;
  });
}

/** Where two stores do not hold the same, in words. */
export function differences(one: Sums, other: Sums): string[] {
  return TABLE_NAMES.flatMap((table) => {
    const [a, b] = [one[table], other[table]];
    if (a.rows !== b.rows) return [`${table}: ${a.rows} rows and ${b.rows}`];
    return a.sum === b.sum ? [] : [`${table}: the same number of rows, with other content`];
  });
}

function atOneMoment<T>(store: Store, work: (reading: Kysely<Database>) => Promise<T>): Promise<T> {
  const reading = store.db.transaction();
  return (store.dialect === 'postgres' ? reading.setIsolationLevel('repeatable read') : reading).execute(
    work,
  );
}

async function* piecesOf(db: Kysely<Database>, table: TableName): AsyncGenerator<Row[]> {
  const key = sql.join(TABLES[table].map((column) => sql.ref(column)));
  for (let last: Row | undefined; ; ) {
    const after = last && sql.join(TABLES[table].map((column) => sql`${last![column]}`));
    const { rows } = await sql<Row>`
      SELECT * FROM ${sql.table(table)} ${after ? sql`WHERE (${key}) > (${after})` : sql``} ORDER BY ${key} LIMIT ${PIECE}`.execute(
      db,
    );
    if (rows.length > 0) yield rows;
    if (rows.length < PIECE) return;
    last = rows.at(-1);
  }
}

const MASK = (1n << 128n) - 1n;

class RunningSum {
  #rows = 0;
  #sum = 0n;

  add(row: Row): void {
    const fields = Object.keys(row)
      .sort()
      .map((name) => [
        name,
        row[name] instanceof Uint8Array ? Buffer.from(row[name]).toString('hex') : row[name],
      ]);
    const digest = createHash('sha256').update(JSON.stringify(fields)).digest('hex');
    this.#rows += 1;
    this.#sum = (this.#sum + BigInt(`0x${digest.slice(0, 32)}`)) & MASK;
  }

  get value(): TableSum {
    return { rows: this.#rows, sum: this.#sum.toString(16).padStart(32, '0') };
  }
}
