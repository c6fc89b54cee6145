import type { EntryRows } from '../entries/entry-rows.ts';
import type { Holes } from '../entries/holes.ts';
import type { Chore } from '../files/chores.ts';
import type { Database } from '../files/database.ts';
import type { SearchIndex } from '../search/search-index.ts';
import { Eviction } from './eviction.ts';
import { HistoryCheck } from './history-check.ts';
import { HistorySalvage } from './history-salvage.ts';
import type { Intake } from './intake.ts';

/** What the care of the file needs from outside. */
export interface UpkeepNeeds {
  /** Wall clock, ms. */
  now: () => number;
  /** Bytes that history.db may have. */
  limit: () => number;
  /** Rows of these conversations came or went. */
  changed: (convs: Iterable<string>) => void;
  /** The file was read through, and is whole. */
  whole: () => void;
}

export interface HistoryUpkeepParts {
  db: Database;
  account: string;
  rows: EntryRows;
  holes: Holes;
  index: SearchIndex;
  needs: UpkeepNeeds;
  /** A new intake, for what was salvaged. */
  intake: () => Intake;
}

/** Messages indexed in one step. */
const INDEXED_AT_ONCE = 100;

/** The care of history.db beside answering: what was erased leaves the WAL, what was salvaged comes back, what is not indexed is, room is made, and the file is read through. */
export class HistoryUpkeep {
  readonly #db: Database;
  readonly #account: string;
  readonly #rows: EntryRows;
  readonly #holes: Holes;
  readonly #index: SearchIndex;
  readonly #eviction: Eviction;
  readonly #check: HistoryCheck;
  readonly #salvage: HistorySalvage;
  /** Since the last checkpoint; after a start as well, because a crash may have come between. */
  #erased = true;

  constructor({ db, account, rows, holes, index, needs, intake }: HistoryUpkeepParts) {
    this.#db = db;
    this.#account = account;
    this.#rows = rows;
    this.#holes = holes;
    this.#index = index;
    const { now, limit, changed, whole } = needs;
    this.#eviction = new Eviction({
      ...{ db, account, rows, holes, limit },
      drop: (conv, n) => index.drop(conv, n),
      documents: () => index.documents,
      loosened: () => index.loosened(),
      tighten: () => index.tighten(),
      changed: (conv) => changed([conv]),
    });
    this.#check = new HistoryCheck({
      ...{ db, account, rows, now, whole },
      mendIndex: () => index.mend(),
      mistrust: (conv, n) => {
        this.#mistrust(conv, n);
        changed([conv]);
      },
    });
    this.#salvage = new HistorySalvage({
      ...{ db, account },
      take: (entries) => {
        const taken = intake();
        for (const entry of entries) taken.salvaged(entry);
        changed(taken.finish().convs);
      },
      finished: (convs) => {
        for (const [conv, { first, last }] of convs) holes.add(conv, first, last);
      },
    });
  }

  /** Something was erased just now. */
  erased(): void {
    this.#erased = true;
  }

  /** Bytes in use, and messages. */
  get use(): { bytes: number; messages: number } {
    const { messages } = this.#db.get<{ messages: number }>(
      "SELECT count(*) AS messages FROM entry WHERE account = ? AND kind = 'message'",
      this.#account,
    )!;
    return { bytes: this.#eviction.used, messages };
  }

  /** What can be fetched again is given up, beside everything else. */
  clear(): void {
    this.#eviction.clear();
  }

  /** Nothing is given up while somebody reads all of it. */
  keep(on: boolean): void {
    this.#eviction.keep(on);
  }

  /** What is done beside answering, in order of importance. */
  chores(): Chore[] {
    return [
      { name: 'erasing', step: () => this.#forgetErased() },
      { name: 'salvaging', step: () => this.#salvage.step() },
      { name: 'indexing', step: () => this.#index.fill(INDEXED_AT_ONCE) },
      { name: 'evicting', step: () => this.#eviction.step() },
      { name: 'checking', step: () => this.#check.step() },
    ];
  }

  /** Lets go of what the chores hold. */
  end(): void {
    this.#salvage.end();
  }

  /** What stands there is not what the log had: it is fetched again. */
  #mistrust(conv: string, n: number): void {
    this.#db.transaction(() => {
      // Its words may be other ones than those that are in the index.
      this.#index.lose(conv, n);
      this.#rows.remove(conv, n);
      this.#holes.add(conv, n, n);
    });
  }

  /** The WAL may still have pages with what was erased: they are overwritten. Answers whether there is more to do. */
  #forgetErased(): boolean {
    if (!this.#erased) return false;
    this.#db.checkpoint();
    this.#erased = false;
    return false;
  }
}
