import type { LocalFailure } from '@matchbook/protocol/bridge/outcome';
import type { Body } from '@matchbook/protocol/entries';
import type { AccountParts } from './account-parts.ts';
import type { Database } from './files/database.ts';
import { textOf } from './outbox/item.ts';

/** A message for later that the server could not send at its time. */
export interface RefusedMessage {
  id: string;
  conv: string;
  body: Body;
  silent: boolean;
  failure: LocalFailure;
}

/** Names, in the failure of an item, where it comes from. */
const FIELD = 'scheduled';
/** The server shows a refused one for 30 days: what has stood here for so long is not gone because somebody put it away, ms. */
const SURELY_SHOWN = 20 * 86_400_000;

/**
 * What was refused at its time stands among what failed, with its text and the reason, on each device of its author until one of them has done something about it there: then the
 * server forgets it, and the other devices let it go.
 */
export class RefusedLater {
  readonly #parts: AccountParts;
  readonly #db: Database;
  readonly #account: string;

  /** @param db the file of the outbox: both change in one transaction */
  constructor(parts: AccountParts, db: Database, account: string) {
    this.#parts = parts;
    this.#db = db;
    this.#account = account;
  }

  /**
   * @param refused all that the server shows
   * @returns how many stand here now, which of them are new, and which were dealt with here, also before the app was started: of those the server is to be told
   */
  follow(refused: readonly RefusedMessage[]): { here: number; taken: RefusedMessage[]; dealt: string[] } {
    const { outbox, history, earlier, now } = this.#parts;
    const shown = new Set(refused.map(({ id }) => id));
    const convs = new Set<string>();
    const taken: RefusedMessage[] = [];
    const known = outbox.transaction(() => {
      const there = [...outbox.everything()].filter(
        ({ failed, failure }) => failed && failure?.field === FIELD,
      );
      const gone = there.filter(({ id, created }) => !shown.has(id) && now() - created < SURELY_SHOWN);
      for (const { id, conv, content } of gone) {
        // Nobody has to have put it away: it can be taken out again.
        earlier.keep(conv, textOf(content) ?? '', true);
        outbox.withdraw(id);
        convs.add(conv);
      }
      const acted = this.#followed(shown, there);
      for (const one of refused) {
        const { id, conv, body, silent, failure } = one;
        if (acted.has(id) || outbox.find(id) || history.ownPlace(id) !== null) continue;
        const content = { kind: 'message' as const, body, ...(silent ? { silent: true as const } : {}) };
        outbox.append(conv, { id, content, target: null });
        outbox.fail(id, { ...failure, field: FIELD });
        this.#remember(id);
        taken.push(one);
        convs.add(conv);
      }
      const here = new Set([...there, ...taken].map(({ id }) => id));
      for (const { id } of gone) here.delete(id);
      return { here: here.size, dealt: [...acted].filter((id) => !here.has(id)) };
    });
    if (convs.size > 0) {
      this.#parts.changes.outbox();
      this.#parts.changes.rows(convs, true);
    }
    return { ...known, taken };
  }

  /** Of those that the server shows, which have stood here; the others are forgotten. */
  #followed(shown: ReadonlySet<string>, there: readonly { id: string }[]): Set<string> {
    for (const { id } of there) this.#remember(id);
    const followed = new Set<string>();
    for (const { id } of this.#db.all<{ id: string }>(
      'SELECT id FROM refused_later WHERE account = ?',
      this.#account,
    ))
      if (shown.has(id)) followed.add(id);
      else this.#db.run('DELETE FROM refused_later WHERE account = ? AND id = ?', this.#account, id);
    return followed;
  }

  #remember(id: string): void {
    this.#db.run('INSERT OR IGNORE INTO refused_later (account, id) VALUES (?, ?)', this.#account, id);
  }
}
