import { chainLink, contentHash, contentOf } from '@matchbook/protocol/chain';
import type { Append } from '@matchbook/protocol/entries';
import type { Failure } from '@matchbook/protocol/failures';
import type { InternalItem } from '@matchbook/protocol/http';
import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';
import { hexOf, packId } from './compact.ts';
import type { HitFailpoint } from './failpoint.ts';
import { type Conversation, Folded } from './folded.ts';
import type {
  AppendLimits,
  AppendRequest,
  Committed,
  DeliveredRequest,
  EntryPlace,
  FoldedState,
  GroupResult,
  ItemOutcome,
  LogHead,
  LogRequest,
  SavedRequest,
} from './messages.ts';
import { Registers } from './registers.ts';
import { storedBody } from './rows.ts';
import { contentRefusal, invalidText, refusal } from './rules.ts';
import { openLog, readMeta } from './schema.ts';
import { Tail } from './tail.ts';

export interface LogOptions {
  path: string;
  limits: AppendLimits;
  /** Wall clock, ms. */
  now: () => number;
  hit?: HitFailpoint;
}

/** Above this many members nobody's delivered position is written. */
const DELIVERED_MEMBERS = 64;
/** Pages of WAL after which it is copied back, and after which it is cut as well (64 MB of 4 KB pages). */
const PAGE = 4_096;
const CHECKPOINT_PAGES = 4_000;
const TRUNCATE_PAGES = 16_000;

/**
 * The log and its only writer. `commit` runs one group as one transaction; what it answers is durable. Not thread safe: one
 * process holds the lock, one thread in it the log.
 */
export class Log {
  readonly #db: DatabaseSyncInstance;
  readonly #folded: Folded;
  readonly #tail: Tail;
  readonly #registers: Registers;
  readonly #limits: AppendLimits;
  readonly #now: () => number;
  readonly #hit: HitFailpoint;
  readonly #sql: Record<
    | 'begin'
    | 'commit'
    | 'lookup'
    | 'insertId'
    | 'messagesAt'
    | 'setMeta'
    | 'dead'
    | 'scratch'
    | 'checkpoint'
    | 'truncate',
    StatementSyncInstance
  >;
  #epochStart: number;
  #savedSeq: number;
  #committed: Committed[] = [];
  #pagesSince = 0;

