import { contentHash, contentOf } from '@matchbook/protocol/chain';
import type { Append, AppendEntry, AppendRegister } from '@matchbook/protocol/entries';
import type { Failure } from '@matchbook/protocol/failures';
import type { InternalItem } from '@matchbook/protocol/http/appending';
import { LIMITS } from '@matchbook/protocol/limits';
import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';
import { contentRefusal, invalidText } from './body-rules.ts';
import { Checkpoints } from './checkpoints.ts';
import { hexOf, packId } from './compact.ts';
import { type Author, Entries } from './entries.ts';
import type { HitFailpoint } from './failpoint.ts';
import { Folded } from './folded.ts';
import { digest } from './marks.ts';
import type {
  AppendLimits,
  Committed,
  DeliveredRequest,
  FoldedState,
  GroupResult,
  ItemOutcome,
  LogHead,
  LogRequest,
  SavedRequest,
} from './messages.ts';
import { Places } from './places.ts';
import { Registers } from './registers.ts';
import { type LogView, refusal } from './rules.ts';
import { KIND, openLog, readMeta } from './schema.ts';
import { Tail } from './tail.ts';
import { trim } from './trim.ts';

export interface LogOptions {
  path: string;
  limits: AppendLimits;
  /** Wall clock, ms. */
  now: () => number;
  hit?: HitFailpoint;
}

/** What is known of an append beyond what a device says. */
interface Caused {
  anyId?: boolean;
  asked?: boolean;
  /** Whom the rules are asked about where it is not the author. */
  by?: string;
}

/**
 * The log and its only writer. `commit` runs one group as one transaction; what it answers is durable. Not thread safe: one
 * process holds the lock, one thread in it the log.
 */
export class Log {
  readonly #db: DatabaseSyncInstance;
  readonly #folded: Folded;
  readonly #tail: Tail;
  readonly #places: Places;
  readonly #registers: Registers;
  readonly #entries: Entries;
  readonly #checkpoints: Checkpoints;
  readonly #limits: AppendLimits;
  readonly #now: () => number;
  readonly #hit: HitFailpoint;
  readonly #view: LogView;
  readonly #sql: Record<
    'begin' | 'commit' | 'setMeta' | 'dead' | 'alive' | 'scratch' | 'revoke' | 'forgetRevoked',
    StatementSyncInstance
  >;
  #epochStart: number;
  #savedSeq: number;
  #committed: Committed[] = [];
  #repeated = 0;

  constructor({ path, limits, now, hit = () => {} }: LogOptions) {
    this.#db = openLog(path);
    this.#limits = limits;
    this.#now = now;
    this.#hit = hit;
    this.#folded = new Folded(this.#db);
    this.#tail = new Tail(this.#db);
    this.#places = new Places(this.#db);
    this.#registers = new Registers(this.#db, this.#folded, this.#tail);
    this.#checkpoints = new Checkpoints(this.#db);
    const [folded, tail, places, registers] = [this.#folded, this.#tail, this.#places, this.#registers];
    this.#entries = new Entries(this.#db, { folded, tail, registers, places, now, hit });
    this.#view = {
      membership: (conversation, user) => folded.membership(conversation, user),
      maySee: (conversation, user, n) => folded.maySee(conversation, user, n),
      knows: (user) => folded.knows(user),
      blocks: (owner, other) => registers.blocks(owner, other),
      entryAt: (conversation, n) => this.#entries.at(conversation, n),
    };
    const sql = (text: string) => this.#db.prepare(text);
    this.#sql = {
      begin: sql('BEGIN IMMEDIATE'),
      commit: sql('COMMIT'),
      setMeta: sql('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)'),
      alive: sql('DELETE FROM dead_letters WHERE seq = ?'),
      dead: sql('INSERT OR REPLACE INTO dead_letters (seq, reason, time) VALUES (?, ?, ?)'),
      scratch: sql('INSERT OR REPLACE INTO scratch (key, time) VALUES (1, ?)'),
      revoke: sql('INSERT OR IGNORE INTO revoked (session, user, time) VALUES (?, ?, ?)'),
      forgetRevoked: sql('DELETE FROM revoked WHERE time < ?'),
    };
    this.#epochStart = Number(readMeta(this.#db, 'epoch_start') ?? 0);
    this.#savedSeq = Number(readMeta(this.#db, 'saved_seq') ?? 0);
    // The first row of an epoch is its own, so that there always is a head to point at.
    if (this.#tail.head.seq === 0) this.commit([{ type: 'epoch', above: 0 }]);
  }

  get head(): LogHead {
    return this.#tail.head;
  }

