import { decodeCursor } from '@matchbook/protocol/cursor';
import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';
import { hexOf } from '../sequencer/compact.ts';
import { runningOf } from '../sequencer/marks.ts';
import { type LogRow, ROW_SELECT } from '../sequencer/rows.ts';
import { KIND, readMeta } from '../sequencer/schema.ts';
import { itemFor, type Membership, type Memberships } from './memberships.ts';
import type { Position, ReadRequest, Step, Walk } from './messages.ts';
import type { OwnRegisters } from './own-registers.ts';

/** Places of a conversation that are looked at for a lost confirm. */
const STORED_PLACES = 64;

/** What stands at `at` in the walk: the row itself, or an older register that its reader is newly entitled to, which comes first. */
interface Planned {
  at: number;
  seq: number;
  conv: number | null;
}

/** Moves a device along the log: where it stands, and what comes next. */
export class Walks {
  readonly #db: DatabaseSyncInstance;
  readonly #memberships: Memberships;
  readonly #registers: OwnRegisters;
  readonly #sql: Record<'row' | 'running' | 'head' | 'delivered', StatementSyncInstance>;

  constructor(db: DatabaseSyncInstance, memberships: Memberships, registers: OwnRegisters) {
    this.#db = db;
    this.#memberships = memberships;
    this.#registers = registers;
    this.#sql = {
      row: db.prepare(`${ROW_SELECT} WHERE log.seq = ?`),
      running: db.prepare('SELECT marks FROM log WHERE seq = ?'),
      head: db.prepare('SELECT seq, marks FROM log ORDER BY seq DESC LIMIT 1'),
      delivered: db.prepare(
        `SELECT log.position AS n FROM registers JOIN log ON log.seq = registers.seq
         WHERE registers.conv = ? AND registers.kind = ${KIND.delivered} AND registers.user = ?`,
      ),
    };
  }

  #epoch(): string {
    return hexOf(readMeta(this.#db, 'epoch') as Uint8Array);
  }

  head(): { seq: number; running: string } {
    const { seq, marks } = this.#sql.head.get() as { seq: number; marks: Uint8Array };
    return { seq, running: runningOf(marks) };
  }

  /** Where a device goes on from. `heads` where its cursor means nothing here or it is far behind. */
  position({ user, cursor, farBehind }: Extract<ReadRequest, { type: 'position' }>): Position {
    const key = this.#memberships.userKey(user);
    const trimmed = Number(readMeta(this.#db, 'trimmed_seq') ?? 0);
    const stays = this.#memberships.of(key);
    const at = cursor === null ? null : decodeCursor(cursor);
    const { epoch, seq } = at ?? { epoch: '', seq: 0 };
    // Seq 0 is where a device stands that has got a part of what belongs to its first place.
    if (cursor === null || (at && seq === 0 && epoch === this.#epoch())) {
      const lost = stays.some(({ from_seq }) => from_seq <= trimmed);
      return lost || this.#behind(stays, 0, farBehind) > farBehind
        ? { resume: 'heads' }
        : { resume: 'start', seq: 0, running: '0'.repeat(16) };
    }
    if (!at || seq < trimmed || epoch !== this.#epoch()) return { resume: 'heads' };
    const row = this.#sql.running.get(seq) as { marks: Uint8Array } | undefined;
    if (!row || runningOf(row.marks) !== at.running) return { resume: 'heads' };
    if (this.#behind(stays, seq, farBehind) > farBehind) return { resume: 'heads' };
    return { resume: 'cursor', seq, running: at.running };
  }

  /**
   * What a cursor proves to be stored beyond the delivered positions: the confirm that would have said so may have been lost with
   * its connection. Looks at the last places of each conversation only; what lies further back was confirmed long ago.
   */
  stored({ user, seq }: Extract<ReadRequest, { type: 'stored' }>): Map<string, number> {
    const key = this.#memberships.userKey(user);
    const stored = new Map<string, number>();
    for (const stay of this.#memberships.of(key)) {
      if (stay.until_n !== null) continue;
      const delivered = (this.#sql.delivered.get(stay.conv, key) as { n: number } | undefined)?.n ?? 0;
      let looked = 0;
      for (const place of this.#memberships.newPlaces(stay, 0)) {
        if (place.n <= delivered || looked++ > STORED_PLACES) break;
        if (place.seq > seq || place.sender === key) continue;
        stored.set(stay.id, place.n);
        break;
      }
    }
    return stored;
  }

  /** What a device has not got after a step, in log order, as far as the credit goes. */
  walk({ user, after, entries, bytes }: Extract<ReadRequest, { type: 'walk' }>): Walk {
    const head = this.head();
    const key = this.#memberships.userKey(user);
    const stays = this.#memberships.of(key);
    const plan = this.#plan(key, stays, after);
    const byConversation = grouped(stays);
    const items: Walk['items'] = [];
    let size = 0;
    let upTo = after;
    let done = 0;
    for (const { at, seq, conv } of plan) {
      if (items.length > 0 && (items.length >= entries || size >= bytes)) break;
      done += 1;
      const row = this.#sql.row.get(seq) as unknown as LogRow;
      const json = itemFor(row, (conv !== null && byConversation.get(conv)) || []);
      if (json === null) continue;
      // A cursor may name a place only once everything that belongs to it was sent.
      upTo = at === seq ? { seq: at, running: runningOf(row.marks), past: 0 } : { ...upTo, past: seq };
      const other = row.n !== null && row.sender !== user;
      items.push({ json, ...upTo, place: other ? { conv: row.conv!, n: row.n! } : null });
      size += json.length;
    }
    const complete = done === plan.length;
    return complete
      ? { items, upTo: { ...head, past: 0 }, behind: 0 }
      : { items, upTo, behind: plan.length - done };
  }

  #plan(user: number, stays: readonly Membership[], { seq: after, past }: Step): Planned[] {
    const plan: Planned[] = [];
    const changed = new Set<number>();
    for (const stay of stays) {
      let last = 0;
      for (const { seq } of this.#memberships.newPlaces(stay, after)) {
        plan.push({ at: seq, seq, conv: stay.conv });
        last ||= seq;
      }
      if (last === 0 || stay.until_n !== null) continue;
      const joined = stay.from_seq > after;
      for (const { seq, since } of this.#registers.profilesOf(stay.conv, joined ? 0 : after)) {
        const at = Math.max(since, stay.from_seq);
        if (at <= last && seq < at) plan.push({ at, seq, conv: null });
        // Set after they met: it has a place of its own.
        else if (after === 0) changed.add(seq);
      }
    }
    for (const seq of new Set([...this.#registers.after(user, after), ...changed]))
      plan.push({ at: seq, seq, conv: null });
    plan.sort((one, other) => one.at - other.at || one.seq - other.seq);
    // The registers of the first place that were sent before.
    const first = plan[0]?.at;
    return past === 0 ? plan : plan.filter(({ at, seq }) => at !== first || at === seq || seq > past);
  }

  /** Entries of a user after a seq; stops counting once it is above `enough`. */
  #behind(stays: readonly Membership[], seq: number, enough: number): number {
    let count = 0;
    for (const stay of stays)
      for (const _ of this.#memberships.newPlaces(stay, seq)) if (++count > enough) return count;
    return count;
  }
}

/** Stays by the key of their conversation. */
export function grouped(stays: readonly Membership[]): Map<number, Membership[]> {
  const groups = new Map<number, Membership[]>();
  for (const stay of stays) {
    const group = groups.get(stay.conv);
    if (group) group.push(stay);
    else groups.set(stay.conv, [stay]);
  }
  return groups;
}
