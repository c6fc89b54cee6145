import type { BegunWords } from '@matchbook/protocol/bridge/begun';
import { LIMITS } from '@matchbook/protocol/limits';
import type { Database } from '../files/database.ts';
import { isWhole, SUMMED, sumIn } from '../files/row-sums.ts';
import type { EarlierTexts } from './earlier-texts.ts';

/** Other words for what is there already, while they are typed: on this device alone, for as long as nobody used or gave them up. Beyond 200 of an account the oldest are earlier texts of their conversation. */
export class BegunTexts {
  readonly #db: Database;
  readonly #account: string;
  readonly #now: () => number;
  readonly #earlier: EarlierTexts;

  constructor(db: Database, account: string, now: () => number, earlier: EarlierTexts) {
    this.#db = db;
    this.#account = account;
    this.#now = now;
    this.#earlier = earlier;
  }

  /** Begun first, first. A row that is not what was written is left for the next opening. */
  list(): BegunWords[] {
    return this.#db
      .all<BegunWords>(
        `SELECT about, conv, n, text FROM begun WHERE account = ? AND ${isWhole('begun')} ORDER BY updated, about`,
        this.#account,
      )
      .map((row) => ({ ...row, text: JSON.parse(row.text) as string }));
  }

  keep({ about, conv, n, text }: BegunWords): void {
    const stored = {
      ...{ account: this.#account, about, conv, n, text: JSON.stringify(text), updated: this.#now() },
    };
    this.#db.transaction(() => {
      this.#db.run(
        `INSERT OR REPLACE INTO begun (${SUMMED.begun.join(', ')}, sum) VALUES (?, ?, ?, ?, ?, ?, ?)`,
        ...SUMMED.begun.map((column) => stored[column]),
        sumIn('begun', stored),
      );
      this.#makeRoom();
    });
  }

  /** Counted with each key: only beyond the limit is any of them read. */
  #makeRoom(): void {
    const { count } = this.#db.get<{ count: number }>(
      'SELECT count(*) AS count FROM begun WHERE account = ?',
      this.#account,
    )!;
    if (count <= LIMITS.begunWords) return;
    for (const old of this.list().slice(0, -LIMITS.begunWords)) {
      this.#earlier.keep(old.conv, old.text, true);
      this.forget(old.about);
    }
  }

  forget(about: string): void {
    this.#db.run('DELETE FROM begun WHERE account = ? AND about = ?', this.#account, about);
  }
}
