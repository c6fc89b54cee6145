import type { OutboxItem } from '@matchbook/protocol/bridge/host';
import type { Draft } from '@matchbook/protocol/bridge/views';
import type { Failure } from '@matchbook/protocol/failures';
import { LIMITS } from '@matchbook/protocol/limits';
import { textFault, utf8Length } from '@matchbook/protocol/text';
import type { Database } from './database.ts';
import { StoreError } from './store-error.ts';

export type Content = OutboxItem['append'];

/** An item with all that the store knows of it. Times are wall clock ms. */
export interface Item {
  id: string;
  conv: string;
  place: number;
  content: Content;
  created: number;
  frozen: boolean;
  failed: boolean;
  failure: Failure | null;
}

interface Row {
  place: number;
  id: string;
  conv: string;
  content: string;
  created: number;
  frozen: number;
  failed: number;
  failure: string | null;
}

/** Most items that one question answers with. */
const ANSWERED = 1_000;
/** Refused read positions that are remembered. */
const REFUSED_KEPT = 100;

const COLUMNS = 'place, id, conv, content, created, frozen, failed, failure';
const noSuchItem = () =>
  new StoreError({ kind: 'no_such_item', message: 'The message is not waiting any more.' });

/**
 * What was composed and is not in the log yet, and the drafts, of one account. Items leave by `remove` (their ack or row
 * arrived) or by the person; a failed one stays and is shown.
 */
export class Outbox {
  readonly #db: Database;
  readonly #account: string;
  readonly #now: () => number;

  constructor(db: Database, account: string, now: () => number) {
    this.#db = db;
    this.#account = account;
    this.#now = now;
  }

