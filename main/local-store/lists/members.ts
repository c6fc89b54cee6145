import type { PersonRow } from '@matchbook/protocol/bridge/views';
import type { Role } from '@matchbook/protocol/entries';
import type { CountedRange } from '@matchbook/protocol/unread';
import type { EntryRows } from '../entries/entry-rows.ts';
import type { Stay } from '../entries/membership.ts';
import type { Database } from '../files/database.ts';

/** Conversations that a question is about; null for all. */
export type Only = readonly string[] | null;
export const among = (only: Only): string =>
  only === null ? '' : ' AND conv IN (SELECT value FROM json_each(?))';
export const named = (only: Only): string[] => (only === null ? [] : [JSON.stringify(only)]);
interface PersonColumns {
  conv: string;
  user: string;
  name: string | null;
  avatar: string | null;
  status: string | null;
  statusUntil: number | null;
}

/** Who is, and was, in the conversations of one account. */
export class Members {
  readonly #db: Database;
  readonly #account: string;
  readonly #user: string;

  constructor(db: Database, account: string, user: string) {
    this.#db = db;
    this.#account = account;
    this.#user = user;
  }

  /** One's own part in each, where the log told of it. */
  standings(only: Only): Map<string, { member: boolean; role: Role }> {
    const standings = new Map<string, { member: boolean; role: Role }>();
    for (const { conv, until, role } of this.#db.all<{ conv: string; until: number | null; role: Role }>(
      `SELECT conv, until, role FROM member WHERE account = ? AND user = ?${among(only)} ORDER BY conv, since`,
      this.#account,
      this.#user,
      ...named(only),
    ))
      standings.set(conv, until === null ? { member: true, role } : { member: false, role: 'member' });
    return standings;
  }

  /** Adds who is not yet a member. */
  add(conv: string, users: readonly string[], since: number): void {
    const present = new Set(this.present(conv));
    for (const user of users)
      if (!present.has(user)) this.#put(conv, { user, since, until: null, role: 'member' });
  }

  /** Users, sorted. */
  present(conv: string): string[] {
    return this.#db
      .all<{ user: string }>(
        'SELECT user FROM member WHERE account = ? AND conv = ? AND until IS NULL ORDER BY user',
        this.#account,
        conv,
      )
      .map(({ user }) => user);
  }

  /** Present members, with their names. */
  people(only: Only): Map<string, PersonRow[]> {
    const people = new Map<string, PersonRow[]>();
    for (const { conv, user, name, avatar, status, statusUntil } of this.#db.iterate<PersonColumns>(
      `SELECT conv, member.user AS user, name, avatar, status, status_until AS statusUntil FROM member LEFT JOIN profile USING (account, user)
       WHERE member.account = ? AND until IS NULL${among(only)} ORDER BY conv, member.user`,
      this.#account,
      ...named(only),
    )) {
      const members = people.get(conv);
      const says =
        status === null ? null : { text: status, ...(statusUntil === null ? {} : { until: statusUntil }) };
      const person = {
        user,
        name,
        ...(avatar === null ? {} : { avatar }),
        ...(says ? { status: says } : {}),
      };
      if (members) members.push(person);
      else people.set(conv, [person]);
    }
    return people;
  }

  /** Conversations in which a user is: their name shows there. */
  of(user: string): string[] {
    return this.#db
      .all<{ conv: string }>(
        'SELECT DISTINCT conv FROM member WHERE account = ? AND user = ?',
        this.#account,
        user,
      )
      .map(({ conv }) => conv);
  }

  /** Of a user, oldest first. */
  stays(conv: string, user = this.#user): Stay[] {
    return this.#db.all<Stay>(
      'SELECT user, since, until, role FROM member WHERE account = ? AND conv = ? AND user = ? ORDER BY since',
      ...[this.#account, conv, user],
    );
  }

  /** These instead of all that are known. */
  replace(conv: string, stays: readonly Stay[]): void {
    this.#db.run('DELETE FROM member WHERE account = ? AND conv = ?', this.#account, conv);
    for (const stay of stays) this.#put(conv, stay);
  }

  /** Messages before and up to the end of each of one's own stays. */
  counted(rows: EntryRows, { conv, headM }: { conv: string; headM: number }): CountedRange[] {
    const stays = this.stays(conv);
    if (stays.length === 0) return [{ fromM: 0, untilM: headM }];
    return stays.map(({ since, until }) => ({
      fromM: rows.messagesAt(conv, since),
      untilM: until === null ? headM : rows.messagesAt(conv, until - 1),
    }));
  }

  #put(conv: string, { user, since, until, role }: Stay): void {
    this.#db.run(
      'INSERT OR REPLACE INTO member (account, conv, user, since, until, role) VALUES (?, ?, ?, ?, ?, ?)',
      ...[this.#account, conv, user, since, until ?? null, role ?? 'member'],
    );
  }
}
