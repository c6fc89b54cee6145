import { copyFileSync, existsSync, rmSync } from 'node:fs';
import type { Failure } from '@matchbook/protocol/failures';
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { type Database, readWithoutStatement, type Value } from './database.ts';
import { BESIDE } from './files.ts';

export interface Salvaged {
  /** Items and drafts read from the damaged file. */
  fromFile: number;
  /** Items and drafts that only the backup still had. */
  fromBackup: number;
}

type Row = Record<string, Value>;

interface Table {
  name: 'item' | 'draft';
  columns: string[];
  key: string[];
  /** Orders in which rows are read until one cannot be: from both ends, so that a damaged page costs what lies on it. */
  orders: string[];
}

const ITEM: Table = {
  name: 'item',
  columns: ['place', 'account', 'id', 'conv', 'kind', 'content', 'created', 'frozen', 'failed', 'failure'],
  key: ['account', 'id'],
  orders: ['place', 'place DESC'],
};
const DRAFT: Table = {
  name: 'draft',
  columns: ['account', 'conv', 'text', 'version', 'updated'],
  key: ['account', 'conv'],
  orders: ['account, conv', 'account DESC, conv DESC'],
};

const CHECK: Failure = {
  kind: 'storage_unavailable',
  message: 'Found in a backup after the file was damaged. Send it again if it still should go.',
};

/**
 * Brings into the new, empty outbox what can be read of the damaged one, and from the backup what cannot.
 *
 * The backup is older: an item of it may have been sent or withdrawn since. One that had been on a wire goes back in line,
 * because sending it again under its id is harmless; one that had not comes back as failed, for the person to decide.
 */
export function salvage(into: Database, damaged: string, backup: string): Salvaged {
  const file = readable(damaged);
  const old = existsSync(backup) ? readable(backup) : { item: [], draft: [] };
  return into.transaction(() => {
    const fromFile = [
      ...file.item.filter((row) => insert(into, ITEM, row)),
      ...file.draft.filter((row) => insert(into, DRAFT, row)),
    ];
    const missed = old.item.filter((row) => row.kind !== 'read');
    const careful = missed.map((row) =>
      row.frozen === 1 || row.kind !== 'message'
        ? row
        : { ...row, failed: 1, failure: JSON.stringify(CHECK) },
    );
    const fromBackup = [
      ...careful.filter((row) => insert(into, ITEM, row)),
      ...old.draft.filter((row) => insert(into, DRAFT, row)),
    ];
    return { fromFile: fromFile.length, fromBackup: fromBackup.length };
  });
}

/** False where the row is no row of ours or is there already. */
function insert(into: Database, table: Table, row: Row): boolean {
  if (!sound(table, row)) return false;
  const there = into.get(
    `SELECT 1 FROM ${table.name} WHERE ${table.key.map((column) => `${column} = ?`).join(' AND ')}`,
    ...table.key.map((column) => row[column] ?? null),
  );
  if (there) return false;
  const taken =
    table.name === 'item' && into.get('SELECT 1 FROM item WHERE place = ?', row.place ?? null) !== undefined;
  into.run(
    `INSERT INTO ${table.name} (${table.columns.join(', ')}) VALUES (${table.columns.map(() => '?').join(', ')})`,
    ...table.columns.map((column) => (column === 'place' && taken ? null : (row[column] ?? null))),
  );
  return true;
}

/** Damage can turn a row into nonsense that still reads: only what parses comes back. */
function sound(table: Table, row: Row): boolean {
  try {
    if (table.key.some((column) => typeof row[column] !== 'string')) return false;
    if (table.name === 'draft')
      return (
        Number.isSafeInteger(row.version) &&
        Number.isSafeInteger(row.updated) &&
        typeof JSON.parse(String(row.text)) === 'string'
      );
    if (typeof row.conv !== 'string' || !Number.isSafeInteger(row.created)) return false;
    const content: unknown = JSON.parse(String(row.content));
    if (row.failure !== null) JSON.parse(String(row.failure));
    return typeof content === 'object' && content !== null && 'kind' in content && content.kind === row.kind;
  } catch {
    return false;
  }
}

/** Every row that can still be read. Works on a copy: reading through a WAL writes, and the damaged file stays as it is. */
function readable(path: string): { item: Row[]; draft: Row[] } {
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
      return { item: rowsOf(db, ITEM), draft: rowsOf(db, DRAFT) };
    } finally {
      db.close();
    }
  } catch {
    // Not a database any more: there is nothing to read, and the caller has the backup.
    return { item: [], draft: [] };
  } finally {
    remove();
  }
}

function rowsOf(db: DatabaseSyncInstance, table: Table): Row[] {
  const found = new Map<string, Row>();
  const columns = table.columns.join(', ');
  const take = (from: string) =>
    asFarAsReadable(() =>
      readWithoutStatement(db, columns, from, (values) => {
        const row = Object.fromEntries(table.columns.map((column, i) => [column, values[i] ?? null]));
        found.set(JSON.stringify(table.key.map((column) => row[column])), row);
      }),
    );
  for (const order of table.orders) take(`${table.name} ORDER BY ${order}`);
  if (table.name === 'item') for (const place of placesOf(db)) take(`item WHERE place = ${place}`);
  return [...found.values()];
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
