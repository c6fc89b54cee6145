import type { LocalFailure } from '@matchbook/protocol/bridge/outcome';
import type { PassportStep } from '@matchbook/protocol/bridge/passport';
import type { Database } from '../files/database.ts';

/** Steps of one message: the first and the newest; and of all messages of an account. */
const STEPS = 40;
const STEPS_IN_ALL = 20_000;

interface Row {
  at: number;
  what: PassportStep['what'];
  failure: string | null;
}

/** What happened on this device to messages composed here, step by step, also after they left the outbox: the newest 20,000 steps. */
export class Passports {
  readonly #db: Database;
  readonly #account: string;
  readonly #now: () => number;

  constructor(db: Database, account: string, now: () => number) {
    this.#db = db;
    this.#account = account;
    this.#now = now;
  }

  /** In the caller's transaction. */
  note(id: string, what: PassportStep['what'], failure: LocalFailure | null = null): void {
    this.#db.run(
      'INSERT INTO passport (account, id, at, what, failure) VALUES (?, ?, ?, ?, ?)',
      ...[this.#account, id, this.#now(), what, failure && JSON.stringify(failure)],
    );
    if (what === 'queued') {
      this.#db.run('DELETE FROM passport WHERE step <= (SELECT max(step) FROM passport) - ?', STEPS_IN_ALL);
      return;
    }
    this.#db.run(
      `DELETE FROM passport WHERE account = ?1 AND id = ?2 AND what <> 'queued' AND step <= (
         SELECT step FROM passport WHERE account = ?1 AND id = ?2 ORDER BY step DESC LIMIT 1 OFFSET ${STEPS - 1})`,
      ...[this.#account, id],
    );
  }

  /** It goes on under another id. */
  follow(from: string, to: string): void {
    this.#db.run('UPDATE passport SET id = ? WHERE account = ? AND id = ?', to, this.#account, from);
  }

  /** The person wanted it gone: nothing is left to tell. */
  forget(id: string): void {
    this.#db.run('DELETE FROM passport WHERE account = ? AND id = ?', this.#account, id);
  }

  /** Oldest first. */
  of(id: string): PassportStep[] {
    return this.#db
      .all<Row>(
        'SELECT at, what, failure FROM passport WHERE account = ? AND id = ? ORDER BY step',
        this.#account,
        id,
      )
      .map(({ at, what, failure }) => ({
        ...{ at, what },
        failure: failure === null ? null : (JSON.parse(failure) as LocalFailure),
      }));
  }
}
