import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';
import { hexOf } from './compact.ts';
import type { LogView } from './rules.ts';
import { KIND } from './schema.ts';

/** A conversation's folded state, as of the last entry of the running transaction. */
export interface Conversation {
  key: number;
  n: number;
  m: number;
  h: string;
  time: number;
  /** Current members, by user id. Replaced, never changed. */
  members: ReadonlySet<string>;
  /** Its row is older than this. */
  dirty: boolean;
}

const CONVERSATIONS = 20_000;
const USERS = 100_000;

/**
 * Folded state with a bounded memory of it. Valid within the one writer; after a rollback everything remembered is
 * forgotten and read again.
 */
export class Folded implements LogView {
  readonly #conversations = new Map<string, Conversation>();
  readonly #users = new Map<string, number>();
  readonly #known = new Set<string>();
  readonly #dirty = new Set<Conversation>();
  readonly #statements: Record<
    | 'conversation'
    | 'members'
    | 'insertConversation'
    | 'updateConversation'
    | 'insertMember'
    | 'interval'
    | 'user'
    | 'insertUser'
    | 'profile',
    StatementSyncInstance
  >;

  constructor(db: DatabaseSyncInstance) {
    this.#statements = {
      conversation: db.prepare('SELECT key, n, m, h, time FROM conversations WHERE id = ?'),
      members: db.prepare(
        'SELECT users.id FROM members JOIN users ON users.key = members.user WHERE conv = ? AND until_n IS NULL',
      ),
      insertConversation: db.prepare(
        'INSERT INTO conversations (id, form, n, m, h, time, seq) VALUES (?, ?, 0, 0, zeroblob(8), 0, 0)',
      ),
      updateConversation: db.prepare(
        'UPDATE conversations SET n = ?, m = ?, h = ?, time = ?, seq = ? WHERE key = ?',
      ),
      insertMember: db.prepare('INSERT INTO members (conv, user, from_n, from_seq) VALUES (?, ?, ?, ?)'),
      interval: db.prepare('SELECT from_n, until_n FROM members WHERE conv = ? AND user = ?'),
      user: db.prepare('SELECT key FROM users WHERE id = ?'),
      insertUser: db.prepare('INSERT INTO users (id) VALUES (?)'),
      profile: db.prepare('SELECT seq FROM registers WHERE conv = 0 AND kind = ? AND user = ?'),
    };
  }

  conversation(id: string): Conversation | undefined {
    const remembered = this.#conversations.get(id);
    if (remembered) return remembered;
    const row = this.#statements.conversation.get(id) as
      | { key: number; n: number; m: number; h: Uint8Array; time: number }
      | undefined;
    if (!row) return undefined;
    const rows = this.#statements.members.all(row.key) as unknown as { id: string }[];
    return this.#remember(id, {
      ...row,
      h: hexOf(row.h),
      members: new Set(rows.map((one) => one.id)),
      dirty: false,
    });
  }

  create(id: string, form: string): Conversation {
    const { lastInsertRowid } = this.#statements.insertConversation.run(id, form);
    const fresh = {
      key: Number(lastInsertRowid),
      n: 0,
      m: 0,
      h: '',
      time: 0,
      members: new Set<string>(),
      dirty: false,
    };
    return this.#remember(id, fresh);
  }

  join(conversation: Conversation, users: readonly string[], seq: number): void {
    for (const user of users)
      this.#statements.insertMember.run(conversation.key, this.userKey(user), conversation.n, seq);
    conversation.members = new Set([...conversation.members, ...users]);
  }

  touch(conversation: Conversation): void {
    conversation.dirty = true;
    this.#dirty.add(conversation);
  }

  /** Writes the heads that changed; part of the transaction. */
  flush(seq: number): void {
    for (const one of this.#dirty) {
      this.#statements.updateConversation.run(
        one.n,
        one.m,
        Buffer.from(one.h, 'hex'),
        one.time,
        seq,
        one.key,
      );
      one.dirty = false;
    }
    this.#dirty.clear();
  }

  /** Key of a user, made on first mention. */
  userKey(id: string): number {
    const remembered = this.#users.get(id);
    if (remembered !== undefined) return remembered;
    const row = this.#statements.user.get(id) as { key: number } | undefined;
    const key = row ? row.key : Number(this.#statements.insertUser.run(id).lastInsertRowid);
    if (this.#users.size >= USERS) this.#users.delete(this.#users.keys().next().value!);
    this.#users.set(id, key);
    return key;
  }

  /** Key of a user, 0 where nobody mentioned them: asking about strangers leaves no trace. */
  #keyIfThere(id: string): number {
    return this.#users.get(id) ?? (this.#statements.user.get(id) as { key: number } | undefined)?.key ?? 0;
  }

  membership(conv: string, user: string): 'member' | 'former' | 'never' {
    const conversation = this.conversation(conv);
    if (!conversation) return 'never';
    if (conversation.members.has(user)) return 'member';
    return this.#statements.interval.get(conversation.key, this.#keyIfThere(user)) ? 'former' : 'never';
  }

  maySee(conv: string, user: string, n: number): boolean {
    const conversation = this.conversation(conv);
    if (!conversation) return false;
    const intervals = this.#statements.interval.all(conversation.key, this.#keyIfThere(user)) as unknown as {
      from_n: number;
      until_n: number | null;
    }[];
    return intervals.some(({ from_n, until_n }) => n >= from_n && (until_n === null || n < until_n));
  }

  knows(user: string): boolean {
    if (this.#known.has(user)) return true;
    if (!this.#statements.profile.get(KIND.profile, this.#keyIfThere(user))) return false;
    if (this.#known.size >= USERS) this.#known.clear();
    this.#known.add(user);
    return true;
  }

  forget(): void {
    this.#conversations.clear();
    this.#users.clear();
    this.#known.clear();
    this.#dirty.clear();
  }

  #remember(id: string, conversation: Conversation): Conversation {
    if (this.#conversations.size >= CONVERSATIONS) {
      for (const [oldest, state] of this.#conversations) {
        // What this transaction changed is not in its row yet.
        if (state.dirty) continue;
        this.#conversations.delete(oldest);
        break;
      }
    }
    this.#conversations.set(id, conversation);
    return conversation;
  }
}
