import type { Form, Role } from '@matchbook/protocol/entries';
import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';
import { hexOf } from './compact.ts';
import { KIND, ROLES, readMeta } from './schema.ts';

/** Since which place somebody is a member, and as what. */
interface Membership {
  role: Role;
  from: number;
}

/** A conversation's folded state, as of the last entry of the running transaction. */
export interface Conversation {
  readonly key: number;
  readonly id: string;
  readonly form: Form;
  n: number;
  m: number;
  h: string;
  time: number;
  /** Of its last entry. */
  seq: number;
  /** Current members, by user id. Replaced, never changed. */
  members: ReadonlyMap<string, Membership>;
  /** The latest place at which one of them joined. */
  lastJoin: number;
  /** Messages up to each of the last places, the newest last: positions are about those. */
  recent: number[];
}

const CONVERSATIONS = 20_000;
const USERS = 100_000;
/** How old the row of a conversation may get, in rows of the log: what a start has to read again. */
const FOLD_AFTER = 65_536;
/** Places of a conversation whose m is remembered. */
const RECENT = 64;

/** What came after the heads were last written is at the end of the log. */
const REFOLD = `
UPDATE conversations SET n = last.n, m = last.m, h = last.h, time = last.time, seq = last.seq
FROM (SELECT conv, max(n) AS n, m, substr(marks, 9, 8) AS h, time, seq FROM log WHERE seq > ? AND n IS NOT NULL GROUP BY conv) AS last
WHERE last.conv = conversations.key AND last.n > conversations.n`;

/**
 * Folded state with a bounded memory of it. Valid within the one writer. A transaction that fails leaves it as it was: what a transaction changes
 * is remembered with what it was before.
 */
export class Folded {
  readonly #conversations = new Map<string, Conversation>();
  readonly #users = new Map<string, number>();
  readonly #known = new Set<string>();
  /** Conversations whose rows are older than they are, and since which seq; the oldest first. */
  readonly #dirty = new Map<Conversation, number>();
  #undo: (() => void)[] = [];
  #touched = new Set<Conversation>();
  readonly #sql: Record<
    | 'conversation'
    | 'members'
    | 'insertConversation'
    | 'updateConversation'
    | 'insertMember'
    | 'endMember'
    | 'setRole'
    | 'intervals'
    | 'user'
    | 'insertUser'
    | 'profile'
    | 'setFolded',
    StatementSyncInstance
  >;

