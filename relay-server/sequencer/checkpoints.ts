import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';
import type { Committed } from './messages.ts';

const PAGE = 4_096;
/** Pages of WAL after which it is copied back, and after which it is cut as well (64 MB of 4 KB pages). */
const COPY_PAGES = 1_000;
const CUT_PAGES = 15_000;

/** Keeps the WAL small, by the writer, between groups: small portions, so that no group waits long. */
export class Checkpoints {
  readonly #copy: StatementSyncInstance;
  readonly #cut: StatementSyncInstance;
  #pages = 0;

  constructor(db: DatabaseSyncInstance) {
    this.#copy = db.prepare('PRAGMA wal_checkpoint(PASSIVE)');
    this.#cut = db.prepare('PRAGMA wal_checkpoint(TRUNCATE)');
  }

  after(committed: readonly Committed[]): void {
    // An estimate: its text twice over and a quarter of a page in all its trees for each row, and the inner pages of a group.
    let bytes = 16 * PAGE;
    for (const { json } of committed) bytes += 2 * json.length + PAGE / 4;
    this.#pages += bytes / PAGE;
    if (this.#pages < COPY_PAGES) return;
    const { log } = this.#copy.get() as { log: number };
    this.#pages = 0;
    if (log > CUT_PAGES) this.#cut.get();
  }
}
