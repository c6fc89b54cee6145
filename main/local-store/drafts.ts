import type { Draft } from '@matchbook/protocol/bridge/views';
import type { Database } from './database.ts';

/** What was begun and not sent, one text a conversation. */
export class Drafts {
  readonly #db: Database;
  readonly #account: string;
  readonly #now: () => number;

  constructor(db: Database, account: string, now: () => number) {
    this.#db = db;
    this.#account = account;
    this.#now = now;
  }

  read(conv: string): Draft {
    const row = this.#db.get<{ text: string; version: number; updated: number }>(
      'SELECT text, version, updated FROM draft WHERE account = ? AND conv = ?',
      this.#account,
      conv,
    );
    return row
      ? { text: JSON.parse(row.text) as string, version: row.version, updatedAt: row.updated }
      : { text: '', version: 0, updatedAt: 0 };
  }

  /** Conversations with text in their draft. */
  present(): string[] {
    return this.#db
      .all<{ conv: string }>(`SELECT conv FROM draft WHERE account = ? AND text <> '""'`, this.#account)
      .map(({ conv }) => conv);
  }

  save(conv: string, text: string): number {
    const row = this.#db.get<{ version: number }>(
      `INSERT INTO draft (account, conv, text, version, updated) VALUES (?, ?, ?, 1, ?)
       ON CONFLICT DO UPDATE SET text = excluded.text, version = version + 1, updated = excluded.updated RETURNING version`,
      this.#account,
      conv,
      JSON.stringify(text),
      this.#now(),
    );
    return row!.version;
  }

  /** Before whatever is there by now. */
  putBack(conv: string, text: string): Draft {
    const { text: present } = this.read(conv);
    this.save(conv, present === '' ? text : `${text}\n${present}`);
    return this.read(conv);
  }

  /** Its text became a message: gone, unless it is another version by now. */
  clear(conv: string, version: number): void {
    this.#db.run(
      `UPDATE draft SET text = '""', version = version + 1, updated = ? WHERE account = ? AND conv = ? AND version = ?`,
      this.#now(),
      this.#account,
      conv,
      version,
    );
  }
}
