import type { WaitingCount } from '@matchbook/protocol/bridge/waiting';
import { LIMITS } from '@matchbook/protocol/limits';
import type { Database } from '../files/database.ts';
import {
  type Content,
  HOLD,
  ITEM_COLUMNS,
  type Item,
  type ItemRow,
  itemOf,
  noSuchItem,
  QUIET,
} from './item.ts';

/** Most items that one question answers with. */
const ANSWERED = 1_000;
/** Not those that the app keeps up by itself. */
const SHOWN = `kind NOT IN (${QUIET.map((kind) => `'${kind}'`).join()})`;

/** What waits in one account's outbox, as it is asked for. */
export class OutboxRows {
  protected readonly db: Database;
  protected readonly account: string;

  constructor(db: Database, account: string) {
    this.db = db;
    this.account = account;
  }

  find(id: string): Item | null {
    const row = this.db.get<ItemRow>(
      `SELECT ${ITEM_COLUMNS} FROM item WHERE account = ? AND id = ?`,
      this.account,
      id,
    );
    return row ? itemOf(row) : null;
  }

  must(id: string): Item {
    const item = this.find(id);
    if (!item) throw noSuchItem();
    return item;
  }

  /**
   * What may go on a wire now, in the order of release: at most a batch of each conversation, so that a long line in one holds up no other. What is about an item
   * that is still on its way holds up what comes behind it (I5).
   */
  sendable(): Item[] {
    const stopped = new Set<string>();
    return this.all(
      `place IN (SELECT place FROM (
         SELECT place, row_number() OVER (PARTITION BY conv ORDER BY place) AS nth FROM item
         WHERE account = ? AND failed = 0 AND hold = 0) WHERE nth <= ${LIMITS.batchItems})
       ORDER BY place LIMIT ${ANSWERED}`,
      this.account,
    ).filter(({ conv, target }) => {
      if (target !== null) stopped.add(conv);
      return !stopped.has(conv);
    });
  }

  /** How many wait or failed, and since when the oldest waits. */
  depth(): { waiting: number; failed: number; oldest: number | null } {
    return this.db.get<{ waiting: number; failed: number; oldest: number | null }>(
      `SELECT count(*) FILTER (WHERE failed = 0) AS waiting, count(*) FILTER (WHERE failed = 1) AS failed,
              min(created) FILTER (WHERE failed = 0) AS oldest FROM item WHERE account = ? AND ${SHOWN}`,
      this.account,
    )!;
  }

  /** Messages of a conversation, failed ones too, in the order of release; the newest 1,000. */
  messages(conv: string): Item[] {
    return this.all(
      `account = ? AND conv = ? AND kind = 'message' ORDER BY place DESC LIMIT ${ANSWERED}`,
      this.account,
      conv,
    ).reverse();
  }

  /** What waits to change of a conversation or of its messages, in the order of release; the newest 1,000. */
  changes(conv: string): Item[] {
    return this.all(
      `account = ? AND conv = ? AND kind NOT IN ('message', 'create') AND ${SHOWN} ORDER BY place DESC LIMIT ${ANSWERED}`,
      this.account,
      conv,
    ).reverse();
  }

  /** The same of all conversations, and creations that were refused, also while they are tried again. */
  everyChange(): Item[] {
    return this.all(
      `account = ? AND kind <> 'message' AND (kind <> 'create' OR failure IS NOT NULL) AND ${SHOWN} ORDER BY place LIMIT ${ANSWERED}`,
      this.account,
    );
  }

  /** The last message of each conversation that has one. */
  lastMessages(): Item[] {
    return this.all(
      `place IN (SELECT max(place) FROM item WHERE account = ? AND kind = 'message' GROUP BY conv)`,
      this.account,
    );
  }

  /** Oldest first, at most 1,000. */
  list(): Item[] {
    return this.all(`account = ? AND ${SHOWN} ORDER BY place LIMIT ${ANSWERED}`, this.account);
  }

  /** At least as many as there are, without a look at any: places are given out in turn, and those between two may be free. */
  protected atMost(): number {
    return this.db.get<{ most: number }>(
      'SELECT coalesce((SELECT max(place) FROM item) - (SELECT min(place) FROM item) + 1, 0) AS most',
    )!.most;
  }

  count(): WaitingCount {
    return this.db.get<WaitingCount>(
      `SELECT count(*) AS waiting, count(*) FILTER (WHERE failed = 1) AS failed,
         count(*) FILTER (WHERE failed = 0 AND (hold & ${HOLD.person}) <> 0) AS held, min(created) AS since
       FROM item WHERE account = ? AND ${SHOWN}`,
      this.account,
    )!;
  }

  /** Everything, one by one. */
  *everything(): Generator<Item> {
    let after = Number.MIN_SAFE_INTEGER;
    for (;;) {
      const items = this.all(
        `account = ? AND place > ? ORDER BY place LIMIT ${ANSWERED}`,
        this.account,
        after,
      );
      yield* items;
      const last = items.at(-1);
      if (!last) return;
      after = last.place;
    }
  }

  /** What is about this item and waits for its place. */
  dependents(id: string): Item[] {
    return this.all('account = ? AND target = ? ORDER BY place', this.account, id);
  }

  ofKind(conv: string, kind: Content['kind']): Item[] {
    return this.all('account = ? AND conv = ? AND kind = ? ORDER BY place', this.account, conv, kind);
  }

  /** Anything of a conversation waits, or failed. */
  hasAny(conv: string): boolean {
    return this.all('account = ? AND conv = ? LIMIT 1', this.account, conv).length > 0;
  }

  /** The furthest read position of a conversation that is not acknowledged; 0 without one. */
  pendingRead(conv: string): number {
    return this.ofKind(conv, 'read').reduce(
      (furthest, { content }) => Math.max(furthest, readOf(content)),
      0,
    );
  }

  /** What waits for an item that is not there: it has its place, or it never came. */
  orphans(): Item[] {
    return this.all(
      `account = ? AND failed = 0 AND target IS NOT NULL AND target NOT IN (SELECT id FROM item WHERE account = ?) ORDER BY place`,
      this.account,
      this.account,
    );
  }

  protected all(where: string, ...values: (string | number)[]): Item[] {
    return this.db.all<ItemRow>(`SELECT ${ITEM_COLUMNS} FROM item WHERE ${where}`, ...values).map(itemOf);
  }
}

const readOf = (content: Content): number => (content.kind === 'read' ? content.n : 0);
