import type { LocalFailure } from '@matchbook/protocol/bridge/outcome';
import type { Database } from '../files/database.ts';
import { SUMMED, sumIn } from '../files/row-sums.ts';
import { type Content, type Item, withTarget } from './item.ts';
import { OutboxRows } from './outbox-rows.ts';
import type { Passports } from './passport.ts';

export const NOT_SENT: LocalFailure = {
  kind: 'target_failed',
  message: 'The message that this is about was not sent.',
};

/** Items as they are put in, changed and taken out, each with what is about it: the steps that everything else is made of. */
export class OutboxItems extends OutboxRows {
  protected readonly now: () => number;
  protected readonly passports: Passports;

  /** @param now wall clock, ms */
  constructor(db: Database, account: string, now: () => number, passports: Passports) {
    super(db, account);
    this.now = now;
    this.passports = passports;
  }

  delete(id: string): void {
    this.db.run('DELETE FROM item WHERE account = ? AND id = ?', this.account, id);
  }

  transaction<T>(work: () => T): T {
    return this.db.transaction(work);
  }

  protected insert(item: {
    id: string;
    conv: string;
    content: Content;
    place?: number | null;
    target?: string | null;
    hold?: number;
    created?: number;
    /** Why the attempt before did not succeed. */
    failure?: LocalFailure | null;
  }): void {
    const { id, conv, content, target = null, hold = 0, created = this.now() } = item;
    const failure = item.failure ? JSON.stringify(item.failure) : null;
    const stored = {
      ...{ place: item.place ?? this.nextPlace(), account: this.account, id, conv, kind: content.kind },
      ...{ content: JSON.stringify(content), created, target, hold },
      ...{ frozen: 0, failed: 0, failure, attempts: 0, tried: null, next: null },
    };
    this.db.run(
      `INSERT INTO item (${SUMMED.item.join(', ')}, sum) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ...SUMMED.item.map((column) => stored[column]),
      sumIn('item', stored),
    );
  }

  /** What this is about has its place. */
  protected giveTarget({ id, content }: Item, n: number): void {
    this.db.run(
      'UPDATE item SET content = ?, target = NULL WHERE account = ? AND id = ?',
      JSON.stringify(withTarget(content, n)),
      this.account,
      id,
    );
  }

  /** With what is about it. */
  protected failAll({ id, content }: Item, failure: LocalFailure): void {
    if (content.kind === 'message') this.passports.note(id, 'failed', failure);
    this.db.run(
      'UPDATE item SET failed = 1, failure = ?, next = NULL WHERE account = ? AND id = ?',
      JSON.stringify(failure),
      this.account,
      id,
    );
    for (const dependent of this.dependents(id)) if (!dependent.failed) this.failAll(dependent, NOT_SENT);
  }

  protected follow(from: string, to: string): void {
    this.db.run('UPDATE item SET target = ? WHERE account = ? AND target = ?', to, this.account, from);
  }

  /** Places are not used twice: SQLite remembers the highest that there ever was. */
  protected nextPlace(): number {
    return this.db.get<{ next: number }>(
      `SELECT max(coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'item'), 0), coalesce(max(place), 0)) + 1 AS next FROM item`,
    )!.next;
  }
}
