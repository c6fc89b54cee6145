import { existsSync } from 'node:fs';
import type { Failure } from '@matchbook/protocol/failures';
import { DatabaseSync } from '@photostructure/sqlite';
import { knowSums, literal, sumOf, type Value } from '../files/row-sums.ts';
import { OUTBOX_MIGRATIONS } from '../files/schemas.ts';
import { type ItemRow, QUIET } from '../outbox/item.ts';
import { asDamaged, asWritten, isWholeRow, type Row } from './mending.ts';
import { NOTHING, type Readable, readable } from './readable-rows.ts';
import { BEGUN, DRAFT, EARLIER, ITEM, REFUSED, type Table, union } from './salvaged-tables.ts';

export interface Salvaged {
  /** Items and drafts read from the damaged file. */
  fromFile: number;
  /** Items and drafts that only the backup still had. */
  fromBackup: number;
}

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
    // What was dealt with here does not stand here anew; which of them the server has forgotten it says itself.
    ...union(REFUSED, file.refused, old.refused).map((row) => insertion(REFUSED, row)),
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
    refused: file.refused.map(owned),
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
