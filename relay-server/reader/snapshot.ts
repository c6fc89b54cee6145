import type { Head } from '@matchbook/protocol/frames';
import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';
import { hexOf } from '../sequencer/compact.ts';
import { itemJson, type LogRow, ROW_SELECT } from '../sequencer/rows.ts';
import { ROLES } from '../sequencer/schema.ts';
import { lastPlace, type Membership, type Memberships } from './memberships.ts';
import type { HeadsAnswer } from './messages.ts';
import type { OwnRegisters } from './own-registers.ts';
import { grouped } from './walk.ts';

/** Makes the snapshot from which a device is live at once. */
export class Snapshots {
  readonly #memberships: Memberships;
  readonly #registers: OwnRegisters;
  readonly #sql: Record<'members' | 'row' | 'end', StatementSyncInstance>;

  constructor(db: DatabaseSyncInstance, memberships: Memberships, registers: OwnRegisters) {
    this.#memberships = memberships;
    this.#registers = registers;
    this.#sql = {
      members: db.prepare(
        `SELECT users.id AS user, from_n, until_n, role FROM members JOIN users ON users.key = members.user
         WHERE members.conv = ? ORDER BY from_n, users.id`,
      ),
      row: db.prepare(`${ROW_SELECT} WHERE log.seq = ?`),
      end: db.prepare('SELECT m, substr(marks, 9, 8) AS h, time FROM log WHERE seq = ?'),
    };
  }

  heads(user: string, upTo: HeadsAnswer['upTo']): HeadsAnswer {
    const key = this.#memberships.userKey(user);
    const stays = grouped(this.#memberships.of(key));
    const conversations = [...stays.values()].map((one) => JSON.stringify(this.#headOf(one)));
    const registers: string[] = [];
    for (const seq of this.#registers.all(key)) {
      const json = itemJson(this.#sql.row.get(seq) as unknown as LogRow);
      if (json !== null) registers.push(json);
    }
    return { conversations, registers, upTo };
  }

  #headOf(stays: Membership[]): Head {
    const { conv, id, form } = stays[0]!;
    const last = stays.at(-1)!;
    const rows = this.#sql.members.all(conv) as unknown as {
      user: string;
      from_n: number;
      until_n: number | null;
      role: number;
    }[];
    // Who came or went after one's own last place is none of one's business.
    const end = lastPlace(last);
    const members = rows
      .filter(({ from_n }) => from_n <= end)
      .map(({ user, from_n, until_n, role }) => ({
        user,
        since: from_n,
        ...(until_n === null || until_n > end + 1 ? {} : { until: until_n }),
        ...(form === 'group' ? { role: ROLES[role]! } : {}),
      }));
    const ranges = stays.map((one): [number, number] => [one.from_n, lastPlace(one)]);
    const { m, h, time } =
      last.until_seq === null
        ? last
        : (this.#sql.end.get(last.until_seq) as { m: number; h: Uint8Array; time: number });
    return { conv: id, form, members, ranges, n: end, m, h: hexOf(h), time };
  }
}