  find(id: string): Item | null {
    const row = this.#db.get<Row>(
      `SELECT ${COLUMNS} FROM item WHERE account = ? AND id = ?`,
      this.#account,
      id,
    );
    return row ? itemOf(row) : null;
  }

  /** In the order of release, without those that failed. At most 1,000. */
  waiting(): Item[] {
    return this.#db
      .all<Row>(
        `SELECT ${COLUMNS} FROM item WHERE account = ? AND failed = 0 ORDER BY place LIMIT ${ANSWERED}`,
        this.#account,
      )
      .map(itemOf);
  }

  /** How many wait or failed, and since when the oldest waits. */
  depth(): { waiting: number; failed: number; oldest: number | null } {
    return this.#db.get<{ waiting: number; failed: number; oldest: number | null }>(
      `SELECT count(*) FILTER (WHERE failed = 0) AS waiting, count(*) FILTER (WHERE failed = 1) AS failed,
              min(created) FILTER (WHERE failed = 0) AS oldest FROM item WHERE account = ?`,
      this.#account,
    )!;
  }

  /** Messages of a conversation, failed ones too, in the order of release; the newest 1,000. */
  messages(conv: string): Item[] {
    return this.#db
      .all<Row>(
        `SELECT ${COLUMNS} FROM item WHERE account = ? AND conv = ? AND kind = 'message' ORDER BY place DESC LIMIT ${ANSWERED}`,
        this.#account,
        conv,
      )
      .map(itemOf)
      .reverse();
  }

  /** The last message of each conversation that has one. */
  lastMessages(): Item[] {
    return this.#db
      .all<Row>(
        `SELECT ${COLUMNS} FROM item WHERE place IN
           (SELECT max(place) FROM item WHERE account = ? AND kind = 'message' GROUP BY conv)`,
        this.#account,
      )
      .map(itemOf);
  }

  /** Everything, one by one. */
  *everything(): Generator<Item> {
    let after = Number.MIN_SAFE_INTEGER;
    for (;;) {
      const rows = this.#db.all<Row>(
        `SELECT ${COLUMNS} FROM item WHERE account = ? AND place > ? ORDER BY place LIMIT ${ANSWERED}`,
        this.#account,
        after,
      );
      for (const row of rows) yield itemOf(row);
      const last = rows.at(-1);
      if (!last) return;
      after = last.place;
    }
  }

  /**
   * Item in and draft out, in one transaction. The draft is cleared only if it still is `draftVersion`. The same id with the
   * same text is answered with what is there; with another text it is `id_conflict`.
   */
  submit(message: { conv: string; id: string; text: string; draftVersion: number }): Item {
    const { conv, id, text, draftVersion } = message;
    const bodyFault = faultOf(text);
    if (bodyFault) throw bodyFault;
    return this.#db.transaction(() => {
      const present = this.find(id);
      if (present) {
        if (present.conv === conv && textOf(present.content) === text) return present;
        throw idConflict();
      }
      this.#mustHaveRoom();
      this.#insert(id, conv, { kind: 'message', body: { type: 'text/plain', text } });
      this.#db.run(
        `UPDATE draft SET text = '""', version = version + 1, updated = ? WHERE account = ? AND conv = ? AND version = ?`,
        this.#now(),
        this.#account,
        conv,
        draftVersion,
      );
      return this.find(id)!;
    });
  }

  /** The creation of a conversation, ahead of everything of it. Once: a failed one is put in line again. */
  create(conv: string, id: string, members: string[]): void {
    this.#db.transaction(() => {
      if (this.find(id)) {
        this.#db.run(
          'UPDATE item SET failed = 0, failure = NULL WHERE account = ? AND id = ? AND failed = 1',
          this.#account,
          id,
        );
        return;
      }
      const first = this.#db.get<{ place: number }>(
        'SELECT place FROM item WHERE account = ? AND conv = ? ORDER BY place LIMIT 1',
        this.#account,
        conv,
      );
      const lowest = this.#db.get<{ place: number | null }>('SELECT min(place) AS place FROM item');
      const place = first ? Math.min(0, lowest?.place ?? 0) - 1 : null;
      this.#insert(id, conv, { kind: 'create', form: 'direct', members }, place);
    });
  }

  /** Replaces the read position that waits, unless that was released: then it comes behind it. */
  read(conv: string, id: string, n: number): void {
    this.#db.transaction(() => {
      // A new id, never a new value under the old one: whoever holds the old one must not send what it does not say.
      this.#db.run(
        `DELETE FROM item WHERE account = ? AND conv = ? AND kind = 'read' AND frozen = 0`,
        this.#account,
        conv,
      );
      this.#insert(id, conv, { kind: 'read', n });
    });
  }

  /** The furthest read position of a conversation that is not acknowledged; 0 without one. */
  pendingRead(conv: string): number {
    const rows = this.#db.all<Row>(
      `SELECT ${COLUMNS} FROM item WHERE account = ? AND conv = ? AND kind = 'read'`,
      this.#account,
      conv,
    );
    return rows.reduce((furthest, row) => Math.max(furthest, readOf(itemOf(row).content)), 0);
  }

  /** Freezes, durably, before anything goes on a wire; answers with those that may go. */
  release(ids: readonly string[]): string[] {
    return this.#db.transaction(() => {
      const may = ids.filter((id) => {
        const item = this.find(id);
        return item !== null && !item.failed;
      });
      for (const id of may)
        this.#db.run(
          'UPDATE item SET frozen = 1 WHERE account = ? AND id = ? AND frozen = 0',
          this.#account,
          id,
        );
      return may;
    });
  }

  remove(ids: readonly string[]): void {
    if (ids.length === 0) return;
    this.#db.transaction(() => {
      for (const id of ids) this.#delete(id);
    });
  }

  /** What the log refused: with `final` it failed and stays to be seen, otherwise it waits with a reason. A read position that failed goes. */
  refuse(items: readonly { id: string; failure: Failure; final: boolean }[]): void {
    this.#db.transaction(() => {
      for (const { id, failure, final } of items) {
        const item = this.find(id);
        if (!item) continue;
        if (final && item.content.kind === 'read') {
          this.#rememberRefused(item, failure);
          this.#delete(id);
          continue;
        }
        this.#db.run(
          'UPDATE item SET failed = ?, failure = ? WHERE account = ? AND id = ?',
          final ? 1 : 0,
          JSON.stringify(failure),
          this.#account,
          id,
        );
      }
    });
  }

  /** A message that failed or was never on a wire; else `frozen`. */
  withdrawable(id: string): Item {
    const item = this.find(id);
    if (item?.content.kind !== 'message') throw noSuchItem();
    if (item.frozen && !item.failed)
      throw new StoreError({
        kind: 'frozen',
        message: 'The message may already be sent; its outcome is not known yet.',
      });
    return item;
  }

  /** Out of the outbox and before whatever is in the draft by now. */
  toDraft(id: string): { draft: Draft; conv: string } {
    return this.#db.transaction(() => {
      const { conv, content } = this.withdrawable(id);
      const { text } = this.draft(conv);
      const back = textOf(content) ?? '';
      this.#delete(id);
      this.saveDraft(conv, text === '' ? back : `${back}\n${text}`);
      return { draft: this.draft(conv), conv };
    });
  }

  discard(id: string): { conv: string } {
    return this.#db.transaction(() => {
      const { conv } = this.withdrawable(id);
      this.#delete(id);
      return { conv };
    });
  }

  /** A failed message at the end of the line, as new. Asked again, it answers with the new one. */
  retry(id: string, newId: string): Item {
    return this.#db.transaction(() => {
      const item = this.find(id);
      if (!item) {
        const again = this.find(newId);
        if (again?.content.kind === 'message') return again;
      }
      const failed = this.withdrawable(id);
      if (!failed.failed) return failed;
      if (this.find(newId)) throw idConflict();
      this.#delete(id);
      this.#insert(newId, failed.conv, failed.content);
      return this.find(newId)!;
    });
  }

  draft(conv: string): Draft {
    const row = this.#db.get<{ text: string; version: number; updated: number }>(
      'SELECT text, version, updated FROM draft WHERE account = ? AND conv = ?',
      this.#account,
      conv,
    );
    return row
      ? { text: JSON.parse(row.text) as string, version: row.version, updatedAt: row.updated }
      : { text: '', version: 0, updatedAt: 0 };
  }

  /** Conversations with text in their draft. */
  drafts(): string[] {
    return this.#db
      .all<{ conv: string }>(`SELECT conv FROM draft WHERE account = ? AND text <> '""'`, this.#account)
      .map(({ conv }) => conv);
  }

  saveDraft(conv: string, text: string): number {
    const row = this.#db.get<{ version: number }>(
      `INSERT INTO draft (account, conv, text, version, updated) VALUES (?, ?, ?, 1, ?)
       ON CONFLICT DO UPDATE SET text = excluded.text, version = version + 1, updated = excluded.updated RETURNING version`,
      this.#account,
      conv,
      JSON.stringify(text),
      this.#now(),
    );
    return row!.version;
  }

  #insert(id: string, conv: string, content: Content, place: number | null = null): void {
    this.#db.run(
      'INSERT INTO item (place, account, id, conv, kind, content, created) VALUES (?, ?, ?, ?, ?, ?, ?)',
      place,
      this.#account,
      id,
      conv,
      content.kind,
      JSON.stringify(content),
      this.#now(),
    );
  }

  #delete(id: string): void {
    this.#db.run('DELETE FROM item WHERE account = ? AND id = ?', this.#account, id);
  }

  #mustHaveRoom(): void {
    const { count } = this.#db.get<{ count: number }>(
      `SELECT count(*) AS count FROM item WHERE account = ?`,
      this.#account,
    )!;
    if (count >= LIMITS.outboxItems)
      throw new StoreError({
        kind: 'outbox_full',
        message: `${LIMITS.outboxItems} messages are waiting; no more fit until some are sent.`,
        limit: LIMITS.outboxItems,
      });
  }

  #rememberRefused(item: Item, failure: Failure): void {
    this.#db.run(
      'INSERT OR REPLACE INTO refused (account, id, conv, content, failure, at) VALUES (?, ?, ?, ?, ?, ?)',
      this.#account,
      item.id,
      item.conv,
      JSON.stringify(item.content),
      JSON.stringify(failure),
      this.#now(),
    );
    this.#db.run(
      `DELETE FROM refused WHERE rowid NOT IN (SELECT rowid FROM refused ORDER BY rowid DESC LIMIT ${REFUSED_KEPT})`,
    );
  }
}

export const textOf = (content: Content): string | null =>
  content.kind === 'message' && 'text' in content.body ? content.body.text : null;

const readOf = (content: Content): number => (content.kind === 'read' ? content.n : 0);

function itemOf(row: Row): Item {
  return {
    id: row.id,
    conv: row.conv,
    place: row.place,
    content: JSON.parse(row.content) as Content,
    created: row.created,
    frozen: row.frozen === 1,
    failed: row.failed === 1,
    failure: row.failure === null ? null : (JSON.parse(row.failure) as Failure),
  };
}

export const idConflict = () =>
  new StoreError({ kind: 'id_conflict', message: 'Another message already has this id.' });

function faultOf(text: string): StoreError | null {
  const fault = textFault(text);
  if (fault)
    return new StoreError({
      kind: 'invalid_text',
      message: fault === 'nul' ? 'The text has a NUL character.' : 'The text has half of a surrogate pair.',
      field: 'text',
    });
  const bytes = utf8Length(text);
  if (bytes <= LIMITS.bodyBytes) return null;
  return new StoreError({
    kind: 'body_too_large',
    message: `The text has ${bytes} bytes; ${LIMITS.bodyBytes} fit into a message.`,
    field: 'text',
    limit: LIMITS.bodyBytes,
  });
}
