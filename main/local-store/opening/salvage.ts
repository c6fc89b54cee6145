import { copyFileSync, existsSync, rmSync } from 'node:fs';
import type { Failure } from '@matchbook/protocol/failures';
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { readWithoutStatement } from '../files/database.ts';
import { BESIDE } from '../files/files.ts';
import { knowSums, literal, SUMMED, type Summed, sumOf, type Value } from '../files/row-sums.ts';
import { OUTBOX_MIGRATIONS } from '../files/schemas.ts';
import { type ItemRow, QUIET } from '../outbox/item.ts';
import { asDamaged, asWritten, isWholeRow, type Row } from './mending.ts';

export interface Salvaged {
  /** Items and drafts read from the damaged file. */
  fromFile: number;
  /** Items and drafts that only the backup still had. */
  fromBackup: number;
}

interface Readable {
  item: Row[];
  draft: Row[];
  earlier: Row[];
  begun: Row[];
}

interface Table {
  name: Summed;
  columns: readonly string[];
  key: string[];
  /** Orders in which rows are read until one cannot be: from both ends, so that a damaged page costs what lies on it. */
  orders: string[];
}

const ITEM: Table = {
  name: 'item',
  columns: SUMMED.item,
  key: ['account', 'id'],
  orders: ['place', 'place DESC'],
};
const DRAFT: Table = {
  name: 'draft',
  columns: SUMMED.draft,
  key: ['account', 'conv'],
  orders: ['account, conv', 'account DESC, conv DESC'],
};
const EARLIER: Table = {
  name: 'earlier_text',
  columns: SUMMED.earlier_text,
  key: ['account', 'conv', 'text'],
  orders: ['id', 'id DESC'],
};

const BEGUN: Table = {
  name: 'begun',
  columns: SUMMED.begun,
  key: ['account', 'about'],
  orders: ['account, about', 'account DESC, about DESC'],
};

const CHECK: Failure = {
  kind: 'storage_unavailable',
  message: 'Found in a backup after the file was damaged. Send it again if it still should go.',
};

/**
 * Makes a new outbox file out of what can be read of the damaged one, and from the backup what cannot. It touches neither, and
 * the new file is complete and on the disk when this returns.
 *
 * @param account whose file it is
 *
 * The backup is older: an item of it may have been sent or withdrawn since. One that had been on a wire goes back in line,
 * because sending it again under its id is harmless; one that had not comes back as failed, for the person to decide.
 */
export function salvage(damaged: string, backup: string, into: string, account: string): Salvaged {
  const old = existsSync(backup) ? readable(backup) : NOTHING;
  const { file, replaced } = mend(told(readable(damaged), old, account), old);
  const careful = old.item
    .map((row) => (isWholeRow('item', row) ? row : asDamaged(row)))
    .filter((row) => row !== null)
    .filter((row) => !(QUIET as readonly unknown[]).includes(row.kind))
    .map((row) =>
      row.frozen === 1 || row.kind === 'create' ? row : { ...row, failed: 1, failure: JSON.stringify(CHECK) },
    );
  const items = union(ITEM, file.item, careful);
  const drafts = union(DRAFT, file.draft, old.draft);
  // What only the backup has of these may be used, or given up, since: it opens nothing by itself.
  const begun = union(BEGUN, file.begun, []);
  const there = new Set(begun.map(({ about }) => about));
  const maybeUsed = old.begun.filter(({ about }) => !there.has(about ?? null)).map(asEarlier);
  const earlier = union(EARLIER, [...file.earlier, ...replaced], [...old.earlier, ...maybeUsed]).sort(
    (one, other) => Number(one.time) - Number(other.time),
  );
  write(into, [
    ...inOwnPlaces(items).map((row) => insertion(ITEM, row)),
    ...drafts.map((row) => insertion(DRAFT, row)),
    ...earlier.map((row) => insertion(EARLIER, row)),
    ...begun.map((row) => insertion(BEGUN, row)),
  ]);
  const fromFile = union(ITEM, file.item, []).length + union(DRAFT, file.draft, []).length;
  return { fromFile, fromBackup: items.length + drafts.length - fromFile };
}

