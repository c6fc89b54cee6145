/** Who is known on this device, and who is in a group: as the log told of them. */
import type { GroupFacts, GroupMember, KnownPerson } from '@matchbook/protocol/bridge/people';
import type { Body, Role } from '@matchbook/protocol/entries';
import type { Database } from '../files/database.ts';

/** People that one list has. */
const LISTED = 20_000;
const RANK: Record<Role, number> = { owner: 0, admin: 1, member: 2 };

interface ProfileRow {
  user: string;
  name: string;
  avatar: string | null;
  status: string | null;
  statusUntil: number | null;
  blocked: number;
}

export class People {
  readonly #db: Database;
  readonly #account: string;
  readonly #user: string;

  constructor(db: Database, account: string, user: string) {
    this.#db = db;
    this.#account = account;
    this.#user = user;
  }

  /** Everybody but oneself. */
  known(): KnownPerson[] {
    return this.#db
      .all<ProfileRow>(
        `SELECT user, name, avatar, status, status_until AS statusUntil, EXISTS (SELECT 1 FROM own_register AS b
           WHERE b.account = profile.account AND b.reg = 'block' AND b.conv = '' AND b.about = profile.user AND b.value = 1) AS blocked
         FROM profile WHERE account = ? AND user <> ? ORDER BY name COLLATE NOCASE, user LIMIT ${LISTED}`,
        this.#account,
        this.#user,
      )
      .map(({ user, name, avatar, status, statusUntil, blocked }) => ({
        ...{ user, name, avatar, blocked: blocked === 1 },
        status:
          status === null ? null : { text: status, ...(statusUntil === null ? {} : { until: statusUntil }) },
      }));
  }

  group(conv: string): GroupFacts {
    const about = this.#db.get<{ settings: string | null }>(
      'SELECT settings FROM conversation WHERE account = ? AND conv = ?',
      this.#account,
      conv,
    );
    const members = this.#db.all<GroupMember>(
      `SELECT member.user AS user, name, avatar, role FROM member LEFT JOIN profile USING (account, user)
       WHERE member.account = ? AND conv = ? AND until IS NULL ORDER BY name COLLATE NOCASE, member.user`,
      this.#account,
      conv,
    );
    return {
      conv,
      members: members.sort((one, other) => RANK[one.role] - RANK[other.role]),
      settings: about?.settings ? (JSON.parse(about.settings) as Body) : null,
    };
  }
}
