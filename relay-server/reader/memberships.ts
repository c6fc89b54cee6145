import type { Form } from '@matchbook/protocol/entries';
import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';
import type { PlacedSeq, Places } from '../sequencer/places.ts';
import { hiddenOf, itemJson, type LogRow } from '../sequencer/rows.ts';
import type { End, Ends } from './ends.ts';

/** One stay of a user in a conversation, and where that conversation ends now. */
export interface Membership extends End {
  /** Key and id of the conversation. */
  conv: number;
  id: string;
  form: Form;
  from_n: number;
  from_seq: number;
  /** The first place after it, and the seq of its last one; null while it lasts. */
  until_n: number | null;
  until_seq: number | null;
}

const SELECT = `
SELECT conversations.key AS conv, conversations.id, form, n, m, h, time, conversations.seq, from_n, from_seq, until_n, until_seq
FROM members JOIN conversations ON conversations.key = members.conv WHERE members.user = ?`;

/** Who was in what, and when: membership is judged as of each entry. */
export class Memberships {
  readonly #ends: Ends;
  readonly #places: Places;
  readonly #sql: Record<'user' | 'all' | 'one', StatementSyncInstance>;

  constructor(db: DatabaseSyncInstance, ends: Ends, places: Places) {
    this.#ends = ends;
    this.#places = places;
    this.#sql = {
      user: db.prepare('SELECT key FROM users WHERE id = ?'),
      all: db.prepare(`${SELECT} ORDER BY conversations.key, from_n`),
      one: db.prepare(`${SELECT} AND conversations.id = ? ORDER BY from_n`),
    };
  }

  userKey(user: string): number {
    // Keys climb from 1; nobody has 0.
    return (this.#sql.user.get(user) as { key: number } | undefined)?.key ?? 0;
  }

  of(user: number): Membership[] {
    return this.#current(this.#sql.all.all(user));
  }

  in(user: number, conv: string): Membership[] {
    return this.#current(this.#sql.one.all(user, conv));
  }

  /** Places of a stay that came after a seq, the last one first. */
  *newPlaces(stay: Membership, seq: number): Generator<PlacedSeq> {
    const last = stay.until_seq ?? stay.seq;
    if (last <= seq) return;
    for (const place of this.#places.back(last)) {
      if (place.seq <= seq || place.n < stay.from_n) return;
      yield place;
    }
  }

  #current(rows: unknown[]): Membership[] {
    return (rows as Membership[]).map((row) => Object.assign(row, this.#ends.of(row.conv, row)));
  }
}

export const lastPlace = ({ until_n, n }: Pick<Membership, 'until_n' | 'n'>): number =>
  until_n === null ? n : until_n - 1;

export const holds = (stay: Membership, n: number): boolean => n >= stay.from_n && n <= lastPlace(stay);

/** A row as this user may see it: what is about a place outside of their stays is hidden. */
export function itemFor(row: LogRow, stays: readonly Membership[]): string | null {
  const json = itemJson(row);
  if (json === null || row.n === null || row.target === null) return json;
  return stays.some((stay) => holds(stay, row.target!)) ? json : hiddenOf(json);
}
