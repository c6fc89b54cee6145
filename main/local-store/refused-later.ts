import type { LocalFailure } from '@matchbook/protocol/bridge/outcome';
import type { Body } from '@matchbook/protocol/entries';
import type { AccountParts } from './account-parts.ts';
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

  constructor(parts: AccountParts) {
    this.#parts = parts;
  }

  /**
   * @param refused all that the server shows
   * @param acted stood here before: one that does not any more was dealt with here
   * @returns which stand here now, and which of them are new
   */
  follow(
    refused: readonly RefusedMessage[],
    acted: readonly string[],
  ): { here: string[]; taken: RefusedMessage[] } {
    const { outbox, history, earlier, now } = this.#parts;
    const shown = new Set(refused.map(({ id }) => id));
    const convs = new Set<string>();
    const taken: RefusedMessage[] = [];
    const here = outbox.transaction(() => {
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
      for (const one of refused) {
        const { id, conv, body, silent, failure } = one;
        if (acted.includes(id) || outbox.find(id) || history.ownPlace(id) !== null) continue;
        const content = { kind: 'message' as const, body, ...(silent ? { silent: true as const } : {}) };
        outbox.append(conv, { id, content, target: null });
        outbox.fail(id, { ...failure, field: FIELD });
        taken.push(one);
        convs.add(conv);
      }
      const left = new Set(gone.map(({ id }) => id));
      return [...there.map(({ id }) => id).filter((id) => !left.has(id)), ...taken.map(({ id }) => id)];
    });
    if (convs.size > 0) {
      this.#parts.changes.outbox();
      this.#parts.changes.rows(convs, true);
    }
    return { here, taken };
  }
}