/** What of an outbox can be read, in the order of release, without making anything of it; with what only its backup has. */
export function readableOutbox(
  path: string,
  backup: string,
  account: string,
): { items: ItemRow[]; drafts: { conv: string; text: string }[] } {
  const old = existsSync(backup) ? readable(backup) : NOTHING;
  const { file } = mend(told(readable(path), old, account), old);
  const items = union(ITEM, file.item, old.item).sort(
    (one, other) => Number(one.place) - Number(other.place),
  );
  const drafts = union(DRAFT, file.draft, old.draft);
  return {
    items: items.map((row) => ({ ...UNTRIED, ...row, whole: 1 }) as unknown as ItemRow),
    drafts: [...drafts, ...union(BEGUN, file.begun, old.begun)]
      .map((row) => ({ conv: String(row.conv), text: JSON.parse(String(row.text)) as string }))
      .filter(({ text }) => text !== ''),
  };
}

/** What a file of an earlier version says nothing of. */
const UNTRIED = { target: null, hold: 0, attempts: 0, tried: null, next: null };

const NOTHING: Readable = { item: [], draft: [], earlier: [], begun: [] };

/**
 * What says where a row belongs may be damaged too, and then nobody would ever see it. All rows of a file are of one account. A place is given once:
 * under the same one the backup has the same item, and its conversation never changes.
 */
function told(file: Readable, old: Readable, account: string): Readable {
  const places = new Map(old.item.map((row) => [row.place, row]));
  const owned = (row: Row): Row => ({ ...row, account });
  const placed = (row: Row): Row => {
    const before = places.get(row.place ?? null);
    return before && before.kind === row.kind && before.created === row.created
      ? { ...row, conv: before.conv ?? null }
      : row;
  };
  return {
    item: file.item.map(owned).map(placed),
    draft: file.draft.map(owned),
    earlier: file.earlier.map(owned),
    begun: file.begun.map(owned),
  };
}

/**
 * Rows that are not what was written: as they were where the backup tells it. Else an item waits as failed, to be looked at, and a draft is shown as it is,
 * with what the backup has of it among the earlier texts.
 */
function mend(file: Readable, old: Readable): { file: Readable; replaced: Row[] } {
  const before = {
    ids: new Map(old.item.map((row) => [row.id, row])),
    places: new Map(old.item.map((row) => [row.place, row])),
    drafts: new Map(old.draft.map((row) => [row.conv, row])),
    begun: new Map(old.begun.map((row) => [row.about, row])),
  };
  const replaced: Row[] = [];
  const item = file.item
    .map((row) => {
      const same = before.ids.get(row.id ?? null) ?? before.places.get(row.place ?? null);
      return asWritten('item', row, same) ?? asDamaged(row);
    })
    .filter((row) => row !== null);
  const draft = file.draft.map((row) => {
    const same = before.drafts.get(row.conv ?? null);
    const written = asWritten('draft', row, same);
    if (!written && same) replaced.push(asEarlier({ ...same, account: row.account ?? null }));
    return written ?? row;
  });
  const begun = file.begun.map((row) => {
    const same = before.begun.get(row.about ?? null);
    const written = asWritten('begun', row, same);
    if (!written && same) replaced.push(asEarlier({ ...same, account: row.account ?? null }));
    return written ?? row;
  });
  return { file: { ...file, item, draft, begun }, replaced };
}

/** Of a draft, or of words for something else. */
const asEarlier = ({ account, conv, text, updated }: Row): Row => ({
  ...{ account: account ?? null, conv: conv ?? null, text: text ?? null, time: updated ?? null },
});

/** Sound rows, the first of each key. */
function union(table: Table, first: Row[], second: Row[]): Row[] {
  const rows = new Map<string, Row>();
  for (const row of [...first, ...second]) {
    const key = keyOf(table, row);
    if (sound(table, row) && !rows.has(key)) rows.set(key, row);
  }
  return [...rows.values()];
}