  /** Reads folded state only, never the log. */
  folded(): FoldedState {
    const rows = this.#db
      .prepare(
        `SELECT conversations.id AS conv, users.id AS user FROM members JOIN conversations ON conversations.key = members.conv
         JOIN users ON users.key = members.user WHERE until_n IS NULL ORDER BY members.conv`,
      )
      .all() as unknown as { conv: string; user: string }[];
    const conversations: [string, string[]][] = [];
    for (const { conv, user } of rows) {
      const last = conversations.at(-1);
      if (last?.[0] === conv) last[1].push(user);
      else conversations.push([conv, [user]]);
    }
    const blocks = this.#db
      .prepare(
        `SELECT users.id AS owner, others.id AS other FROM registers JOIN log ON log.seq = registers.seq
         JOIN users ON users.key = registers.user JOIN users AS others ON others.key = registers.target
         WHERE registers.conv = 0 AND registers.kind = ${KIND.block} AND log.position = 1`,
      )
      .all() as unknown as { owner: string; other: string }[];
    const revoked = this.#db
      .prepare('SELECT session FROM revoked WHERE time >= ? ORDER BY time')
      .all(this.#now() - LIMITS.revokedFor) as unknown as { session: string }[];
    return {
      head: this.#tail.head,
      epochStart: this.#epochStart,
      savedSeq: this.#savedSeq,
      revoked: revoked.map((one) => one.session),
      conversations,
      blocks: blocks.map(({ owner, other }) => [owner, other]),
    };
  }

  /**
   * One group, one transaction, one sync. Answers after COMMIT has returned; throws where nothing of it was stored, with
   * this log as it was before.
   */
  commit(requests: readonly LogRequest[]): GroupResult {
    const before = { head: this.#tail.head, epochStart: this.#epochStart, savedSeq: this.#savedSeq };
    this.#committed = [];
    this.#repeated = 0;
    try {
      this.#sql.begin.run();
      const outcomes = requests.map((request) => this.#run(request));
      this.#folded.fold(this.#tail.head.seq);
      this.#hit('before_commit');
      this.#sql.commit.run();
      this.#hit('after_commit');
      this.#folded.committed();
      return { outcomes, committed: this.#committed, head: this.#tail.head, repeated: this.#repeated };
    } catch (error) {
      this.#tail.moveTo(before.head);
      ({ epochStart: this.#epochStart, savedSeq: this.#savedSeq } = before);
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      this.#folded.rolledBack();
      throw error;
    }
  }

  /** Bounds the WAL; called between groups. */
  checkpoint(): void {
    this.#checkpoints.after(this.#committed);
  }

  close(): void {
    this.#db.close();
  }

  #run(request: LogRequest): ItemOutcome[] {
    switch (request.type) {
      case 'append': {
        const { user, conv, peer = 0 } = request;
        return request.items.map((item) => this.#append({ user, peer }, conv, item));
      }
      case 'internal':
        return request.items.map((item) => this.#internal(item));
      case 'delivered':
        this.#delivered(request);
        return [];
      case 'saved':
        this.#saved(request);
        return [];
      case 'probe':
        this.#sql.scratch.run(this.#now());
        return [];
      case 'trim':
        return trim(this.#db, { ...request, savedSeq: this.#savedSeq }) ? [{ ok: true, id: 'more' }] : [];
      case 'epoch':
        this.#newEpoch(request.above);
        return [];
    }
  }

  #append(author: Author, conv: string, item: Append, more: Caused = {}): ItemOutcome {
    const { id } = item;
    const { user } = author;
    const fail = (failure: Failure): ItemOutcome => ({ ok: false, id, failure });
    const faulty = contentRefusal(item, this.#limits);
    if (faulty) return fail(faulty);
    const content = contentOf(item);
    const hash = content && contentHash(conv, content, digest);
    if (hash) {
      const known = this.#entries.claim(user, id, hash);
      if (known === 'conflict')
        return fail({ kind: 'id_conflict', message: 'This id was used for other content.', field: 'id' });
      if (known) {
        this.#repeated += 1;
        return { ok: true, id, place: known };
      }
    }
    const conversation = this.#folded.conversation(conv);
    const { anyId = false, asked = false, by = user } = more;
    const refused = refusal({ conv, conversation, sender: by, item, anyId, asked }, this.#view, this.#limits);
    if (refused) {
      if (hash) this.#entries.unclaim(user, id);
      return fail(refused);
    }
    if (!hash) return this.#register(item as AppendRegister, conv, user);
    if (item.kind === 'create' && conversation)
      return { ok: true, id, place: this.#entries.creationAgain(conversation, user, id, hash) };
    const there = item.kind === 'create' ? this.#folded.create(conv, item.form) : conversation!;
    const { place, committed } = this.#entries.write(there, author, item as AppendEntry, hash);
    this.#committed.push(committed);
    return { ok: true, id, place };
  }

  #register(item: AppendRegister, conv: string, user: string): ItemOutcome {
    const conversation = this.#folded.conversation(conv);
    const { id } = item;
    if (item.kind === 'read') {
      this.#position('read', conv, user, item.n);
      return { ok: true, id };
    }
    const set = this.#registers.setOwn(item, packId(id), conversation, user, this.#now());
    if ('conflict' in set) {
      const failure: Failure = { kind: 'conflict', message: 'It was changed meanwhile.', field: 'replaces' };
      return { ok: false, id, failure, ...(set.conflict === null ? {} : { present: set.conflict }) };
    }
    this.#push(set.committed);
    return { ok: true, id, register: set.register };
  }

  #internal(item: InternalItem): ItemOutcome {
    switch (item.kind) {
      case 'create':
      case 'message':
      case 'member_add': {
        const { sender, conv, ...append } = item;
        const anyId = item.kind === 'create' && item.anyId === true;
        const asked = item.kind === 'member_add' || (item.kind === 'create' && !anyId);
        // Who comes by an invitation says so themselves, and the rules are asked whether its maker may bring them in.
        const user = (item.kind === 'member_add' && item.users.length === 1 && item.users[0]) || sender;
        return this.#append({ user, peer: 0 }, conv, append as Append, { anyId, asked, by: sender });
      }
      case 'revoke':
        this.#revoke(item.user, item.session);
        return { ok: true, id: item.id };
      case 'saved':
        this.#sql.alive.run(item.seq);
        return { ok: true, id: item.id };
      case 'profile': {
        const { id, kind: _, user, ...facts } = item;
        const refused =
          invalidText(facts.name, 'name') ?? invalidText(facts.status?.text ?? '', 'status.text');
        if (refused) return { ok: false, id, failure: refused };
        this.#push(this.#registers.setProfile(user, facts, this.#now()));
        return { ok: true, id: item.id };
      }
    }
  }

  /** Idempotent: a session ends once. */
  #revoke(user: string, session: string): void {
    const key = this.#folded.userKey(user);
    this.#sql.forgetRevoked.run(this.#now() - LIMITS.revokedFor);
    if (Number(this.#sql.revoke.run(session, key, this.#now()).changes) === 0) return;
    const bytes = Buffer.from(`revoke\0${user}\0${session}`);
    const time = this.#now();
    const { seq, running } = this.#tail.append(bytes, { kind: 'revoke', sender: key, body: session, time });
    const nothing = { json: '', hash: '', n: 0, peer: 0, cut: 0 };
    this.#committed.push({ seq, running, ...nothing, conv: null, user, to: 'owner', revoked: session });
  }

  #delivered({ positions }: DeliveredRequest): void {
    for (const { conv, user, n } of positions) {
      const conversation = this.#folded.conversation(conv);
      if (!conversation || conversation.members.size > LIMITS.smallGroup) continue;
      if (n <= conversation.n && this.#folded.maySee(conversation, user, n))
        this.#position('delivered', conv, user, n);
    }
  }

  #position(reg: 'delivered' | 'read', conv: string, user: string, n: number): void {
    const conversation = this.#folded.conversation(conv)!;
    const m = this.#folded.messagesAt(conversation, n) ?? this.#places.find(conversation, n)!.m;
    this.#push(this.#registers.setPosition(reg, conversation, user, { n, m, time: this.#now() }));
  }

  #push(committed: Committed | null): void {
    if (committed) this.#committed.push(committed);
  }

  #saved({ seq, dead }: SavedRequest): void {
    for (const letter of dead) this.#sql.dead.run(letter.seq, letter.reason, this.#now());
    this.#savedSeq = seq;
    this.#sql.setMeta.run('saved_seq', seq);
  }

  #newEpoch(above: number): void {
    const { head } = this.#tail;
    const first = head.seq === 0 && above === 0;
    const epoch = first ? head.epoch : hexOf(crypto.getRandomValues(new Uint8Array(8)));
    this.#tail.moveTo({ ...head, epoch, seq: Math.max(head.seq, above) });
    const { seq } = this.#tail.append(Buffer.from(epoch, 'hex'), { kind: 'epoch', time: this.#now() });
    this.#epochStart = seq;
    this.#savedSeq = 0;
    this.#sql.setMeta.run('epoch', Buffer.from(epoch, 'hex'));
    this.#sql.setMeta.run('epoch_start', seq);
    this.#sql.setMeta.run('saved_seq', 0);
  }
}
