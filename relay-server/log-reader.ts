import { decodeCursor } from '@matchbook/protocol/cursor';
import type { Failure } from '@matchbook/protocol/failures';
import type { Head, SavedItem } from '@matchbook/protocol/frames';
import { LIMITS } from '@matchbook/protocol/limits';
import { DatabaseSync, type DatabaseSyncInstance, type StatementSyncInstance } from '@photostructure/sqlite';
import type {
  Batch,
  DelayedEntry,
  HeadsAnswer,
  PageAnswer,
  Position,
  ReadAnswers,
  ReadRequest,
  Walk,
} from './reader-messages.ts';
import { hexOf, packId, unpackId } from './sequencer/compact.ts';
import { itemOf, type LogRow, ROW_SELECT, saveItemOf } from './sequencer/rows.ts';
import { mustBeMember } from './sequencer/rules.ts';
import { KIND, readMeta } from './sequencer/schema.ts';

/** Bytes of one save batch; one larger item travels alone. */
const SAVE_BYTES = 1024 * 1024;
/** Places of a conversation that are looked at for a lost confirm. */
const STORED_PLACES = 64;
/** Rows that one pass over the log looks at. */
const SCAN_ROWS = 2_000;

interface Membership {
  conv: number;
  id: string;
  form: string;
  n: number;
  m: number;
  h: Uint8Array;
  time: number;
  seq: number;
  from_n: number;
  from_seq: number;
  until_n: number | null;
  until_seq: number | null;
}

/**
 * The log as devices and the persister read it, over a connection that cannot write. Each answer is one consistent snapshot.
 * Membership is judged as of each entry: an interval holds the seqs and the ns between joining and leaving.
 */
export class LogReader {
  readonly #db: DatabaseSyncInstance;
  readonly #sql: Record<
    | 'row'
    | 'running'
    | 'head'
    | 'user'
    | 'memberships'
    | 'touched'
    | 'place'
    | 'range'
    | 'positions'
    | 'profiles'
    | 'profile'
    | 'members'
    | 'after'
    | 'lookup'
    | 'dead'
    | 'conv'
    | 'undelivered'
    | 'lastOfOthers',
    StatementSyncInstance
  >;