/** A place that is taken already gives way: the item goes to the end. */
function inOwnPlaces(items: Row[]): Row[] {
  const taken = new Set<Value>();
  const placed = items.map((row) => {
    const free = Number.isSafeInteger(row.place) && !taken.has(row.place ?? null);
    if (free) taken.add(row.place ?? null);
    return free ? row : { ...row, place: null };
  });
  // Those without a place last, so that they get one behind all others.
  return [...placed.filter(({ place }) => place !== null), ...placed.filter(({ place }) => place === null)];
}

/** As text: a prepared statement would keep the file open, and it is about to be renamed. */
const insertion = (table: Table, row: Row): string =>
  insertionOf(
    table.name,
    // A file of an earlier version has not all of them: they begin as the schema says.
    table.columns.filter((column) => column === 'place' || column === 'failure' || row[column] != null),
    row,
  );

const insertionOf = (name: string, columns: string[], row: Row): string =>
  `INSERT INTO ${name} (${columns.join(', ')}) VALUES (${columns.map((column) => literal(row[column] ?? null)).join(', ')});`;

function write(path: string, insertions: string[]): void {
  const db = new DatabaseSync(path);
  try {
    knowSums(db);
    db.exec('PRAGMA synchronous = FULL; BEGIN IMMEDIATE;');
    for (const migration of OUTBOX_MIGRATIONS) db.exec(migration);
    for (const sql of insertions) db.exec(sql);
    for (const table of [ITEM, DRAFT, EARLIER, BEGUN])
      db.exec(`UPDATE ${table.name} SET sum = ${sumOf(table.columns)};`);
    db.exec(`PRAGMA user_version = ${OUTBOX_MIGRATIONS.length}; COMMIT;`);
  } finally {
    db.close();
  }
}

const keyOf = (table: Table, row: Row): string => JSON.stringify(table.key.map((column) => row[column]));

/** Damage can turn a row into nonsense that still reads: only what parses comes back. */
function sound(table: Table, row: Row): boolean {
  try {
    if (Object.values(row).some((value) => typeof value === 'string' && value.includes('\0'))) return false;
    if (table.key.some((column) => typeof row[column] !== 'string')) return false;
    if (table.name === 'draft')
      return (
        Number.isSafeInteger(row.version) &&
        Number.isSafeInteger(row.updated) &&
        typeof JSON.parse(String(row.text)) === 'string' &&
        typeof JSON.parse(String(row.base ?? '""')) === 'string' &&
        typeof JSON.parse(String(row.peak ?? '""')) === 'string' &&
        (row.other == null || typeof JSON.parse(String(row.other)) === 'string') &&
        [row.more, row.base_more, row.other_more].every(
          (more) => more == null || typeof JSON.parse(String(more)) === 'object',
        )
      );
    if (table.name === 'begun')
      return (
        typeof row.conv === 'string' &&
        (row.n == null || Number.isSafeInteger(row.n)) &&
        Number.isSafeInteger(row.updated) &&
        typeof JSON.parse(String(row.text)) === 'string'
      );
    if (table.name === 'earlier_text')
      return Number.isSafeInteger(row.time) && typeof JSON.parse(String(row.text)) === 'string';
    if (typeof row.conv !== 'string' || !Number.isSafeInteger(row.created)) return false;
    const content: unknown = JSON.parse(String(row.content));
    if (![0, 1].includes(Number(row.frozen)) || ![0, 1].includes(Number(row.failed))) return false;
    if (!(Number(row.hold ?? 0) >= 0 && Number(row.hold ?? 0) <= 7)) return false;
    if (row.failure !== null) JSON.parse(String(row.failure));
    return typeof content === 'object' && content !== null && 'kind' in content && content.kind === row.kind;
  } catch {
    return false;
  }
}

/** Every row that can still be read. Works on a copy: reading through a WAL writes, and the damaged file stays as it is. */
function readable(path: string): Readable {
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
        ...{ earlier: rowsOf(db, EARLIER), begun: rowsOf(db, BEGUN) },
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
