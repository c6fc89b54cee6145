/** history.db: entries put in their places, registers folded, holes and the chain kept. Every public write is one transaction. */

import { fromHex, toHex } from '@matchbook/protocol/bytes';
import { type Content, chainLink, contentHash } from '@matchbook/protocol/chain';
import type { Body, Register } from '@matchbook/protocol/entries';
import type { Entries, Head, Heads, Page, SavedItem } from '@matchbook/protocol/frames';
import { Database } from './database.ts';
import { HISTORY_MIGRATIONS } from './history-schema.ts';
import { Holes } from './holes.ts';

/** An item as it came: only its place is relied upon, its kind may be of a newer version. */
interface Placed {
  conv: string;
  n: number;
  m: number;
  h: string;
  id?: string;
  sender?: string;
  kind?: string;
  time?: number;
  body?: Body;
  form?: string;
  members?: readonly string[];
  hash?: string;
  stub?: true;
  hidden?: true;
}

export interface EntryRow {
  n: number;
  m: number;
  h: string;
  id: string | null;
  sender: string | null;
  kind: string;
  time: number;
  content: string | null;
  hash: string | null;
  save: string | null;
}

/** How an entry came, which decides what else it proves: only the walk moves a conversation's head. */
type Way = 'walk' | 'page' | 'ack';

/** What a frame changed. */
export interface Applied {
  convs: Set<string>;
  /** Ids of own entries that are in history now. */
  own: Set<string>;
}

/** Content of an own item, by id, for stubs. */
export type OwnContent = (id: string) => Content | null;

export class HistoryDb {
  readonly db: Database;
  readonly holes: Holes;
  #account: string;
  #user: string;

  constructor(path: string, account: string, user: string) {
    this.db = new Database(path, HISTORY_MIGRATIONS);
    this.holes = new Holes(this.db, account);
    this.#account = account;
    this.#user = user;
  }

