import type { SavedItem } from '@matchbook/protocol/frames';
import { LIMITS } from '@matchbook/protocol/limits';
import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';
import { packId, unpackId } from '../sequencer/compact.ts';
import { contentOf } from '../sequencer/marks.ts';
import { itemJson, type LogRow, ROW_SELECT, saveJson } from '../sequencer/rows.ts';
import type { Batch, DelayedEntry, ReadRequest, TracedEntry } from './messages.ts';

/** Bytes of one save batch; one larger item travels alone. */
export const SAVE_BYTES = 1024 * 1024;
/** Rows that one pass over the log looks at. */
const SCAN_ROWS = 512;

/** Reads the log for the persister, and for those who ask what became of their entries. */
export class SavingReader {
  readonly #sql: Record<'after' | 'lookup' | 'dead' | 'traced' | 'places', StatementSyncInstance>;

  constructor(db: DatabaseSyncInstance) {
    this.#sql = {
      after: db.prepare(`${ROW_SELECT} WHERE log.seq > ? ORDER BY log.seq LIMIT ${SCAN_ROWS}`),
      lookup: db.prepare(
        'SELECT ids.seq FROM users JOIN ids ON ids.id = ?2 AND ids.sender = users.key WHERE users.id = ?1',
      ),
      dead: db.prepare('SELECT reason FROM dead_letters WHERE seq = ?'),
      places: db.prepare(
        `SELECT max(log.n) AS n FROM conversations JOIN ids ON ids.id = ?2
         JOIN log ON log.seq = ids.seq AND log.conv = conversations.key WHERE conversations.id = ?1`,
      ),
      traced: db.prepare(
        `SELECT ids.seq, users.id AS sender, conversations.id AS conv, log.n, log.time, dead_letters.reason AS dead
         FROM ids JOIN log ON log.seq = ids.seq JOIN users ON users.key = ids.sender
         JOIN conversations ON conversations.key = log.conv
         LEFT JOIN dead_letters ON dead_letters.seq = ids.seq WHERE ids.id = ?`,
      ),
    };
  }

  status({ user, ids, saved, delayed }: Extract<ReadRequest, { type: 'status' }>): SavedItem[] {
    return ids.map((id): SavedItem => {
      const row = this.#sql.lookup.get(user, packId(id)) as { seq: number } | undefined;
      if (!row) return { id, state: 'unknown' };
      const dead = this.#sql.dead.get(row.seq) as { reason: string } | undefined;
      if (dead) return { id, state: 'save_failed', reason: dead.reason };
      if (row.seq <= saved) return { id, state: 'saved' };
      return { id, state: row.seq <= delayed ? 'save_delayed' : 'pending' };
    });
  }

  /** The next batch for the API after a seq: items that still have a value, and how far it goes. */
  batch(after: number, head: number): Batch {
    const items: string[] = [];
    const entries: Batch['entries'] = [];
    let size = 0;
    let upTo = after;
    for (;;) {
      const rows = this.#sql.after.all(upTo) as unknown as LogRow[];
      for (const row of rows) {
        const json = itemJson(row);
        if (json !== null) {
          if (items.length >= LIMITS.groupEntries || (items.length > 0 && size + json.length > SAVE_BYTES))
            return { items, entries, upTo };
          items.push(saveJson(row.seq, contentOf(row.marks), json));
          size += json.length;
          if (row.n !== null) entries.push({ seq: row.seq, id: unpackId(row.id!), sender: row.sender! });
        }
        upTo = row.seq;
      }
      // Rows without a value (replaced registers, epochs) are passed over until something is found or the head is reached.
      if (upTo >= head || rows.length === 0 || items.length > 0) return { items, entries, upTo };
    }
  }

  /** Entries after a seq that are older than a time, at most 256, and how far was looked. */
  delayed({ after, before }: Extract<ReadRequest, { type: 'delayed' }>): {
    entries: DelayedEntry[];
    upTo: number;
  } {
    const entries: DelayedEntry[] = [];
    let upTo = after;
    for (const row of this.#sql.after.all(after) as unknown as LogRow[]) {
      if (row.time > before || entries.length >= LIMITS.groupEntries) break;
      upTo = row.seq;
      if (row.n !== null && row.id !== null)
        entries.push({ seq: row.seq, id: unpackId(row.id), sender: row.sender! });
    }
    return { entries, upTo };
  }

  highest({ conv, ids }: Extract<ReadRequest, { type: 'highest' }>): number | null {
    let highest: number | null = null;
    for (const id of ids) {
      const { n } = this.#sql.places.get(conv, packId(id)) as { n: number | null };
      if (n !== null && n > (highest ?? 0)) highest = n;
    }
    return highest;
  }

  trace(id: string): TracedEntry[] {
    return this.#sql.traced.all(packId(id)) as unknown as TracedEntry[];
  }
}
