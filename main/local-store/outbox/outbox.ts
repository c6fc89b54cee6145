import type { Refusal } from '@matchbook/protocol/bridge/host';
import type { LocalFailure } from '@matchbook/protocol/bridge/outcome';
import type { Failure } from '@matchbook/protocol/failures';
import { LIMITS } from '@matchbook/protocol/limits';
import type { Database } from '../files/database.ts';
import { StoreError } from '../files/store-error.ts';
import type { Composed } from './composed.ts';
import {
  type Content,
  HOLD,
  type Item,
  idConflict,
  isEntry,
  isQuiet,
  noSuchItem,
  type QuietContent,
  slotOf,
  takesAway,
  textOf,
} from './item.ts';
import { NOT_SENT, OutboxItems } from './outbox-items.ts';
import type { Passports } from './passport.ts';

/** Refused read positions that are remembered. */
const REFUSED_KEPT = 100;

export interface OutboxParts {
  /** Wall clock, ms. */
  now: () => number;
  passports: Passports;
  /** What waits in the outboxes of the profile's other accounts: the limit is one for all. */
  elsewhere: () => number;
}

/**
 * What was composed and is not in the log yet, of one account, in the order of release. An item leaves by `settle` (its ack or its row arrived) or by the
 * person; a failed one stays and is shown. What is about an own message without a place waits for that message's end: it gets the place, or fails with it.
 */
export class Outbox extends OutboxItems {
  readonly #elsewhere: () => number;

  constructor(db: Database, account: string, { now, passports, elsewhere }: OutboxParts) {
    super(db, account, now, passports);
    this.#elsewhere = elsewhere;
  }

  /**
   * At the end of the line. The same id with the same content is answered with what is there; with other content it is `id_conflict`. What was not sent yet and says
   * the same thing otherwise (a reaction taken back, a name given anew) makes room for it.
   */
  append(conv: string, { id, content, target }: Composed, upload = false): Item {
    return this.db.transaction(() => {
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
      this.insert({ id, conv, content, target, hold });
      if (content.kind === 'message') this.passports.note(id, 'queued');
      return this.must(id);
    });
  }

  /** The creation of a conversation, ahead of everything of it. Once: a failed one is put in line again, and says until the answer why it failed. */
  create(conv: string, id: string, content: Extract<Content, { kind: 'create' }>): void {
    this.db.transaction(() => {
      if (this.find(id)) {
        this.db.run(
          'UPDATE item SET failed = 0 WHERE account = ? AND id = ? AND failed = 1',
          this.account,
          id,
        );
        return;
      }
      const first = this.db.get<{ place: number }>(
        'SELECT place FROM item WHERE account = ? AND conv = ? ORDER BY place LIMIT 1',
        this.account,
        conv,
      );
      const lowest = this.db.get<{ place: number | null }>('SELECT min(place) AS place FROM item');
      const place = first ? Math.min(0, lowest?.place ?? 0) - 1 : null;
      this.insert({ id, conv, content, place });
    });
  }

  /** Replaces what waits of this kind in this conversation, unless that was released: then it comes behind it. */
  quiet(conv: string, id: string, content: QuietContent): void {
    this.db.transaction(() => {
      // A new id, never a new value under the old one: whoever holds the old one must not send what it does not say.
      this.db.run(
        'DELETE FROM item WHERE account = ? AND conv = ? AND kind = ? AND frozen = 0',
        this.account,
        conv,
        content.kind,
      );
      this.insert({ id, conv, content });
    });
  }

  /** Freezes, durably, before anything goes on a wire; answers with those that may go, in their order. */
  release(ids: readonly string[]): string[] {
    return this.db.transaction(() => {
      const may = ids
        .map((id) => this.find(id))
        .filter((item) => item !== null)
        .filter(({ failed, hold, target }) => !failed && hold === 0 && target === null)
        .sort((one, other) => one.place - other.place);
      for (const { id, content } of may) {
        this.db.run(
          'UPDATE item SET frozen = 1, attempts = attempts + 1, tried = ?, next = NULL WHERE account = ? AND id = ?',
          this.now(),
          this.account,
          id,
        );
        if (content.kind === 'message') this.passports.note(id, 'tried');
      }
      return may.map(({ id }) => id);
    });
  }

  /** The log has them: they leave, and what is about them learns its place. */
  settle(arrived: readonly { id: string; n: number | null }[]): void {
    if (arrived.length === 0) return;
    this.db.transaction(() => {
      for (const { id, n } of arrived) {
        for (const dependent of this.dependents(id)) {
          if (n === null) this.failAll(dependent, NOT_SENT);
          else this.giveTarget(dependent, n);
        }
        if (this.find(id)?.content.kind === 'message') this.passports.note(id, 'taken');
        this.delete(id);
      }
    });
  }