  cursor(): string | null {
    return (
      this.db.get<{ cursor: string }>('SELECT cursor FROM progress WHERE account = ?', this.#account)
        ?.cursor ?? null
    );
  }

  /** Items and cursor in one transaction (I8). */
  applyEntries(frame: Entries, own: OwnContent): Applied {
    return this.#applying((applied) => {
      for (const item of frame.items) this.#applyItem(item, 'walk', own, applied);
      this.#moveCursor(frame.upTo);
    });
  }

  applyPage(frame: Page, own: OwnContent): Applied {
    return this.#applying((applied) => {
      for (const item of frame.items) this.#applyItem(item, 'page', own, applied);
      // The page is all that there is in its range, so nothing of it is missing any more, whatever it held.
      this.holes.remove(frame.conv, frame);
      applied.convs.add(frame.conv);
    });
  }

  /** One part of a snapshot; the cursor moves with the last. */
  applyHeads(frame: Heads): Applied {
    return this.#applying((applied) => {
      for (const head of frame.conversations) this.#applyHead(head, applied);
      for (const register of frame.registers) this.#applyRegister(register as Register, applied);
      if (frame.upTo !== undefined) this.#moveCursor(frame.upTo);
    });
  }

  /** An own entry that the log has taken. Its place is known; what lies before it may still be under way, so no head moves. */
  applyAck(
    conv: string,
    place: { id: string; n: number; m: number; h: string; time: number },
    content: Content,
  ): Applied {
    return this.#applying((applied) => {
      const item = { ...place, conv, sender: this.#user, ...content };
      this.#applyPlaced(item, 'ack', () => null, applied);
    });
  }

  /** The log has taken an own read mark. */
  applyRead(conv: string, n: number): void {
    const m = this.messagesUpTo(conv, n);
    this.db.transaction(() => this.#putPosition(conv, this.#user, 'read', n, m));
  }

  applySaved(items: readonly SavedItem[]): Applied {
    return this.#applying((applied) => {
      for (const { id, state } of items) {
        if (state !== 'saved' && state !== 'save_delayed' && state !== 'save_failed') continue;
        const row = this.db.get<{ conv: string; n: number; save: string | null }>(
          'SELECT conv, n, save FROM entry WHERE account = ? AND sender = ? AND id = ?',
          this.#account,
          this.#user,
          id,
        );
        // Saved is final: a late "delayed" says nothing new.
        if (!row || row.save === 'saved' || row.save === state) continue;
        this.db.run(
          'UPDATE entry SET save = ? WHERE account = ? AND conv = ? AND n = ?',
          state,
          this.#account,
          row.conv,
          row.n,
        );
        applied.convs.add(row.conv);
      }
    });
  }

  /** The conversation is known here before the log has told of it. */
  ensureConversation(
    conv: string,
    members: readonly { user: string; name: string | null }[],
    now: number,
  ): boolean {
    return this.db.transaction(() => {
      const row = this.#conversation(conv);
      for (const { user, name } of members) {
        this.#putMember(conv, user);
        // Time 0: whatever the log says about a name is newer.
        if (name !== null) this.#putProfile(user, name, 0);
      }
      if (row) return row.headN > 0;
      this.#newConversation(conv, 'direct', now);
      return false;
    });
  }

  has(id: string): boolean {
    return (
      this.db.get(
        'SELECT 1 AS one FROM entry WHERE account = ? AND sender = ? AND id = ?',
        this.#account,
        this.#user,
        id,
      ) !== undefined
    );
  }

  /** Own entries of which the API is not known to have them, newest first. */
  unsaved(limit: number): string[] {
    return this.db
      .all<{ id: string }>(
        `SELECT id FROM entry WHERE account = ? AND sender = ? AND save IS NOT 'saved' AND id IS NOT NULL
         ORDER BY time DESC LIMIT ?`,
        this.#account,
        this.#user,
        limit,
      )
      .map((row) => row.id);
  }

  /** Messages up to a place, from the nearest entry at or before it. */
  messagesUpTo(conv: string, n: number): number {
    const row = this.db.get<{ m: number }>(
      'SELECT m FROM entry WHERE account = ? AND conv = ? AND n <= ? ORDER BY n DESC LIMIT 1',
      this.#account,
      conv,
      n,
    );
    return row?.m ?? 0;
  }

  close(): void {
    this.db.close();
  }

  #applying(work: (applied: Applied) => void): Applied {
    const applied: Applied = { convs: new Set(), own: new Set() };
    this.db.transaction(() => work(applied));
    return applied;
  }

  #moveCursor(cursor: string): void {
    this.db.run(
      'INSERT INTO progress (account, cursor) VALUES (?, ?) ON CONFLICT (account) DO UPDATE SET cursor = excluded.cursor',
      this.#account,
      cursor,
    );
  }

  #applyItem(item: object, way: Way, own: OwnContent, applied: Applied): void {
    const shape = item as Partial<Placed> & { reg?: string };
    const { conv, n, m, h } = shape;
    if (typeof shape.reg === 'string') this.#applyRegister(item as Register, applied);
    else if (
      typeof conv === 'string' &&
      Number.isSafeInteger(n) &&
      Number.isSafeInteger(m) &&
      typeof h === 'string'
    )
      this.#applyPlaced(shape as Placed, way, own, applied);
    else this.#keepUnknown(item);
  }

  #applyRegister(register: Register, applied: Applied): void {
    if (register.reg === 'profile') {
      if (this.#putProfile(register.user, register.name, register.time)) {
        const convs = this.db.all<{ conv: string }>(
          'SELECT conv FROM member WHERE account = ? AND user = ?',
          this.#account,
          register.user,
        );
        for (const { conv } of convs) applied.convs.add(conv);
      }
    } else if (register.reg === 'delivered' || register.reg === 'read') {
      this.#putPosition(register.conv, register.user, register.reg, register.n, register.m);
      applied.convs.add(register.conv);
    } else this.#keepUnknown(register);
  }

  #applyPlaced(item: Placed, way: Way, own: OwnContent, applied: Applied): void {
    const { conv, n, m, h } = item;
    applied.convs.add(conv);
    const before = this.#conversation(conv);
    const stub = item.stub ? (item.id === undefined ? null : this.#ownContent(item.id, own)) : null;
    if (item.stub && item.id !== undefined) applied.own.add(item.id);
    const full = item.stub && stub ? { ...item, sender: this.#user, ...stub } : item;
    const missing = item.stub === true && stub === null;
    if (!missing) this.#put(full, applied);
    if (full.kind === 'create') {
      if (!before) this.#newConversation(conv, full.form ?? 'direct', full.time ?? 0);
      for (const user of full.members ?? []) this.#putMember(conv, user);
    } else if (!before) this.#newConversation(conv, 'direct', full.time ?? 0);
    this.#noteLast(full);
    if (way === 'walk') {
      // A conversation whose entries start later than 1 is one that was joined there: nothing before is missing.
      const head = before?.headN ?? 0;
      if (head > 0 && n > head + 1) this.holes.add(conv, { from: head + 1, to: n - 1 });
      this.db.run(
        'UPDATE conversation SET headN = max(headN, ?), headM = max(headM, ?) WHERE account = ? AND conv = ?',
        n,
        m,
        this.#account,
        conv,
      );
    }
    if (missing) this.holes.add(conv, { from: n, to: n });
    else this.holes.remove(conv, { from: n, to: n });
    if (!missing) this.#checkChain(conv, n, h);
  }

  /** I3: one row for a place, one for an id. Where the server tells another story of a place, the server's stands, and it is noted. */
  #put(item: Placed, applied: Applied): void {
    const { conv, n, m, h } = item;
    const kind = item.hidden ? 'hidden' : (item.kind ?? 'unknown');
    const id = item.id ?? null;
    const sender = item.sender ?? null;
    if (sender === this.#user && id !== null) applied.own.add(id);
    const there = this.db.get<{ h: string; id: string | null }>(
      'SELECT h, id FROM entry WHERE account = ? AND conv = ? AND n = ?',
      this.#account,
      conv,
      n,
    );
    if (there && there.h === h && (there.id !== null || id === null)) return;
    const elsewhere =
      id === null || sender === null
        ? undefined
        : this.db.get<{ conv: string; n: number }>(
            'SELECT conv, n FROM entry WHERE account = ? AND sender = ? AND id = ?',
            this.#account,
            sender,
            id,
          );
    if (there && there.h !== h) this.#markBroken(conv);
    if (elsewhere && (elsewhere.conv !== conv || elsewhere.n !== n)) {
      this.#markBroken(elsewhere.conv);
      this.db.run(
        'DELETE FROM entry WHERE account = ? AND conv = ? AND n = ?',
        this.#account,
        elsewhere.conv,
        elsewhere.n,
      );
      applied.convs.add(elsewhere.conv);
    }
    this.db.run(
      `INSERT OR REPLACE INTO entry (account, conv, n, m, h, id, sender, kind, time, content, hash, save)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)`,
      this.#account,
      conv,
      n,
      m,
      h,
      id,
      sender,
      kind,
      item.time ?? 0,
      contentText(item, kind),
      item.hash ?? null,
    );
  }

  #ownContent(id: string, own: OwnContent): Content | null {
    const waiting = own(id);
    if (waiting) return waiting;
    const row = this.db.get<{ content: string | null }>(
      'SELECT content FROM entry WHERE account = ? AND sender = ? AND id = ?',
      this.#account,
      this.#user,
      id,
    );
    return row?.content ? (JSON.parse(row.content) as Content) : null;
  }

  /** The list shows the last message, and one's own message proves that one has read up to it. */
  #noteLast(item: Placed): void {
    if (item.kind !== 'message') return;
    const { conv, n, m, time = 0 } = item;
    this.db.run(
      `UPDATE conversation SET lastN = max(coalesce(lastN, 0), ?1), time = max(time, ?2) WHERE account = ?3 AND conv = ?4`,
      n,
      time,
      this.#account,
      conv,
    );
    if (item.sender === this.#user)
      this.db.run(
        'UPDATE conversation SET ownN = max(ownN, ?), ownM = max(ownM, ?) WHERE account = ? AND conv = ?',
        n,
        m,
        this.#account,
        conv,
      );
  }

  /** Links n to its neighbours where both are here; a break is noted, nothing is dropped. */
  #checkChain(conv: string, n: number, h: string): void {
    const neighbour = (at: number) =>
      this.db.get<EntryRow>(
        'SELECT n, m, h, id, sender, kind, time, content, hash, save FROM entry WHERE account = ? AND conv = ? AND n = ?',
        this.#account,
        conv,
        at,
      );
    const self = neighbour(n);
    const previous = n === 1 ? null : neighbour(n - 1)?.h;
    if (self && previous !== undefined && linkOf(conv, previous, self) === false) this.#markBroken(conv);
    const next = neighbour(n + 1);
    if (next && linkOf(conv, h, next) === false) this.#markBroken(conv);
  }

  #applyHead(head: Head, applied: Applied): void {
    const { conv, n, m, h } = head;
    applied.convs.add(conv);
    if (!this.#conversation(conv)) this.#newConversation(conv, head.form, head.time);
    for (const member of head.members) if (member.until === undefined) this.#putMember(conv, member.user);
    const there = this.db.get<{ h: string }>(
      'SELECT h FROM entry WHERE account = ? AND conv = ? AND n = ?',
      this.#account,
      conv,
      n,
    );
    const beyond = this.db.get(
      'SELECT 1 AS one FROM entry WHERE account = ? AND conv = ? AND n > ? LIMIT 1',
      this.#account,
      conv,
      n,
    );
    // Another history than the one that is stored: what is here is refilled from the server.
    if ((there && there.h !== h) || beyond) {
      this.db.run('DELETE FROM entry WHERE account = ? AND conv = ?', this.#account, conv);
      this.db.run(
        'UPDATE conversation SET lastN = NULL, ownN = 0, ownM = 0, broken = 0 WHERE account = ? AND conv = ?',
        this.#account,
        conv,
      );
    }
    this.holes.clear(conv);
    for (const [from, to] of head.ranges) this.holes.add(conv, { from, to: Math.min(to, n) });
    this.db.run(
      'UPDATE conversation SET headN = ?, headM = ?, time = max(time, ?) WHERE account = ? AND conv = ?',
      n,
      m,
      head.time,
      this.#account,
      conv,
    );
  }

  #conversation(conv: string): { headN: number } | undefined {
    return this.db.get<{ headN: number }>(
      'SELECT headN FROM conversation WHERE account = ? AND conv = ?',
      this.#account,
      conv,
    );
  }

  #newConversation(conv: string, form: string, time: number): void {
    this.db.run(
      'INSERT INTO conversation (account, conv, form, headN, headM, time) VALUES (?, ?, ?, 0, 0, ?)',
      this.#account,
      conv,
      form,
      time,
    );
  }

  #markBroken(conv: string): void {
    this.db.run('UPDATE conversation SET broken = 1 WHERE account = ? AND conv = ?', this.#account, conv);
  }

  #putMember(conv: string, user: string): void {
    this.db.run(
      'INSERT OR IGNORE INTO member (account, conv, user) VALUES (?, ?, ?)',
      this.#account,
      conv,
      user,
    );
  }

  /** I9: positions only climb. */
  #putPosition(conv: string, user: string, kind: string, n: number, m: number): void {
    this.db.run(
      `INSERT INTO position (account, conv, user, kind, n, m) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (account, conv, user, kind) DO UPDATE SET n = excluded.n, m = excluded.m WHERE excluded.n > n`,
      this.#account,
      conv,
      user,
      kind,
      n,
      m,
    );
  }

  #putProfile(user: string, name: string, time: number): boolean {
    return (
      this.db.run(
        `INSERT INTO profile (account, user, name, time) VALUES (?, ?, ?, ?)
         ON CONFLICT (account, user) DO UPDATE SET name = excluded.name, time = excluded.time WHERE excluded.time >= time`,
        this.#account,
        user,
        name,
        time,
      ) > 0
    );
  }

  #keepUnknown(item: object): void {
    this.db.run('INSERT INTO unknown (account, item) VALUES (?, ?)', this.#account, JSON.stringify(item));
  }
}

function contentText(item: Placed, kind: string): string | null {
  if (kind === 'message') return item.body ? JSON.stringify({ kind, body: item.body }) : null;
  if (kind === 'create') return JSON.stringify({ kind, form: item.form, members: item.members });
  // Of a newer version: kept whole, so that a newer version can show it.
  return kind === 'hidden' ? null : JSON.stringify(item);
}

/** Whether a row continues the chain; null where that cannot be told (hidden, or of an unknown kind). */
function linkOf(conv: string, previous: string | null, row: EntryRow): boolean | null {
  if (row.id === null || (row.kind !== 'message' && row.kind !== 'create')) return null;
  const hash = row.content
    ? contentHash(conv, JSON.parse(row.content) as Content)
    : row.hash
      ? fromHex(row.hash)
      : null;
  if (!hash || toHex(hash).length !== 64) return null;
  return chainLink(previous, row.id, row.kind, hash) === row.h;
}