  constructor(path: string) {
    this.#db = new DatabaseSync(path, { readOnly: true, timeout: 2_000 });
    this.#db.exec('PRAGMA query_only = 1; PRAGMA cache_size = -65536');
    const sql = (text: string) => this.#db.prepare(text);
    const memberships = `SELECT conversations.key AS conv, conversations.id, form, n, m, h, time, conversations.seq,
        from_n, from_seq, until_n, until_seq
      FROM members JOIN conversations ON conversations.key = members.conv WHERE members.user = ?`;
    const sharing = `SELECT DISTINCT registers.seq FROM members AS mine
      JOIN members AS other ON other.conv = mine.conv AND other.until_n IS NULL
      JOIN registers ON registers.conv = 0 AND registers.kind = ${KIND.profile} AND registers.user = other.user
      WHERE mine.user = ?1 AND mine.until_n IS NULL`;
    this.#sql = {
      row: sql(`${ROW_SELECT} WHERE log.seq = ?`),
      running: sql('SELECT r FROM log WHERE seq = ?'),
      head: sql('SELECT seq, r FROM log ORDER BY seq DESC LIMIT 1'),
      user: sql('SELECT key FROM users WHERE id = ?'),
      memberships: sql(`${memberships} ORDER BY conversations.key, from_n`),
      touched: sql(`${memberships} AND conversations.seq > ?`),
      place: sql('SELECT seq FROM log WHERE conv = ? AND n = ?'),
      range: sql('SELECT seq FROM log WHERE conv = ? AND n >= ? AND n <= ? ORDER BY n'),
      positions: sql(
        `SELECT registers.seq FROM members JOIN registers ON registers.conv = members.conv
         WHERE members.user = ? AND members.until_n IS NULL AND registers.seq > ?`,
      ),
      profiles: sql(
        `${sharing} AND registers.seq > ?2 UNION SELECT seq FROM registers
         WHERE conv = 0 AND kind = ${KIND.profile} AND user = ?1 AND seq > ?2`,
      ),
      profile: sql(
        `SELECT registers.seq FROM members JOIN registers ON registers.conv = 0 AND registers.kind = ${KIND.profile}
         AND registers.user = members.user WHERE members.conv = ? AND members.until_n IS NULL`,
      ),
      members: sql(
        `SELECT users.id AS user, from_n, until_n FROM members JOIN users ON users.key = members.user
         WHERE members.conv = ? ORDER BY from_n, users.id`,
      ),
      after: sql(`${ROW_SELECT} WHERE log.seq > ? ORDER BY log.seq LIMIT ${SCAN_ROWS}`),
      lookup: sql('SELECT seq FROM ids WHERE sender = ? AND id = ?'),
      dead: sql('SELECT reason FROM dead_letters WHERE seq = ?'),
      conv: sql('SELECT key, n FROM conversations WHERE id = ?'),
      undelivered: sql(
        `SELECT conversations.key AS conv, conversations.id, form, conversations.n, conversations.m, conversations.h,
           conversations.time, conversations.seq, from_n, from_seq, until_n, until_seq, coalesce(log.position, 0) AS delivered
         FROM members JOIN conversations ON conversations.key = members.conv
         LEFT JOIN registers ON registers.conv = members.conv AND registers.kind = ${KIND.delivered}
           AND registers.user = members.user
         LEFT JOIN log ON log.seq = registers.seq
         WHERE members.user = ? AND until_n IS NULL AND coalesce(log.position, 0) < conversations.n`,
      ),
      lastOfOthers: sql('SELECT max(n) AS n FROM log WHERE conv = ? AND n > ? AND n <= ? AND sender <> ?'),
    };
  }

  answer<K extends ReadRequest['type']>(request: Extract<ReadRequest, { type: K }>): ReadAnswers[K] {
    this.#db.exec('BEGIN');
    try {
      return this.#answer(request) as ReadAnswers[K];
    } finally {
      this.#db.exec('COMMIT');
    }
  }

  close(): void {
    this.#db.close();
  }

  #answer(request: ReadRequest): ReadAnswers[ReadRequest['type']] {
    switch (request.type) {
      case 'position':
        return this.#position(request.user, request.cursor, request.farBehind);
      case 'walk':
        return this.#walk(request);
      case 'heads':
        return this.#heads(request.user);
      case 'page':
        return this.#page(request);
      case 'status':
        return this.#status(request);
      case 'batch':
        return this.#batch(request.after);
      case 'delayed':
        return this.#delayed(request);
    }
  }

  #head(): { seq: number; running: string } {
    const { seq, r } = this.#sql.head.get() as { seq: number; r: Uint8Array };
    return { seq, running: hexOf(r) };
  }

  #userKey(user: string): number {
    // Keys climb from 1; nobody has 0.
    return (this.#sql.user.get(user) as { key: number } | undefined)?.key ?? 0;
  }

  /** Where a device goes on from. `heads` where its cursor means nothing here or it is far behind. */
  #position(user: string, cursor: string | null, farBehind: number): Position {
    const key = this.#userKey(user);
    if (cursor === null) {
      return this.#behind(key, 0, farBehind) > farBehind
        ? { resume: 'heads' }
        : { resume: 'start', seq: 0, running: '0'.repeat(16) };
    }
    const at = decodeCursor(cursor);
    if (!at || at.epoch !== hexOf(readMeta(this.#db, 'epoch') as Uint8Array)) return { resume: 'heads' };
    const row = this.#sql.running.get(at.seq) as { r: Uint8Array } | undefined;
    if (!row || hexOf(row.r) !== at.running) return { resume: 'heads' };
    if (this.#behind(key, at.seq, farBehind) > farBehind) return { resume: 'heads' };
    return { resume: 'cursor', seq: at.seq, running: at.running, stored: this.#stored(key, at.seq) };
  }

  /**
   * What a cursor proves to be stored beyond the delivered positions: the confirm that would have said so may have been lost with
   * its connection. Looks at the last places of each conversation only; what lies further back was confirmed long ago.
   */
  #stored(user: number, seq: number): Map<string, number> {
    const stored = new Map<string, number>();
    for (const one of this.#sql.undelivered.all(user) as unknown as (Membership & { delivered: number })[]) {
      const to = one.seq <= seq ? one.n : this.#newPlaces(one, seq)[0] - 1;
      const from = Math.max(one.delivered, one.from_n - 1, to - STORED_PLACES);
      const row = this.#sql.lastOfOthers.get(one.conv, from, to, user) as { n: number | null };
      if (row.n !== null) stored.set(one.id, row.n);
    }
    return stored;
  }

  /** Entries of a user after a seq; stops counting once it is above `enough`. */
  #behind(user: number, seq: number, enough: number): number {
    let count = 0;
    for (const one of this.#touched(user, seq)) {
      const [from, to] = this.#newPlaces(one, seq);
      count += Math.max(0, to - from + 1);
      if (count > enough) break;
    }
    return count;
  }

  #touched(user: number, seq: number): Membership[] {
    return this.#sql.touched.all(user, seq) as unknown as Membership[];
  }

  /** The places of one membership that came after a seq. */
  #newPlaces(membership: Membership, seq: number): [from: number, to: number] {
    const { conv, from_n, from_seq, until_n, n } = membership;
    const to = until_n === null ? n : until_n - 1;
    if (from_seq > seq) return [from_n, to];
    // Places and seqs of a conversation climb together: halve until the first one after seq is found.
    let low = from_n;
    let high = to + 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      const { seq: there } = this.#sql.place.get(conv, middle) as { seq: number };
      if (there > seq) high = middle;
      else low = middle + 1;
    }
    return [low, to];
  }

  /** What a device has not got after `after`, in log order, as far as the credit goes. */
  #walk({ user, after, entries, bytes }: Extract<ReadRequest, { type: 'walk' }>): Walk {
    const head = this.#head();
    const key = this.#userKey(user);
    const plan: { at: number; seq: number }[] = [];
    for (const one of this.#touched(key, after)) {
      const [from, to] = this.#newPlaces(one, after);
      // One frame more than the credit allows can never be sent; the rest is planned when its turn comes.
      const last = Math.min(to, from + entries);
      for (const { seq } of this.#sql.range.all(one.conv, from, last) as unknown as { seq: number }[])
        plan.push({ at: seq, seq });
      if (one.from_seq > after) {
        for (const { seq } of this.#sql.profile.all(one.conv) as unknown as { seq: number }[])
          plan.push({ at: one.from_seq, seq });
      }
    }
    for (const statement of [this.#sql.positions, this.#sql.profiles])
      for (const { seq } of statement.all(key, after) as unknown as { seq: number }[])
        plan.push({ at: seq, seq });
    plan.sort((one, other) => one.at - other.at || other.seq - one.seq);

    const items: Walk['items'] = [];
    let size = 0;
    let upTo = { seq: after, running: '' };
    let complete = true;
    for (let i = 0; i < plan.length; i++) {
      const { at, seq } = plan[i]!;
      // What lies at one place of the walk is not torn apart: `at` must be done before upTo may name it.
      const fits = items.length === 0 || (items.length < entries && size < bytes);
      if (!fits && at !== upTo.seq) {
        complete = false;
        break;
      }
      const row = this.#sql.row.get(seq) as unknown as LogRow;
      const item = itemOf(row);
      if (!item) continue;
      const json = JSON.stringify(item);
      const running = hexOf((at === seq ? row : (this.#sql.running.get(at) as { r: Uint8Array })).r);
      const other = row.n !== null && row.sender !== user;
      items.push({ json, seq: at, running, place: other ? { conv: row.conv!, n: row.n! } : null });
      size += json.length;
      upTo = { seq: at, running };
    }
    return complete ? { items, upTo: head, behind: 0 } : { items, upTo, behind: head.seq - upTo.seq };
  }

  #heads(user: string): HeadsAnswer {
    const key = this.#userKey(user);
    const conversations: string[] = [];
    const registers: string[] = [];
    const byConversation = new Map<number, Membership[]>();
    for (const row of this.#sql.memberships.all(key) as unknown as Membership[]) {
      const known = byConversation.get(row.conv);
      if (known) known.push(row);
      else byConversation.set(row.conv, [row]);
    }
    for (const intervals of byConversation.values())
      conversations.push(JSON.stringify(this.#headOf(intervals)));
    const seqs = new Set<number>();
    for (const statement of [this.#sql.positions, this.#sql.profiles])
      for (const { seq } of statement.all(key, 0) as unknown as { seq: number }[]) seqs.add(seq);
    for (const seq of seqs) {
      const item = itemOf(this.#sql.row.get(seq) as unknown as LogRow);
      if (item) registers.push(JSON.stringify(item));
    }
    return { conversations, registers, upTo: this.#head() };
  }

  #headOf(intervals: Membership[]): Head {
    const { conv, id, form, n, m, h, time } = intervals[0]!;
    const members = this.#sql.members.all(conv) as unknown as {
      user: string;
      from_n: number;
      until_n: number | null;
    }[];
    const ranges = intervals.map((one): [number, number] => [
      one.from_n,
      one.until_n === null ? n : one.until_n - 1,
    ]);
    const head = {
      conv: id,
      form: form as Head['form'],
      members: members.map(({ user, from_n, until_n }) => ({
        user,
        since: from_n,
        ...(until_n === null ? {} : { until: until_n }),
      })),
      ranges,
    };
    const last = ranges.at(-1)![1];
    if (last === n) return { ...head, n, m, h: hexOf(h), time };
    const row = this.#sql.row.get(
      (this.#sql.place.get(conv, last) as { seq: number }).seq,
    ) as unknown as LogRow;
    return { ...head, n: last, m: row.m!, h: hexOf(row.h!), time: row.time };
  }

  /** The newest part of a range that the user may see without a gap. */
  #page({ user, conv, from, to }: Extract<ReadRequest, { type: 'page' }>): PageAnswer {
    const fail = (failure: Failure): PageAnswer => ({ ok: false, failure });
    const conversation = this.#sql.conv.get(conv) as { key: number; n: number } | undefined;
    const mine = (this.#sql.memberships.all(this.#userKey(user)) as unknown as Membership[]).filter(
      (one) => one.id === conv,
    );
    if (!conversation || mine.length === 0)
      return fail(mustBeMember(conv, user, { membership: () => 'never' })!);
    const interval = mine.find(
      (one) => to >= one.from_n && to <= (one.until_n === null ? one.n : one.until_n - 1),
    );
    if (!interval || from > to)
      return fail({ kind: 'unknown_place', message: 'There are no such places for you.', field: 'to' });
    const first = Math.max(from, interval.from_n, to - LIMITS.pageEntries + 1);
    const seqs = this.#sql.range.all(conversation.key, first, to) as unknown as { seq: number }[];
    const items: string[] = [];
    let size = 0;
    for (const { seq } of seqs.reverse()) {
      const json = JSON.stringify(itemOf(this.#sql.row.get(seq) as unknown as LogRow));
      size += json.length;
      if (items.length > 0 && size > LIMITS.bulkFrameBytes) break;
      items.push(json);
    }
    items.reverse();
    return { ok: true, from: to - items.length + 1, items };
  }

  #status({ user, ids, saved, delayed }: Extract<ReadRequest, { type: 'status' }>): SavedItem[] {
    const key = this.#userKey(user);
    return ids.map((id): SavedItem => {
      const row = this.#sql.lookup.get(key, packId(id)) as { seq: number } | undefined;
      if (!row) return { id, state: 'unknown' };
      const dead = this.#sql.dead.get(row.seq) as { reason: string } | undefined;
      if (dead) return { id, state: 'save_failed', reason: dead.reason };
      if (row.seq <= saved) return { id, state: 'saved' };
      return { id, state: row.seq <= delayed ? 'save_delayed' : 'pending' };
    });
  }

  /** The next batch for the API after a seq: items that still have a value, and how far it goes. */
  #batch(after: number): Batch {
    const head = this.#head().seq;
    const items: string[] = [];
    const entries: Batch['entries'] = [];
    let size = 0;
    let upTo = after;
    for (;;) {
      const rows = this.#sql.after.all(upTo) as unknown as LogRow[];
      for (const row of rows) {
        const item = saveItemOf(row);
        if (item) {
          const json = JSON.stringify(item);
          if (items.length >= LIMITS.groupEntries || (items.length > 0 && size + json.length > SAVE_BYTES))
            return { items, entries, upTo };
          items.push(json);
          size += json.length;
          if (item.scope === 'conversation') entries.push({ seq: row.seq, id: item.id, sender: item.sender });
        }
        upTo = row.seq;
      }
      // Rows without a value (replaced registers, epochs) are passed over until something is found or the head is reached.
      if (upTo >= head || rows.length === 0 || items.length > 0) return { items, entries, upTo };
    }
  }

  /** Entries after a seq that are older than a time, at most 256, and how far was looked. */
  #delayed({ after, before }: Extract<ReadRequest, { type: 'delayed' }>): {
    entries: DelayedEntry[];
    upTo: number;
  } {
    const entries: DelayedEntry[] = [];
    let upTo = after;
    for (const row of this.#sql.after.all(after) as unknown as LogRow[]) {
      if (row.time > before || entries.length >= LIMITS.groupEntries) break;
      upTo = row.seq;
      if (row.n !== null) entries.push({ seq: row.seq, id: unpackId(row.id!), sender: row.sender! });
    }
    return { entries, upTo };
  }
}