  /**
   * What the log refused: with `final` it failed and stays to be seen, otherwise it waits with a reason. Read positions and drafts that failed go, and so do a message
   * that the person wanted gone anyway, what should go with a message that is gone, and a register that another device has set meanwhile. Answers with those that went.
   */
  refuse(refusals: readonly Pick<Refusal, 'id' | 'failure' | 'final' | 'nextAt'>[]): Item[] {
    const gone: Item[] = [];
    this.db.transaction(() => {
      for (const { id, failure, final, nextAt } of refusals) {
        const item = this.find(id);
        if (!item) continue;
        if (!final) {
          this.db.run(
            'UPDATE item SET failure = ?, next = ? WHERE account = ? AND id = ?',
            JSON.stringify(failure),
            nextAt ?? null,
            this.account,
            id,
          );
          if (item.content.kind === 'message') this.passports.note(id, 'refused', failure);
        } else if (isQuiet(item.content)) {
          if (item.content.kind === 'read') this.#rememberRefused(item, failure);
          this.delete(id);
          gone.push(item);
        } else if (
          (failure.kind === 'conflict' && !isEntry(item.content)) ||
          (failure.kind === 'unknown_place' && takesAway(item.content))
        ) {
          this.delete(id);
          gone.push(item);
        } else if (this.dependents(id).some(({ content }) => content.kind === 'delete')) {
          this.withdraw(id);
          gone.push(item);
        } else this.failAll(item, this.#reasonOf(item, failure));
      }
    });
    return gone;
  }

  /** Of a conversation that was refused there is nothing to know: why that was is what the person asks. */
  #reasonOf({ conv }: Item, failure: LocalFailure): LocalFailure {
    if (failure.kind !== 'unknown_conversation') return failure;
    return this.ofKind(conv, 'create').find(({ failed }) => failed)?.failure ?? failure;
  }

  /** With what is about it. */
  fail(id: string, failure: LocalFailure): void {
    this.db.transaction(() => this.failAll(this.must(id), failure));
  }

  resolve(id: string, n: number): void {
    this.giveTarget(this.must(id), n);
  }

  /** Sets a hold or lets it go, of what is about it too. What is let go takes the next place in line. */
  setHold(id: string, why: number, on: boolean): void {
    this.db.transaction(() => {
      const item = this.must(id);
      const hold = on ? item.hold | why : item.hold & ~why;
      if (hold === item.hold) return;
      const place = hold === 0 ? this.nextPlace() : item.place;
      this.db.run(
        'UPDATE item SET hold = ?, place = ? WHERE account = ? AND id = ?',
        hold,
        place,
        this.account,
        id,
      );
      for (const dependent of this.dependents(id)) this.setHold(dependent.id, HOLD.behind, hold !== 0);
    });
  }

  /** The same place, another id and content; what is about it follows. */
  replace(item: Item, id: string, content: Content): void {
    this.db.transaction(() => {
      if (this.find(id)) throw idConflict();
      const { conv, place, target, hold, created } = item;
      this.delete(item.id);
      this.insert({ id, conv, content, place, target, hold, created });
      this.passports.follow(item.id, id);
      this.follow(item.id, id);
    });
  }

  /** To the end of the line as new; what failed with it waits for it again, behind it. */
  again(item: Item, id: string, content: Content, target: string | null): void {
    this.db.transaction(() => {
      if (this.find(id)) throw idConflict();
      const about = target === null ? null : this.find(target);
      this.delete(item.id);
      this.insert({
        id,
        conv: item.conv,
        content,
        target,
        // So that its conversation can tell a creation that is tried again from the first one.
        failure: content.kind === 'create' ? item.failure : null,
        // What failed before its files were there still waits for them.
        hold: (item.hold & HOLD.upload) | (about && about.hold !== 0 ? HOLD.behind : 0),
      });
      this.passports.follow(item.id, id);
      if (content.kind === 'message') this.passports.note(id, 'queued');
      this.follow(item.id, id);
      this.#revive(id);
    });
  }

  /** In line again under its own id: the log may have it, and then answers with its place (I3). */
  resume(id: string): void {
    this.db.run(
      'UPDATE item SET failed = 0, failure = NULL, place = ? WHERE account = ? AND id = ?',
      this.nextPlace(),
      this.account,
      id,
    );
  }

  #revive(id: string): void {
    const { hold } = this.must(id);
    for (const dependent of this.dependents(id)) {
      this.db.run(
        'UPDATE item SET failed = 0, failure = NULL, place = ?, hold = ? WHERE account = ? AND id = ?',
        this.nextPlace(),
        (dependent.hold & ~HOLD.behind) | (hold === 0 ? 0 : HOLD.behind),
        this.account,
        dependent.id,
      );
      this.#revive(dependent.id);
    }
  }

  /** Out by the person's hand: what has no words of its own goes with it, the rest fails and stays to be seen. */
  withdraw(id: string): void {
    this.db.transaction(() => {
      for (const dependent of this.dependents(id)) {
        if (textOf(dependent.content) === null || dependent.content.kind === 'reaction')
          this.delete(dependent.id);
        else this.failAll(dependent, NOT_SENT);
      }
      this.passports.forget(id);
      this.delete(id);
    });
  }

  #makeRoom(conv: string, content: Content, target: string | null): void {
    const slot = slotOf(content, target);
    if (slot === null) return;
    for (const item of this.ofKind(conv, content.kind))
      if (!item.frozen && slotOf(item.content, item.target) === slot) this.delete(item.id);
  }

  #mustHaveRoom(): void {
    const others = this.#elsewhere();
    if (this.atMost() + others < LIMITS.outboxItems) return;
    if (this.count().waiting + others >= LIMITS.outboxItems)
      throw new StoreError({
        kind: 'outbox_full',
        message: `${LIMITS.outboxItems} messages are waiting; no more fit until some are sent.`,
        limit: LIMITS.outboxItems,
      });
  }

  #rememberRefused(item: Item, failure: Failure): void {
    this.db.run(
      'INSERT OR REPLACE INTO refused (account, id, conv, content, failure, at) VALUES (?, ?, ?, ?, ?, ?)',
      this.account,
      item.id,
      item.conv,
      JSON.stringify(item.content),
      JSON.stringify(failure),
      this.now(),
    );
    this.db.run(
      `DELETE FROM refused WHERE rowid NOT IN (SELECT rowid FROM refused ORDER BY rowid DESC LIMIT ${REFUSED_KEPT})`,
    );
  }
}
