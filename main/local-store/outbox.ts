import type { Refusal } from '@matchbook/protocol/bridge/host';
import type { LocalFailure } from '@matchbook/protocol/bridge/outcome';
import type { WaitingCount } from '@matchbook/protocol/bridge/waiting';
import type { Failure } from '@matchbook/protocol/failures';
import { LIMITS } from '@matchbook/protocol/limits';
import type { Composed } from './composed.ts';
import type { Database } from './database.ts';
import {
  type Content,
  HOLD,
  ITEM_COLUMNS,
  type Item,
  type ItemRow,
  idConflict,
  isQuiet,
  itemOf,
  noSuchItem,
  slotOf,
  textOf,
  withTarget,
} from './item.ts';
import { StoreError } from './store-error.ts';

/** Most items that one question answers with. */
const ANSWERED = 1_000;
/** Refused read positions that are remembered. */
const REFUSED_KEPT = 100;
/** Not those that the app keeps up by itself. */
const SHOWN = `kind NOT IN ('read', 'draft')`;

const NOT_SENT: LocalFailure = {
  kind: 'target_failed',
  message: 'The message that this is about was not sent.',
};

/**
 * What was composed and is not in the log yet, of one account, in the order of release. An item leaves by `settle` (its ack or its row arrived) or by the
 * person; a failed one stays and is shown. What is about an own message without a place waits for that message's end: it gets the place, or fails with it.
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
    const row = this.#db.get<ItemRow>(
      `SELECT ${ITEM_COLUMNS} FROM item WHERE account = ? AND id = ?`,
      this.#account,
      id,
    );
    return row ? itemOf(row) : null;
  }

  must(id: string): Item {
    const item = this.find(id);
    if (!item) throw noSuchItem();
    return item;
  }

  /**
   * What may go on a wire now, in the order of release: at most a batch of each conversation, so that a long line in one holds up no other. What is about an item
   * that is still on its way holds up what comes behind it (I5).
   */
  sendable(): Item[] {
    const stopped = new Set<string>();
    return this.#all(
      `place IN (SELECT place FROM (
         SELECT place, row_number() OVER (PARTITION BY conv ORDER BY place) AS nth FROM item
         WHERE account = ? AND failed = 0 AND hold = 0) WHERE nth <= ${LIMITS.batchItems})
       ORDER BY place LIMIT ${ANSWERED}`,
      this.#account,
    ).filter(({ conv, target }) => {
      if (target !== null) stopped.add(conv);
      return !stopped.has(conv);
    });
  }

  /** How many wait or failed, and since when the oldest waits. */
  depth(): { waiting: number; failed: number; oldest: number | null } {
    return this.#db.get<{ waiting: number; failed: number; oldest: number | null }>(
      `SELECT count(*) FILTER (WHERE failed = 0) AS waiting, count(*) FILTER (WHERE failed = 1) AS failed,
              min(created) FILTER (WHERE failed = 0) AS oldest FROM item WHERE account = ? AND ${SHOWN}`,
      this.#account,
    )!;
  }

  /** Messages of a conversation, failed ones too, in the order of release; the newest 1,000. */
  messages(conv: string): Item[] {
    return this.#all(
      `account = ? AND conv = ? AND kind = 'message' ORDER BY place DESC LIMIT ${ANSWERED}`,
      this.#account,
      conv,
    ).reverse();
  }

  /** What waits to change of a conversation or of its messages, in the order of release; the newest 1,000. */
  changes(conv: string): Item[] {
    return this.#all(
      `account = ? AND conv = ? AND kind NOT IN ('message', 'create', 'read', 'draft') ORDER BY place DESC LIMIT ${ANSWERED}`,
      this.#account,
      conv,
    ).reverse();
  }

  /** The same of all conversations. */
  everyChange(): Item[] {
    return this.#all(
      `account = ? AND kind NOT IN ('message', 'create', 'read', 'draft') ORDER BY place LIMIT ${ANSWERED}`,
      this.#account,
    );
  }

  /** The last message of each conversation that has one. */
  lastMessages(): Item[] {
    return this.#all(
      `place IN (SELECT max(place) FROM item WHERE account = ? AND kind = 'message' GROUP BY conv)`,
      this.#account,
    );
  }

  /** Oldest first, at most 1,000. */
  list(): Item[] {
    return this.#all(`account = ? AND ${SHOWN} ORDER BY place LIMIT ${ANSWERED}`, this.#account);
  }

  count(): WaitingCount {
    return this.#db.get<WaitingCount>(
      `SELECT count(*) AS waiting, count(*) FILTER (WHERE failed = 1) AS failed,
         count(*) FILTER (WHERE failed = 0 AND (hold & ${HOLD.person}) <> 0) AS held, min(created) AS since
       FROM item WHERE account = ? AND ${SHOWN}`,
      this.#account,
    )!;
  }

  /** Everything, one by one. */
  *everything(): Generator<Item> {
    let after = Number.MIN_SAFE_INTEGER;
    for (;;) {
      const items = this.#all(
        `account = ? AND place > ? ORDER BY place LIMIT ${ANSWERED}`,
        this.#account,
        after,
      );
      yield* items;
      const last = items.at(-1);
      if (!last) return;
      after = last.place;
    }
  }

  /** What is about this item and waits for its place. */
  dependents(id: string): Item[] {
    return this.#all('account = ? AND target = ? ORDER BY place', this.#account, id);
  }

  /**
   * At the end of the line. The same id with the same content is answered with what is there; with other content it is `id_conflict`. What was not sent yet and says
   * the same thing otherwise (a reaction taken back, a name given anew) makes room for it.
   */
  append(conv: string, { id, content, target }: Composed, upload = false): Item {
    return this.#db.transaction(() => {
      const present = this.find(id);
      if (present) {
        const same = JSON.stringify(present.content) === JSON.stringify(content) && present.target === target;
        if (present.conv === conv && same) return present;
        throw idConflict();
      }
      const about = target === null ? null : this.find(target);
      if (target !== null && (about?.conv !== conv || about.content.kind !== 'message')) throw noSuchItem();
      if (about?.failed) throw new StoreError({ ...NOT_SENT, field: 'target' });
      this.#makeRoom(conv, content, target);
      this.#mustHaveRoom();
      const hold = (upload ? HOLD.upload : 0) | (about && about.hold !== 0 ? HOLD.behind : 0);
      this.#insert({ id, conv, content, target, hold });
      return this.must(id);
    });
  }

  /** The creation of a conversation, ahead of everything of it. Once: a failed one is put in line again. */
  create(conv: string, id: string, content: Extract<Content, { kind: 'create' }>): void {
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
      this.#insert({ id, conv, content, place });
    });
  }

  /** Replaces what waits of this kind in this conversation, unless that was released: then it comes behind it. */
  quiet(conv: string, id: string, content: Extract<Content, { kind: 'read' | 'draft' }>): void {
    this.#db.transaction(() => {
      // A new id, never a new value under the old one: whoever holds the old one must not send what it does not say.
      this.#db.run(
        'DELETE FROM item WHERE account = ? AND conv = ? AND kind = ? AND frozen = 0',
        this.#account,
        conv,
        content.kind,
      );
      this.#insert({ id, conv, content });
    });
  }

  ofKind(conv: string, kind: Content['kind']): Item[] {
    return this.#all('account = ? AND conv = ? AND kind = ? ORDER BY place', this.#account, conv, kind);
  }

  /** The furthest read position of a conversation that is not acknowledged; 0 without one. */
  pendingRead(conv: string): number {
    return this.ofKind(conv, 'read').reduce(
      (furthest, { content }) => Math.max(furthest, readOf(content)),
      0,
    );
  }

  /** Freezes, durably, before anything goes on a wire; answers with those that may go, in their order. */
  release(ids: readonly string[]): string[] {
    return this.#db.transaction(() => {
      const may = ids
        .map((id) => this.find(id))
        .filter((item) => item !== null)
        .filter(({ failed, hold, target }) => !failed && hold === 0 && target === null)
        .sort((one, other) => one.place - other.place);
      for (const { id } of may)
        this.#db.run(
          'UPDATE item SET frozen = 1, attempts = attempts + 1, tried = ?, next = NULL WHERE account = ? AND id = ?',
          this.#now(),
          this.#account,
          id,
        );
      return may.map(({ id }) => id);
    });
  }

  /** The log has them: they leave, and what is about them learns its place. */
  settle(arrived: readonly { id: string; n: number | null }[]): void {
    if (arrived.length === 0) return;
    this.#db.transaction(() => {
      for (const { id, n } of arrived) {
        for (const dependent of this.dependents(id)) {
          if (n === null) this.#fail(dependent, NOT_SENT);
          else this.#resolve(dependent, n);
        }
        this.delete(id);
      }
    });
  }

  /**
   * What the log refused: with `final` it failed and stays to be seen, otherwise it waits with a reason. Read positions and drafts that failed go, and so does a message
   * that the person wanted gone anyway. Answers with those that went.
   */
  refuse(refusals: readonly Pick<Refusal, 'id' | 'failure' | 'final' | 'nextAt'>[]): Item[] {
    const gone: Item[] = [];
    this.#db.transaction(() => {
      for (const { id, failure, final, nextAt } of refusals) {
        const item = this.find(id);
        if (!item) continue;
        if (!final) {
          this.#db.run(
            'UPDATE item SET failure = ?, next = ? WHERE account = ? AND id = ?',
            JSON.stringify(failure),
            nextAt ?? null,
            this.#account,
            id,
          );
        } else if (isQuiet(item.content)) {
          if (item.content.kind === 'read') this.#rememberRefused(item, failure);
          this.delete(id);
          gone.push(item);
        } else if (this.dependents(id).some(({ content }) => content.kind === 'delete')) {
          this.withdraw(id);
          gone.push(item);
        } else this.#fail(item, failure);
      }
    });
    return gone;
  }

  /** With what is about it. */
  fail(id: string, failure: LocalFailure): void {
    this.#db.transaction(() => this.#fail(this.must(id), failure));
  }

  /** What waits for an item that is not there: it has its place, or it never came. */
  orphans(): Item[] {
    return this.#all(
      `account = ? AND failed = 0 AND target IS NOT NULL AND target NOT IN (SELECT id FROM item WHERE account = ?) ORDER BY place`,
      this.#account,
      this.#account,
    );
  }

  resolve(id: string, n: number): void {
    this.#resolve(this.must(id), n);
  }

  /** Sets a hold or lets it go, of what is about it too. What is let go takes the next place in line. */
  setHold(id: string, why: number, on: boolean): void {
    this.#db.transaction(() => {
      const item = this.must(id);
      const hold = on ? item.hold | why : item.hold & ~why;
      if (hold === item.hold) return;
      const place = hold === 0 ? this.#nextPlace() : item.place;
      this.#db.run(
        'UPDATE item SET hold = ?, place = ? WHERE account = ? AND id = ?',
        hold,
        place,
        this.#account,
        id,
      );
      for (const dependent of this.dependents(id)) this.setHold(dependent.id, HOLD.behind, hold !== 0);
    });
  }

  /** The same place, another id and content; what is about it follows. */
  replace(item: Item, id: string, content: Content): void {
    this.#db.transaction(() => {
      if (this.find(id)) throw idConflict();
      const { conv, place, target, hold, created } = item;
      this.delete(item.id);
      this.#insert({ id, conv, content, place, target, hold, created });
      this.#follow(item.id, id);
    });
  }

  /** To the end of the line as new; what failed with it waits for it again, behind it. */
  again(item: Item, id: string, content: Content, target: string | null): void {
    this.#db.transaction(() => {
      if (this.find(id)) throw idConflict();
      const about = target === null ? null : this.find(target);
      this.delete(item.id);
      this.#insert({
        id,
        conv: item.conv,
        content,
        target,
        // What failed before its files were there still waits for them.
        hold: (item.hold & HOLD.upload) | (about && about.hold !== 0 ? HOLD.behind : 0),
      });
      this.#follow(item.id, id);
      this.#revive(id);
    });
  }

  /** In line again under its own id: the log may have it, and then answers with its place (I3). */
  resume(id: string): void {
    this.#db.run(
      'UPDATE item SET failed = 0, failure = NULL, place = ? WHERE account = ? AND id = ?',
      this.#nextPlace(),
      this.#account,
      id,
    );
  }

  #revive(id: string): void {
    const { hold } = this.must(id);
    for (const dependent of this.dependents(id)) {
      this.#db.run(
        'UPDATE item SET failed = 0, failure = NULL, place = ?, hold = ? WHERE account = ? AND id = ?',
        this.#nextPlace(),
        (dependent.hold & ~HOLD.behind) | (hold === 0 ? 0 : HOLD.behind),
        this.#account,
        dependent.id,
      );
      this.#revive(dependent.id);
    }
  }

  /** Out by the person's hand: what has no words of its own goes with it, the rest fails and stays to be seen. */
  withdraw(id: string): void {
    this.#db.transaction(() => {
      for (const dependent of this.dependents(id)) {
        if (textOf(dependent.content) === null || dependent.content.kind === 'reaction')
          this.delete(dependent.id);
        else this.#fail(dependent, NOT_SENT);
      }
      this.delete(id);
    });
  }

  delete(id: string): void {
    this.#db.run('DELETE FROM item WHERE account = ? AND id = ?', this.#account, id);
  }

  transaction<T>(work: () => T): T {
    return this.#db.transaction(work);
  }

  #all(where: string, ...values: (string | number)[]): Item[] {
    return this.#db.all<ItemRow>(`SELECT ${ITEM_COLUMNS} FROM item WHERE ${where}`, ...values).map(itemOf);
  }

  #insert(item: {
    id: string;
    conv: string;
    content: Content;
    place?: number | null;
    target?: string | null;
    hold?: number;
    created?: number;
  }): void {
    const { id, conv, content, place = null, target = null, hold = 0, created = this.#now() } = item;
    this.#db.run(
      'INSERT INTO item (place, account, id, conv, kind, content, target, hold, created) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
      place,
      this.#account,
      id,
      conv,
      content.kind,
      JSON.stringify(content),
      target,
      hold,
      created,
    );
  }

  #resolve({ id, content }: Item, n: number): void {
    this.#db.run(
      'UPDATE item SET content = ?, target = NULL WHERE account = ? AND id = ?',
      JSON.stringify(withTarget(content, n)),
      this.#account,
      id,
    );
  }

  #fail({ id }: Item, failure: LocalFailure): void {
    this.#db.run(
      'UPDATE item SET failed = 1, failure = ?, next = NULL WHERE account = ? AND id = ?',
      JSON.stringify(failure),
      this.#account,
      id,
    );
    for (const dependent of this.dependents(id)) if (!dependent.failed) this.#fail(dependent, NOT_SENT);
  }

  #follow(from: string, to: string): void {
    this.#db.run('UPDATE item SET target = ? WHERE account = ? AND target = ?', to, this.#account, from);
  }

  /** Places are not used twice: SQLite remembers the highest that there ever was. */
  #nextPlace(): number {
    return this.#db.get<{ next: number }>(
      `SELECT max(coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'item'), 0), coalesce(max(place), 0)) + 1 AS next FROM item`,
    )!.next;
  }

  #makeRoom(conv: string, content: Content, target: string | null): void {
    const slot = slotOf(content, target);
    if (slot === null) return;
    for (const item of this.ofKind(conv, content.kind))
      if (!item.frozen && slotOf(item.content, item.target) === slot) this.delete(item.id);
  }

  #mustHaveRoom(): void {
    const { waiting } = this.count();
    if (waiting >= LIMITS.outboxItems)
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

const readOf = (content: Content): number => (content.kind === 'read' ? content.n : 0);