  constructor({ path, limits, now, hit = () => {} }: LogOptions) {
    this.#db = openLog(path);
    this.#limits = limits;
    this.#now = now;
    this.#hit = hit;
    this.#folded = new Folded(this.#db);
    this.#tail = new Tail(this.#db);
    this.#registers = new Registers(this.#db, this.#folded, this.#tail);
    const sql = (text: string) => this.#db.prepare(text);
    this.#sql = {
      begin: sql('BEGIN IMMEDIATE'),
      commit: sql('COMMIT'),
      lookup: sql('SELECT conv, n, m, h, time, hash FROM ids WHERE sender = ? AND id = ?'),
      insertId: sql(
        'INSERT INTO ids (sender, id, seq, conv, n, m, h, time, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
      ),
      messagesAt: sql('SELECT seq, m, h, time FROM log WHERE conv = ? AND n = ?'),
      setMeta: sql('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)'),
      dead: sql('INSERT OR REPLACE INTO dead_letters (seq, reason, time) VALUES (?, ?, ?)'),
      scratch: sql('INSERT OR REPLACE INTO scratch (key, time) VALUES (1, ?)'),
      checkpoint: sql('PRAGMA wal_checkpoint(PASSIVE)'),
      truncate: sql('PRAGMA wal_checkpoint(TRUNCATE)'),
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
    return { head: this.#tail.head, epochStart: this.#epochStart, savedSeq: this.#savedSeq, conversations };
  }

  /**
   * One group, one transaction, one sync. Answers after COMMIT has returned; throws where nothing of it was stored, with
   * this log as it was before.
   */
  commit(requests: readonly LogRequest[]): GroupResult {
    const before = { head: this.#tail.head, epochStart: this.#epochStart, savedSeq: this.#savedSeq };
    this.#committed = [];
    try {
      this.#sql.begin.run();
      const outcomes = requests.map((request) => this.#run(request));
      this.#folded.flush(this.#tail.head.seq);
      this.#hit('before_commit');
      this.#sql.commit.run();
      this.#hit('after_commit');
      return { outcomes, committed: this.#committed, head: this.#tail.head };
    } catch (error) {
      this.#tail.moveTo(before.head);
      ({ epochStart: this.#epochStart, savedSeq: this.#savedSeq } = before);
      this.#folded.forget();
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw error;
    }
  }

  /** Bounds the WAL; called between groups. */
  checkpoint(): void {
    // An estimate: its text twice over and a quarter of a page in all its trees for each row, and the inner pages of a group.
    let bytes = 16 * PAGE;
    for (const { json } of this.#committed) bytes += 2 * json.length + PAGE / 4;
    this.#pagesSince += bytes / PAGE;
    if (this.#pagesSince < CHECKPOINT_PAGES) return;
    this.#pagesSince = 0;
    const { log } = this.#sql.checkpoint.get() as { log: number };
    if (log > TRUNCATE_PAGES) this.#sql.truncate.get();
  }

  close(): void {
    this.#db.close();
  }

  #run(request: LogRequest): ItemOutcome[] {
    switch (request.type) {
      case 'append':
        return request.items.map((item) => this.#append(request, item));
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
      case 'epoch':
        this.#newEpoch(request.above);
        return [];
    }
  }

  #append({ user, device, conv }: Omit<AppendRequest, 'type' | 'items'>, item: Append): ItemOutcome {
    const { id } = item;
    const fail = (failure: Failure): ItemOutcome => ({ ok: false, id, failure });
    const content = contentOf(item);
    const faulty = contentRefusal(item, this.#limits);
    if (faulty) return fail(faulty);
    const hash = content && contentHash(conv, content);
    const sender = this.#folded.userKey(user);
    if (hash) {
      const known = this.#sql.lookup.get(sender, packId(id)) as
        | { conv: number; n: number; m: number; h: Uint8Array; time: number; hash: Uint8Array }
        | undefined;
      if (known) {
        if (!Buffer.from(known.hash).equals(hash))
          return fail({ kind: 'id_conflict', message: 'This id was used for other content.', field: 'id' });
        return { ok: true, id, place: { n: known.n, m: known.m, h: hexOf(known.h), time: known.time } };
      }
    }
    const refused = refusal({ conv, sender: user, item }, this.#folded, this.#limits);
    if (refused) return fail(refused);
    if (item.kind === 'read') {
      this.#position('read', conv, user, item.n);
      return { ok: true, id };
    }
    const existing = this.#folded.conversation(conv);
    if (item.kind === 'create') {
      if (existing) return { ok: true, id, place: this.#creationAgain(existing, sender, id, hash!) };
      const fresh = this.#folded.create(conv, item.form);
      const place = this.#entry(
        fresh,
        { conv, user, device, id, kind: 'create', hash: hash! },
        item.form,
        item.members,
      );
      return { ok: true, id, place };
    }
    const place = this.#entry(
      existing!,
      { conv, user, device, id, kind: 'message', hash: hash! },
      item.body.type,
      item.body,
    );
    return { ok: true, id, place };
  }

  /** A direct conversation has one creation; later ones are told where it is, and their ids are used up all the same. */
  #creationAgain(conversation: Conversation, sender: number, id: string, hash: Uint8Array): EntryPlace {
    const first = this.#sql.messagesAt.get(conversation.key, 1) as {
      seq: number;
      m: number;
      h: Uint8Array;
      time: number;
    };
    this.#sql.insertId.run(
      sender,
      packId(id),
      first.seq,
      conversation.key,
      1,
      first.m,
      first.h,
      first.time,
      hash,
    );
    return { n: 1, m: first.m, h: hexOf(first.h), time: first.time };
  }

  #entry(
    conversation: Conversation,
    about: {
      conv: string;
      user: string;
      device: string;
      id: string;
      kind: 'create' | 'message';
      hash: Uint8Array;
    },
    type: string,
    content: { type: string; text: string } | { type: string; data: string } | string[],
  ): EntryPlace {
    const { conv, user, device, id, kind, hash } = about;
    conversation.h = chainLink(conversation.n === 0 ? null : conversation.h, id, kind, hash);
    conversation.n += 1;
    if (kind === 'message') conversation.m += 1;
    conversation.time = Math.max(conversation.time, this.#now());
    this.#folded.touch(conversation);
    const { n, m, h, time } = conversation;
    const packed = packId(id);
    const chain = Buffer.from(h, 'hex');
    const sender = this.#folded.userKey(user);
    const body = Array.isArray(content) ? JSON.stringify(content) : storedBody(content);
    const { seq, running } = this.#tail.append(hash, {
      kind,
      conv: conversation.key,
      n,
      m,
      h: chain,
      id: packed,
      sender,
      device,
      time,
      hash,
      type,
      body,
    });
    this.#sql.insertId.run(sender, packed, seq, conversation.key, n, m, chain, time, hash);
    this.#hit('after_insert');
    const place = { n, m, h, time };
    const said = { conv, n, m, h, id, sender: user, time };
    const committed: Committed = { seq, running, conv, user, entry: { ...place, id, kind }, json: '' };
    if (Array.isArray(content)) {
      this.#folded.join(conversation, content, seq);
      committed.json = JSON.stringify({ ...said, kind, form: type, members: content });
      committed.members = content;
      // A member of a new conversation may never have heard of the others.
      committed.beside = this.#registers.profiles(content);
    } else {
      committed.json = JSON.stringify({ ...said, kind, body: content });
    }
    this.#committed.push(committed);
    return place;
  }

  #internal(item: InternalItem): ItemOutcome {
    if (item.kind === 'create') {
      const { sender, conv, ...append } = item;
      return this.#append({ user: sender, device: 'api', conv }, append as Append);
    }
    const refused = invalidText(item.name, 'name');
    if (refused) return { ok: false, id: item.id, failure: refused };
    this.#push(this.#registers.setProfile(item.user, item.name, this.#now()));
    return { ok: true, id: item.id };
  }

  #delivered({ positions }: DeliveredRequest): void {
    for (const { conv, user, n } of positions) {
      const conversation = this.#folded.conversation(conv);
      if (!conversation || conversation.members.size > DELIVERED_MEMBERS) continue;
      if (n <= conversation.n && this.#folded.maySee(conv, user, n))
        this.#position('delivered', conv, user, n);
    }
  }

  #position(reg: 'delivered' | 'read', conv: string, user: string, n: number): void {
    const { key } = this.#folded.conversation(conv)!;
    const { m } = this.#sql.messagesAt.get(key, n) as { m: number };
    this.#push(this.#registers.setPosition(reg, conv, user, { n, m, time: this.#now() }));
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
