import type { Failure } from '@matchbook/protocol/failures';
import { LIMITS } from '@matchbook/protocol/limits';
import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';
import type { Places } from '../sequencer/places.ts';
import { type LogRow, ROW_SELECT } from '../sequencer/rows.ts';
import { noSuchConversation } from '../sequencer/rules.ts';
import { GONE, KIND } from '../sequencer/schema.ts';
import { holds, itemFor, type Memberships } from './memberships.ts';
import type { PageAnswer, ReadRequest } from './messages.ts';

/** Reads ranges of a conversation, for holes. */
export class PageReader {
  readonly #memberships: Memberships;
  readonly #places: Places;
  readonly #row: StatementSyncInstance;

  constructor(db: DatabaseSyncInstance, memberships: Memberships, places: Places) {
    this.#memberships = memberships;
    this.#places = places;
    this.#row = db.prepare(`${ROW_SELECT} WHERE log.seq = ?`);
  }

  /** The newest part of a range that the user may see without a gap. */
  page({ user, conv, from, to }: Extract<ReadRequest, { type: 'page' }>): PageAnswer {
    const fail = (failure: Failure): PageAnswer => ({ ok: false, failure });
    const stays = this.#memberships.in(this.#memberships.userKey(user), conv);
    const [stay] = stays;
    if (!stay) return fail(noSuchConversation());
    const inside = stays.find((one) => holds(one, to));
    if (!inside || from > to)
      return fail({ kind: 'unknown_place', message: 'There are no such places for you.', field: 'to' });
    const first = Math.max(from, inside.from_n, to - LIMITS.pageEntries + 1);
    const end = { key: stay.conv, n: stay.n, seq: stay.seq };
    const items: string[] = [];
    let size = 0;
    for (const { seq } of this.#places.range(end, first, to)) {
      const row = this.#row.get(seq) as unknown as LogRow;
      if (row.gone & GONE.trimmed && row.kind !== KIND.create) break;
      const json = itemFor(row, stays)!;
      size += json.length;
      if (items.length > 0 && size > LIMITS.pageBytes) break;
      items.push(json);
    }
    if (items.length === 0)
      return fail({ kind: 'trimmed', message: 'The relay has this no more; the API does.', field: 'to' });
    items.reverse();
    return { ok: true, from: to - items.length + 1, items };
  }
}
