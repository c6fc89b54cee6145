/**
 * outbox.db: what was composed and not yet acknowledged, and drafts. The one file of the desktop that holds what exists nowhere else.
 */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Draft, OutboxItem } from '@matchbook/protocol/bridge';
import type { Failure } from '@matchbook/protocol/failures';
import { LIMITS } from '@matchbook/protocol/limits';
import { textFault, utf8Length } from '@matchbook/protocol/text';
import { backUp, openChecked, salvage, setAside } from './damage.ts';
import type { Database } from './database.ts';
import { StoreFailure } from './store-failure.ts';

const MIGRATIONS = [
  `
  CREATE TABLE item (
    place INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL,
    id TEXT NOT NULL,
    conv TEXT NOT NULL,
    kind TEXT NOT NULL,
    append TEXT NOT NULL,
    createdAt INTEGER NOT NULL,
    frozen INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0,
    failure TEXT,
    UNIQUE (account, id)
  ) STRICT;
  CREATE INDEX item_conv ON item (account, conv, place);
  CREATE TABLE draft (
    account TEXT NOT NULL,
    conv TEXT NOT NULL,
    text TEXT NOT NULL,
    version INTEGER NOT NULL,
    updatedAt INTEGER NOT NULL,
    PRIMARY KEY (account, conv)
  ) STRICT;
  `,
];

export interface Item {
  id: string;
  conv: string;
  place: number;
  append: OutboxItem['append'];
  createdAt: number;
  frozen: boolean;
  failed: boolean;
  failure: Failure | null;
}

interface ItemRow {
  place: number;
  id: string;
  conv: string;
  append: string;
  createdAt: number;
  frozen: number;
  failed: number;
  failure: string | null;
}

const BACKUP = 'outbox.backup.db';
const COLUMNS = 'place, id, conv, append, createdAt, frozen, failed, failure';

export class OutboxDb {
  #db: Database;
  #account: string;
  #folder: string;
  #now: () => number;
  /** Where a damaged file was set aside at this start, or null. */
  readonly setAside: string | null;
  /** There are changes that the backup does not have. */
  dirty = true;

  constructor(folder: string, account: string, now: () => number) {
    this.#folder = folder;
    this.#account = account;
    this.#now = now;
    const path = join(folder, 'outbox.db');
    let aside: string | null = null;
    try {
      if (emptied(path, join(folder, BACKUP))) throw new Error(`${path} was emptied.`);
      this.#db = openChecked(path, MIGRATIONS);
    } catch (error) {
      if (!existsSync(path)) throw error;
      aside = setAside(path, now());
      this.#db = openChecked(path, MIGRATIONS);
      this.#takeOver(aside);
    }
    this.setAside = aside;
  }

