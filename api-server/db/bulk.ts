/** Many rows in few statements. */
import type { Insertable } from 'kysely';
import { sql } from 'kysely';
import type { Database } from './schema.ts';
import type { Trx } from './store.ts';

/** Rows of one statement: few forms, so that prepared statements are found again. */
const SIZES = [64, 16, 4, 1] as const;

/** `list` in pieces of the sizes above, in order. */
export function* pieces<T>(list: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < list.length; ) {
    const size = SIZES.find((one) => one <= list.length - at)!;
    yield list.slice(at, at + size);
    at += size;
  }
}

type Insert<T extends keyof Database> =
  ReturnType<Trx['insertInto']> extends infer _ ? ReturnType<typeof insertInto<T>> : never;
const insertInto = <T extends keyof Database>(trx: Trx, table: T) => trx.insertInto(table);

/** @param conflict what to do about rows that are there; without it they are an error */
export async function insertMany<T extends keyof Database>(
  trx: Trx,
  table: T,
  rows: readonly Insertable<Database[T]>[],
  conflict: (insert: Insert<T>) => Insert<T> = (insert) => insert,
): Promise<void> {
  for (const piece of pieces(rows))
    await conflict(insertInto(trx, table).values(piece as never) as Insert<T>).execute();
}

/** In the update of an insert that met a row: what the insert said. */
export const excluded = <T>(column: string) => sql<T>`${sql.ref(`excluded.${column}`)}`;

/** In the same place: the larger of what is there and what the insert said, which may be nothing. */
export const larger = (table: string, column: string) => {
  const [there, said] = [sql.ref(`${table}.${column}`), sql.ref(`excluded.${column}`)];
  return sql<number>`case when ${there} is null or ${said} > ${there} then ${said} else ${there} end`;
};
