import type { Body, Form, Role } from '@matchbook/protocol/entries';
import type { Head } from '@matchbook/protocol/frames';
import { unreadOf } from '@matchbook/protocol/unread';
import { bodyOf, type EntryRow, saysOf } from '../entries/entry-row.ts';
import type { EntryRows } from '../entries/entry-rows.ts';
import { foldsOf, newestBody } from '../entries/folds.ts';
import { folded, type GroupNow, type Stay, type SystemEntry } from '../entries/membership.ts';
import { factsOf, previewOf } from '../entries/preview.ts';
import type { Registers } from '../entries/registers.ts';
import type { Database } from '../files/database.ts';
import { among, Members, named, type Only } from './members.ts';
import { mentionsAfter } from './mentions.ts';

export interface Conversation {
  conv: string;
  form: Form;
  knownN: number;
  headN: number;
  headM: number;
  time: number;
  markedN: number;
  /** Marked as unread from this place on, here or on another device; 0: not. */
  unreadN: number;
  /** Own read position, or where what one marked as unread begins. */
  readN: number;
  unread: number;
  previewN: number | null;
  previewSender: string | null;
  previewText: string | null;
  /** JSON of PreviewFacts. */
  previewFacts: string | null;
  /** Of the unread messages, the newest, those that mention one. */
  mentions: number;
  /** JSON of a Body: of a group, the last of each. */
  name: string | null;
  picture: string | null;
}

const COLUMNS = `conv, form, known_n AS knownN, head_n AS headN, head_m AS headM, time, marked_n AS markedN, unread_n AS unreadN,
  read_n AS readN, unread, preview_n AS previewN, preview_sender AS previewSender, preview_text AS previewText,
  preview_facts AS previewFacts, mentions, name, picture`;
/**
 * Conversations and their members. What the list shows of a conversation is derived here when something of it changed
 * (`refresh`), so that the list itself reads no entries.
 */
export class Conversations {
  readonly #db: Database;
  readonly #account: string;
  readonly #user: string;
  readonly #rows: EntryRows;
  readonly #registers: Registers;
  /** Who is in them. */
  readonly members: Members;

  constructor(db: Database, account: string, user: string, rows: EntryRows, registers: Registers) {
    this.#db = db;
    this.#account = account;
    this.#user = user;
    this.#rows = rows;
    this.#registers = registers;
    this.members = new Members(db, account, user);
  }

