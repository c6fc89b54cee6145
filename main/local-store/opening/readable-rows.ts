/** What can still be read of an outbox, whatever happened to its file. */
import { copyFileSync, existsSync, rmSync } from 'node:fs';
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { readWithoutStatement } from '../files/database.ts';
import { BESIDE } from '../files/files.ts';
import type { Value } from '../files/row-sums.ts';
import type { Row } from './mending.ts';
import { BEGUN, DRAFT, EARLIER, ITEM, keyOf, REFUSED, type Table } from './salvaged-tables.ts';

export interface Readable {
  item: Row[];
  draft: Row[];
  earlier: Row[];
  begun: Row[];
  refused: Row[];
}

export const NOTHING: Readable = { item: [], draft: [], earlier: [], begun: [], refused: [] };

/** Every row that can still be read. Works on a copy: reading through a WAL writes, and the damaged file stays as it is. */
export function readable(path: string): Readable {
  const copy = `${path}.reading`;
  const remove = () => {
    for (const end of ['', ...BESIDE]) rmSync(`${copy}${end}`, { force: true });
  };
  remove();
  try {
    for (const end of ['', ...BESIDE])
      if (existsSync(`${path}${end}`)) copyFileSync(`${path}${end}`, `${copy}${end}`);
    const db = new DatabaseSync(copy);
    try {
      // Otherwise a file that was cut off is not read at all.
      db.enableDefensive(false);
      db.exec('PRAGMA writable_schema = ON');
      return {
        ...{ item: rowsOf(db, ITEM), draft: rowsOf(db, DRAFT) },
        ...{ earlier: rowsOf(db, EARLIER), begun: rowsOf(db, BEGUN), refused: rowsOf(db, REFUSED) },
      };
    } finally {
      db.close();
    }
  } catch {
    // Not a database any more: there is nothing to read, and the caller has the backup.
    return NOTHING;
  } finally {
    remove();
  }
}

function rowsOf(db: DatabaseSyncInstance, table: Table): Row[] {
  const found = new Map<string, Row>();
  const there = columnsOf(db, table);
  const columns = there.join(', ');
  const take = (from: string) =>
    asFarAsReadable(() =>
      readWithoutStatement(db, columns, from, (values) => {
        const row = Object.fromEntries(there.map((column, i) => [column, values[i] ?? null]));
        found.set(keyOf(table, row), row);
      }),
    );
  for (const order of table.orders) take(`${table.name} ORDER BY ${order}`);
  if (table.name === 'item') for (const place of placesOf(db)) take(`item WHERE place = ${place}`);
  return [...found.values()];
}

/** Those of the table that the file has: it may be of an earlier version. All, where it cannot tell. */
function columnsOf(db: DatabaseSyncInstance, table: Table): string[] {
  const names = new Set<Value>();
  asFarAsReadable(() =>
    readWithoutStatement(db, 'name', `pragma_table_info('${table.name}')`, ([name]) =>
      names.add(name ?? null),
    ),
  );
  const there = [...table.columns, 'sum'].filter((column) => names.has(column));
  return there.length === 0 ? [...table.columns] : there;
}

/** Places that the index still knows, for rows between damaged pages of the table, that neither end reaches. */
function placesOf(db: DatabaseSyncInstance): number[] {
  const places = new Set<number>();
  for (const order of ['', ' DESC']) {
    const from = `item INDEXED BY item_conv WHERE account >= '' ORDER BY account${order}, conv${order}, place${order}`;
    asFarAsReadable(() =>
      readWithoutStatement(db, 'place', from, ([place]) => {
        if (Number.isSafeInteger(place)) places.add(place as number);
      }),
    );
  }
  return [...places];
}

function asFarAsReadable(read: () => void): void {
  try {
    read();
  } catch {
    // The rows before the damage are taken; what lies behind it is looked for from elsewhere.
  }
}