  /** Items in the order of release. */
  items(conv?: string): Item[] {
    const rows =
      conv === undefined
        ? this.#db.all<ItemRow>(`SELECT ${COLUMNS} FROM item WHERE account = ? ORDER BY place`, this.#account)
        : this.#db.all<ItemRow>(
            `SELECT ${COLUMNS} FROM item WHERE account = ? AND conv = ? ORDER BY place`,
            this.#account,
            conv,
          );
    return rows.map(itemOf);
  }

  item(id: string): Item | null {
    const row = this.#db.get<ItemRow>(
      `SELECT ${COLUMNS} FROM item WHERE account = ? AND id = ?`,
      this.#account,
      id,
    );
    return row ? itemOf(row) : null;
  }

  /** What the session host may send, oldest first. */
  sendable(limit: number): OutboxItem[] {
    return this.#db
      .all<ItemRow>(
        `SELECT ${COLUMNS} FROM item WHERE account = ? AND failed = 0 ORDER BY place LIMIT ?`,
        this.#account,
        limit,
      )
      .map(itemOf)
      .map(({ id, conv, place, append, frozen }) => ({ id, conv, place, append, frozen }));
  }

  /** The message goes in and its draft goes out, in one transaction; a draft that was changed meanwhile stays. */
  submit({
    conv,
    id,
    text,
    draftVersion,
  }: {
    conv: string;
    id: string;
    text: string;
    draftVersion: number;
  }): Item {
    checkText(text);
    const before = this.item(id);
    if (before) {
      const { append } = before;
      if (append.kind === 'message' && 'text' in append.body && append.body.text === text) return before;
      throw new StoreFailure('id_conflict', 'This id was used for another message.');
    }
    this.#write(() => {
      this.#insert(id, conv, { kind: 'message', body: { type: 'text/plain', text } });
      this.#db.run(
        'UPDATE draft SET text = ?, version = version + 1, updatedAt = ? WHERE account = ? AND conv = ? AND version = ?',
        '',
        this.#now(),
        this.#account,
        conv,
        draftVersion,
      );
    });
    return this.item(id)!;
  }

  addCreate(id: string, conv: string, append: Extract<OutboxItem['append'], { kind: 'create' }>): void {
    this.#write(() => this.#insert(id, conv, append));
  }

  /** One waiting read mark a conversation: a newer one takes its place. */
  markRead(id: string, conv: string, n: number): void {
    this.#write(() => {
      this.#db.run(
        "DELETE FROM item WHERE account = ? AND conv = ? AND kind = 'read' AND frozen = 0",
        this.#account,
        conv,
      );
      this.#insert(id, conv, { kind: 'read', n });
    });
  }

  /** Durable before anything goes on a wire. Answers with those that may go. */
  release(ids: readonly string[]): string[] {
    return this.#write(() =>
      ids.filter(
        (id) =>
          this.#db.run(
            'UPDATE item SET frozen = 1 WHERE account = ? AND id = ? AND failed = 0',
            this.#account,
            id,
          ) > 0,
      ),
    );
  }

  remove(ids: readonly string[]): void {
    this.#write(() => {
      for (const id of ids) this.#db.run('DELETE FROM item WHERE account = ? AND id = ?', this.#account, id);
    });
  }

  refuse(id: string, failure: Failure, final: boolean): void {
    this.#write(() =>
      this.#db.run(
        'UPDATE item SET failed = ?, failure = ? WHERE account = ? AND id = ?',
        final ? 1 : 0,
        JSON.stringify(failure),
        this.#account,
        id,
      ),
    );
  }

  /** Takes an item back that was never on a wire, or that failed. @throws StoreFailure `frozen`, `no_such_item` */
  withdraw(id: string): Item {
    const item = this.item(id);
    if (!item) throw new StoreFailure('no_such_item', 'It is not in the outbox any more.');
    if (item.frozen && !item.failed)
      throw new StoreFailure('frozen', 'It may already be sent; its outcome is not known yet.');
    this.remove([id]);
    return item;
  }

  /** Back to the draft, in front of what is being written there. */
  toDraft(id: string): { item: Item; draft: Draft } {
    const item = this.#write(() => {
      const taken = this.item(id);
      if (!taken) throw new StoreFailure('no_such_item', 'It is not in the outbox any more.');
      if (taken.frozen && !taken.failed)
        throw new StoreFailure('frozen', 'It may already be sent; its outcome is not known yet.');
      const text =
        taken.append.kind === 'message' && 'text' in taken.append.body ? taken.append.body.text : '';
      const { text: rest } = this.draft(taken.conv);
      this.#putDraft(taken.conv, rest === '' ? text : `${text}\n${rest}`);
      this.#db.run('DELETE FROM item WHERE account = ? AND id = ?', this.#account, id);
      return taken;
    });
    return { item, draft: this.draft(item.conv) };
  }

  /** A failed message again, as new: at the end of the line and under a new id. */
  retry(id: string, newId: string): Item {
    this.#write(() => {
      const item = this.item(id);
      if (!item?.failed) throw new StoreFailure('no_such_item', 'There is no failed message to send again.');
      this.#db.run('DELETE FROM item WHERE account = ? AND id = ?', this.#account, id);
      this.#insert(newId, item.conv, item.append);
    });
    return this.item(newId)!;
  }

  draft(conv: string): Draft {
    const row = this.#db.get<Draft>(
      'SELECT text, version, updatedAt FROM draft WHERE account = ? AND conv = ?',
      this.#account,
      conv,
    );
    return row ? { ...row } : { text: '', version: 0, updatedAt: 0 };
  }

  saveDraft(conv: string, text: string): number {
    this.#write(() => this.#putDraft(conv, text));
    return this.draft(conv).version;
  }

  /** Conversations whose draft has text. */
  drafts(): Set<string> {
    const rows = this.#db.all<{ conv: string }>(
      "SELECT conv FROM draft WHERE account = ? AND text <> ''",
      this.#account,
    );
    return new Set(rows.map((row) => row.conv));
  }

  backUp(): void {
    if (!this.dirty) return;
    backUp(this.#db, join(this.#folder, BACKUP));
    this.dirty = false;
  }

  close(): void {
    this.#db.close();
  }

  #insert(id: string, conv: string, append: OutboxItem['append']): void {
    const { count } = this.#db.get<{ count: number }>(
      'SELECT count(*) AS count FROM item WHERE account = ?',
      this.#account,
    )!;
    if (count >= LIMITS.outboxItems)
      throw new StoreFailure(
        'outbox_full',
        `The outbox is full: ${LIMITS.outboxItems} messages wait to be sent.`,
        {
          limit: LIMITS.outboxItems,
        },
      );
    this.#db.run(
      'INSERT INTO item (account, id, conv, kind, append, createdAt) VALUES (?, ?, ?, ?, ?, ?)',
      this.#account,
      id,
      conv,
      append.kind,
      JSON.stringify(append),
      this.#now(),
    );
  }

  #putDraft(conv: string, text: string): void {
    this.#db.run(
      `INSERT INTO draft (account, conv, text, version, updatedAt) VALUES (?, ?, ?, 1, ?)
       ON CONFLICT (account, conv) DO UPDATE SET text = excluded.text, version = version + 1, updatedAt = excluded.updatedAt`,
      this.#account,
      conv,
      text,
      this.#now(),
    );
  }

  #write<T>(work: () => T): T {
    const result = this.#db.transaction(work);
    this.dirty = true;
    return result;
  }

  /** From the damaged file what can be read of it, else from the last backup. */
  #takeOver(aside: string): void {
    const backup = join(this.#folder, BACKUP);
    for (const source of [aside, backup]) {
      const found = salvage(source, ['item', 'draft']);
      const items = found.get('item') ?? [];
      const drafts = found.get('draft') ?? [];
      this.#db.transaction(() => {
        for (const row of items)
          this.#copy('item', row, [
            'place',
            'account',
            'id',
            'conv',
            'kind',
            'append',
            'createdAt',
            'frozen',
            'failed',
            'failure',
          ]);
        for (const row of drafts)
          this.#copy('draft', row, ['account', 'conv', 'text', 'version', 'updatedAt']);
      });
    }
  }

  #copy(table: string, row: Record<string, unknown>, columns: readonly string[]): void {
    const values = columns.map((column) => row[column]) as (string | number | null)[];
    if (values.some((value) => value === undefined)) return;
    // What was read from the damaged file is newer than the backup's row of the same key.
    this.#db.run(
      `INSERT OR IGNORE INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
      ...values,
    );
  }
}

/** A file without a byte beside a backup was once an outbox. */
const emptied = (path: string, backup: string): boolean =>
  existsSync(path) && statSync(path).size === 0 && existsSync(backup);

function itemOf(row: ItemRow): Item {
  return {
    id: row.id,
    conv: row.conv,
    place: row.place,
    append: JSON.parse(row.append),
    createdAt: row.createdAt,
    frozen: row.frozen === 1,
    failed: row.failed === 1,
    failure: row.failure === null ? null : JSON.parse(row.failure),
  };
}

/** @throws StoreFailure that names the field and the limit; the text stays where it was */
function checkText(text: string): void {
  if (text.trim() === '')
    throw new StoreFailure('invalid_text', 'There is nothing to send.', { field: 'text' });
  const fault = textFault(text);
  if (fault)
    throw new StoreFailure(
      'invalid_text',
      `The text holds ${fault === 'nul' ? 'a NUL character' : 'half a character'} that cannot be sent.`,
      {
        field: 'text',
      },
    );
  const size = utf8Length(text);
  if (size > LIMITS.bodyBytes)
    throw new StoreFailure('body_too_large', `The message has ${size} bytes; ${LIMITS.bodyBytes} fit.`, {
      field: 'text',
      limit: LIMITS.bodyBytes,
    });
}