  find(conv: string): Conversation | undefined {
    return this.#db.get<Conversation>(
      `SELECT ${COLUMNS} FROM conversation WHERE account = ? AND conv = ?`,
      this.#account,
      conv,
    );
  }

  list(only: Only): Conversation[] {
    return this.#db.all<Conversation>(
      `SELECT ${COLUMNS} FROM conversation WHERE account = ?${among(only)} ORDER BY time DESC`,
      this.#account,
      ...named(only),
    );
  }

  ensure(conv: string, form: Form, time: number): Conversation {
    const present = this.find(conv);
    if (present) return present;
    const unreadN = this.#registers.own('unread', conv)?.value ?? 0;
    this.#db.run(
      'INSERT INTO conversation (account, conv, form, time, unread_n) VALUES (?, ?, ?, ?, ?)',
      ...[this.#account, conv, form, time, unreadN],
    );
    return this.find(conv)!;
  }

  /** With who was to be in it. */
  forget(conv: string): void {
    this.members.replace(conv, []);
    this.#db.run('DELETE FROM conversation WHERE account = ? AND conv = ?', this.#account, conv);
  }

  /** Head, what frames told of, and the time of the last message, as an intake leaves them. */
  move(conv: string, moved: Pick<Conversation, 'knownN' | 'headN' | 'headM' | 'time'>): void {
    const { knownN, headN, headM, time } = moved;
    this.#db.run(
      'UPDATE conversation SET known_n = ?, head_n = ?, head_m = ?, time = ? WHERE account = ? AND conv = ?',
      ...[knownN, headN, headM, time, this.#account, conv],
    );
  }

  /** As the snapshot says; an own row beyond it, that only an ack told of, keeps the head up. */
  reset(head: Head, beyond: EntryRow | undefined): void {
    const top = beyond && beyond.n > head.n ? beyond : head;
    this.#db.run(
      'UPDATE conversation SET known_n = ?, head_n = ?, head_m = ?, time = ? WHERE account = ? AND conv = ?',
      head.n,
      top.n,
      top.m,
      top.time,
      this.#account,
      head.conv,
    );
    const base = head.members.map(({ user, since, until, role }): Stay => {
      return { user, since, until: until ?? null, role: role ?? 'member' };
    });
    this.#db.run(
      'UPDATE conversation SET form = ?, base = ?, base_n = ? WHERE account = ? AND conv = ?',
      ...[head.form, JSON.stringify(base), head.n, this.#account, head.conv],
    );
    this.refold(head.conv);
  }

  /** Members and what all see of a conversation, anew from what is stored: to be called when any of it came or went. */
  refold(conv: string): void {
    const about = this.#db.get<{ form: Form; base: string | null; baseN: number; told: string | null }>(
      'SELECT form, base, base_n AS baseN, told FROM conversation WHERE account = ? AND conv = ?',
      this.#account,
      conv,
    );
    if (!about) return;
    const entries = this.#rows.system(conv).map(
      (row): SystemEntry => ({
        ...{ n: row.n, kind: row.kind, sender: row.sender ?? '', body: bodyOf(row) },
        says: saysOf(row) as SystemEntry['says'],
      }),
    );
    const base = about.base === null ? null : (JSON.parse(about.base) as Stay[]);
    const facts = folded(
      about.form,
      base,
      about.baseN,
      entries,
      about.told === null ? null : (JSON.parse(about.told) as GroupNow),
    );
    const json = (body: Body | null) => body && JSON.stringify(body);
    this.#db.run(
      'UPDATE conversation SET form = ?, name = ?, picture = ?, settings = ? WHERE account = ? AND conv = ?',
      ...[facts.form, json(facts.name), json(facts.picture), json(facts.settings), this.#account, conv],
    );
    if (facts.stays.length === 0) return;
    this.members.replace(conv, facts.stays);
  }

  /** Groups that one came to later than they began, and of which the server was not asked since. */
  untold(): string[] {
    return this.#db
      .all<{ conv: string }>(
        `SELECT conv FROM conversation AS c JOIN member USING (account, conv) WHERE account = ? AND form = 'group' AND user = ?
           AND until IS NULL AND since > 1 AND told_n < since`,
        this.#account,
        this.#user,
      )
      .map(({ conv }) => conv);
  }

  /** Takes what the server told of a group: who is in it, and what it is called. One's own stays are better known here. */
  learn(conv: string, now: GroupNow, members: readonly { user: string; role: Role }[]): void {
    const own = this.members.stays(conv);
    const role = members.find(({ user }) => user === this.#user)?.role;
    const stays = [
      ...own.map((stay) => (stay.until === null && role ? { ...stay, role } : stay)),
      ...members
        .filter(({ user }) => user !== this.#user)
        .map((member) => ({ ...member, since: 1, until: null })),
    ];
    this.#db.run(
      `UPDATE conversation SET base = iif(? >= base_n, ?, base), base_n = max(base_n, ?), told = ?, told_n = ?
       WHERE account = ? AND conv = ?`,
      ...[now.n, JSON.stringify(stays), now.n, JSON.stringify(now), now.n, this.#account, conv],
    );
    this.refold(conv);
    this.refresh(conv);
  }

  /** Own read position as marked here; `lower` takes a mark back that the log refused. */
  mark(conv: string, n: number, lower = false): void {
    this.#db.run(
      `UPDATE conversation SET marked_n = ${lower ? '?' : 'max(marked_n, ?)'} WHERE account = ? AND conv = ?`,
      n,
      this.#account,
      conv,
    );
    this.refresh(conv);
  }

  /** Unread from a place on, whatever was read; 0: not. */
  unreadFrom(conv: string, n: number): void {
    this.#db.run(
      'UPDATE conversation SET unread_n = ? WHERE account = ? AND conv = ?',
      ...[n, this.#account, conv],
    );
    this.refresh(conv);
  }

  /** Own read position, as the log has it or as it was marked here. */
  readPlace(conv: string): number {
    return Math.max(this.#position(conv)?.read ?? 0, this.find(conv)?.markedN ?? 0);
  }

  #position(conv: string) {
    return this.#registers.positions(conv).find(({ user }) => user === this.#user);
  }

  /**
   * Derives read position, unread and preview anew.
   *
   * Unread as protocol/unread.ts counts it, from the places where one came and went. One's own messages within a hole are counted until they are there, and so is what was written before
   * one came, as long as that place lies in a hole. What was deleted is nothing to read, as soon as the entry that says so is here. Notes to self are always read. What one marked as unread is, and counts as one message at least.
   */
  refresh(conv: string): void {
    const about = this.find(conv);
    if (!about) return;
    const position = this.#position(conv);
    const reached = Math.max(position?.read ?? 0, about.markedN);
    const marked = about.unreadN > 0;
    const read = marked ? Math.min(reached, about.unreadN - 1) : reached;
    const told = position && position.read === read ? position.readM : 0;
    const members = this.members.present(conv);
    const alone = about.form === 'direct' && members.length === 1 && members[0] === this.#user;
    const unread = Math.max(alone ? 0 : this.unreadAfter(about, read, told), marked ? 1 : 0);
    const mentions = unread === 0 ? 0 : mentionsAfter(this.#rows, this.#user, about, read, this.#ownName());
    const last = this.#rows.lastMessage(conv);
    const fold = last && foldsOf(this.#rows, [last]).get(last.n);
    const body = last ? newestBody(last, fold) : null;
    this.#db.run(
      `UPDATE conversation SET read_n = ?, unread = ?, mentions = ?, preview_n = ?, preview_sender = ?, preview_text = ?,
         preview_facts = ? WHERE account = ? AND conv = ?`,
      ...[read, unread, mentions, last?.n ?? null, last?.sender ?? null],
      ...[last ? previewOf(body) : null, last ? factsOf(body, fold) : null],
      ...[this.#account, conv],
    );
  }

  /** Messages of others after a place that one may see. @param told messages up to the place, where the log said so */
  unreadAfter(about: Conversation, n: number, told = 0): number {
    const { conv, headN, headM } = about;
    const m = n === 0 ? 0 : n >= headN ? headM : Math.max(told, this.#rows.messagesAt(conv, n));
    const unseen = this.#rows.ownMessagesAfter(conv, n) + this.#rows.erasedAfter(conv, n);
    return unreadOf(this.members.counted(this.#rows, about), m, unseen);
  }

  #ownName(): string | null {
    const row = this.#db.get<{ name: string }>(
      'SELECT name FROM profile WHERE account = ? AND user = ?',
      this.#account,
      this.#user,
    );
    return row?.name ?? null;
  }
}