  constructor(db: DatabaseSyncInstance) {
    const sql = (text: string) => db.prepare(text);
    this.#sql = {
      conversation: sql('SELECT key, form, n, m, h, time, seq FROM conversations WHERE id = ?'),
      members: sql(
        `SELECT users.id, role, from_n FROM members JOIN users ON users.key = members.user
         WHERE conv = ? AND until_n IS NULL`,
      ),
      insertConversation: sql(
        'INSERT INTO conversations (id, form, n, m, h, time, seq) VALUES (?, ?, 0, 0, zeroblob(8), 0, 0)',
      ),
      updateConversation: sql(
        'UPDATE conversations SET n = ?, m = ?, h = ?, time = ?, seq = ? WHERE key = ?',
      ),
      insertMember: sql('INSERT INTO members (conv, user, from_n, from_seq, role) VALUES (?, ?, ?, ?, ?)'),
      endMember: sql(
        'UPDATE members SET until_n = ?, until_seq = ? WHERE conv = ? AND user = ? AND until_n IS NULL',
      ),
      setRole: sql('UPDATE members SET role = ? WHERE conv = ? AND user = ? AND until_n IS NULL'),
      intervals: sql('SELECT from_n, until_n FROM members WHERE conv = ? AND user = ?'),
      user: sql('SELECT key FROM users WHERE id = ?'),
      insertUser: sql('INSERT INTO users (id) VALUES (?)'),
      profile: sql('SELECT seq FROM registers WHERE conv = 0 AND kind = ? AND user = ? AND target = 0'),
      setFolded: sql("INSERT OR REPLACE INTO meta (key, value) VALUES ('folded_seq', ?)"),
    };
    db.exec('BEGIN IMMEDIATE');
    db.prepare(REFOLD).run(Number(readMeta(db, 'folded_seq') ?? 0));
    const { last } = db.prepare('SELECT coalesce(max(seq), 0) AS last FROM log').get() as { last: number };
    this.#sql.setFolded.run(last);
    db.exec('COMMIT');
  }

  conversation(id: string): Conversation | undefined {
    const remembered = this.#conversations.get(id);
    if (remembered) return remembered;
    const row = this.#sql.conversation.get(id) as
      | { key: number; form: Form; n: number; m: number; h: Uint8Array; time: number; seq: number }
      | undefined;
    if (!row) return undefined;
    const rows = this.#sql.members.all(row.key) as unknown as { id: string; role: number; from_n: number }[];
    const members = new Map(rows.map((one) => [one.id, { role: ROLES[one.role]!, from: one.from_n }]));
    return this.#remember({ ...row, id, h: hexOf(row.h), members, lastJoin: lastJoin(members), recent: [] });
  }

  create(id: string, form: Form): Conversation {
    const key = Number(this.#sql.insertConversation.run(id, form).lastInsertRowid);
    this.#undo.push(() => this.#conversations.delete(id));
    return this.#remember({
      key,
      id,
      form,
      n: 0,
      m: 0,
      h: '',
      time: 0,
      seq: 0,
      members: new Map(),
      lastJoin: 0,
      recent: [],
    });
  }

  /** To be called before the first change of a conversation in a transaction, with the seq of that change. */
  touch(conversation: Conversation, seq: number): void {
    if (this.#touched.has(conversation)) return;
    this.#touched.add(conversation);
    const before = { ...conversation };
    const isDirty = this.#dirty.has(conversation);
    if (!isDirty) this.#dirty.set(conversation, seq);
    this.#undo.push(() => {
      Object.assign(conversation, before);
      if (!isDirty) this.#dirty.delete(conversation);
    });
  }

  /** The conversation has one more place. */
  grown(conversation: Conversation): void {
    // Replaced, not changed: what a transaction undoes has the former one.
    const { recent, m } = conversation;
    conversation.recent = recent.length < RECENT ? [...recent, m] : [...recent.slice(RECENT / 2), m];
  }

  /** Messages up to a place, where that is remembered. */
  messagesAt({ n: last, recent }: Conversation, n: number): number | undefined {
    return recent[recent.length - 1 - (last - n)];
  }

  /** Members from the conversation's present place on. */
  join(conversation: Conversation, users: readonly string[], role: (user: string) => Role): void {
    const members = new Map(conversation.members);
    for (const user of users) {
      members.set(user, { role: role(user), from: conversation.n });
      const { key, n, seq } = conversation;
      this.#sql.insertMember.run(key, this.userKey(user), n, seq, ROLES.indexOf(role(user)));
    }
    conversation.members = members;
    conversation.lastJoin = lastJoin(members);
  }

  /** The conversation's present place is the last that they may see. */
  leave(conversation: Conversation, user: string): void {
    const members = new Map(conversation.members);
    members.delete(user);
    conversation.members = members;
    conversation.lastJoin = lastJoin(members);
    const { key, n, seq } = conversation;
    this.#sql.endMember.run(n + 1, seq, key, this.userKey(user));
  }

  setRole(conversation: Conversation, user: string, role: Role): void {
    const { from } = conversation.members.get(user)!;
    conversation.members = new Map(conversation.members).set(user, { role, from });
    this.#sql.setRole.run(ROLES.indexOf(role), conversation.key, this.userKey(user));
  }

  /** Writes the heads whose rows are too old: a few in every group, instead of many in some. Part of the transaction. */
  fold(head: number): void {
    const folded: [Conversation, number][] = [];
    let oldest = head;
    for (const [conversation, since] of this.#dirty) {
      if (since > head - FOLD_AFTER) {
        oldest = since - 1;
        break;
      }
      folded.push([conversation, since]);
    }
    if (folded.length === 0) return;
    for (const [conversation] of folded) {
      const { n, m, h, time, seq, key } = conversation;
      this.#sql.updateConversation.run(n, m, Buffer.from(h, 'hex'), time, seq, key);
      this.#dirty.delete(conversation);
    }
    this.#sql.setFolded.run(oldest);
    this.#undo.push(() => {
      // In front again, where the oldest are.
      const rest = [...this.#dirty];
      this.#dirty.clear();
      for (const [conversation, since] of [...folded, ...rest]) this.#dirty.set(conversation, since);
    });
  }

  /** The transaction is durable. */
  committed(): void {
    this.#undo = [];
    this.#touched.clear();
  }

  /** The transaction was rolled back. */
  rolledBack(): void {
    for (const undo of this.#undo.reverse()) undo();
    this.#known.clear();
    this.committed();
  }

  /** Key of a user, made on first mention. */
  userKey(id: string): number {
    const remembered = this.#users.get(id);
    if (remembered !== undefined) return remembered;
    const row = this.#sql.user.get(id) as { key: number } | undefined;
    const key = row ? row.key : Number(this.#sql.insertUser.run(id).lastInsertRowid);
    if (!row) this.#undo.push(() => this.#users.delete(id));
    if (this.#users.size >= USERS) this.#users.delete(this.#users.keys().next().value!);
    this.#users.set(id, key);
    return key;
  }

  /** Key of a user, 0 where nobody mentioned them: asking about strangers leaves no trace. */
  keyIfThere(id: string): number {
    return this.#users.get(id) ?? (this.#sql.user.get(id) as { key: number } | undefined)?.key ?? 0;
  }

  membership(conversation: Conversation, user: string): 'member' | 'former' | 'never' {
    if (conversation.members.has(user)) return 'member';
    return this.#sql.intervals.get(conversation.key, this.keyIfThere(user)) ? 'former' : 'never';
  }

  /** Was a member when place n was written. */
  maySee(conversation: Conversation, user: string, n: number): boolean {
    if ((conversation.members.get(user)?.from ?? Number.POSITIVE_INFINITY) <= n) return true;
    const intervals = this.#sql.intervals.all(conversation.key, this.keyIfThere(user)) as unknown as {
      from_n: number;
      until_n: number | null;
    }[];
    return intervals.some(({ from_n, until_n }) => n >= from_n && (until_n === null || n < until_n));
  }

  /** Has a profile. */
  knows(user: string): boolean {
    if (this.#known.has(user)) return true;
    if (!this.#sql.profile.get(KIND.profile, this.keyIfThere(user))) return false;
    if (this.#known.size >= USERS) this.#known.clear();
    this.#known.add(user);
    return true;
  }

  #remember(conversation: Conversation): Conversation {
    if (this.#conversations.size >= CONVERSATIONS) {
      for (const [oldest, state] of this.#conversations) {
        // What is not in its row yet is known here alone.
        if (this.#dirty.has(state)) continue;
        this.#conversations.delete(oldest);
        break;
      }
    }
    this.#conversations.set(conversation.id, conversation);
    return conversation;
  }
}

function lastJoin(members: ReadonlyMap<string, Membership>): number {
  let last = 0;
  for (const { from } of members.values()) if (from > last) last = from;
  return last;
}
