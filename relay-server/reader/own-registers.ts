import { LIMITS } from '@matchbook/protocol/limits';
import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';
import { FIRST_PRIVATE_KIND, KIND } from '../sequencer/schema.ts';

/** Members of one conversation, no more than are needed to know whether it is large. */
const SMALL = `(SELECT count(*) FROM (SELECT 1 FROM members AS one WHERE one.conv = mine.conv AND one.until_n IS NULL
  LIMIT ${LIMITS.smallGroup + 1})) <= ${LIMITS.smallGroup}`;
const MINE = 'mine.user = ?1 AND mine.until_n IS NULL';

/** Which registers a user is entitled to, as seqs of their rows. CROSS JOIN: from the few to the many, whatever SQLite guesses. */
export class OwnRegisters {
  readonly #after: StatementSyncInstance[];
  readonly #allProfiles: StatementSyncInstance;
  readonly #newProfiles: StatementSyncInstance;
  readonly #profilesOf: StatementSyncInstance;

  constructor(db: DatabaseSyncInstance) {
    const texts = [
      // Positions in conversations that the user is in; in large ones only their own.
      `SELECT registers.seq FROM members AS mine CROSS JOIN registers ON registers.conv = mine.conv
       WHERE ${MINE} AND ${SMALL} AND registers.kind IN (${KIND.delivered}, ${KIND.read}) AND registers.seq > ?2`,
      `SELECT registers.seq FROM members AS mine CROSS JOIN registers ON registers.conv = mine.conv
       AND registers.kind = ${KIND.read} AND registers.user = ?1 AND registers.target = 0
       WHERE ${MINE} AND NOT ${SMALL} AND registers.seq > ?2`,
      // What is the user's alone.
      `SELECT seq FROM registers WHERE user = ?1 AND kind > ${FIRST_PRIVATE_KIND} AND seq > ?2`,
      `SELECT seq FROM registers WHERE conv = 0 AND kind = ${KIND.profile} AND user = ?1 AND seq > ?2`,
    ];
    this.#after = texts.map((text) => db.prepare(text));
    this.#allProfiles = db.prepare(
      `SELECT DISTINCT registers.seq FROM members AS mine
       CROSS JOIN members AS other ON other.conv = mine.conv AND other.until_n IS NULL
       CROSS JOIN registers ON registers.conv = 0 AND registers.kind = ${KIND.profile} AND registers.user = other.user
         AND registers.target = 0
       WHERE ${MINE} AND ?2 = 0`,
    );
    // Few profiles change: those that did, if their users share something.
    this.#newProfiles = db.prepare(
      `SELECT registers.seq FROM registers WHERE registers.kind = ${KIND.profile} AND registers.seq > ?2 AND EXISTS (
         SELECT 1 FROM members AS mine JOIN members AS other ON other.conv = mine.conv AND other.user = registers.user
         AND other.until_n IS NULL WHERE ${MINE})`,
    );
    this.#profilesOf = db.prepare(
      `SELECT registers.seq, members.from_seq AS since FROM members
       CROSS JOIN registers ON registers.conv = 0 AND registers.kind = ${KIND.profile} AND registers.user = members.user
         AND registers.target = 0
       WHERE members.conv = ? AND members.from_seq > ? AND members.until_n IS NULL`,
    );
  }

  /** Those that were set after a seq, each once. From the beginning, profiles of others come with the places where one met them. */
  after(user: number, seq: number): Set<number> {
    return this.#seqs(seq === 0 ? this.#after : [...this.#after, this.#newProfiles], user, seq);
  }

  /** All of them. */
  all(user: number): Set<number> {
    return this.#seqs([...this.#after, this.#allProfiles], user, 0);
  }

  #seqs(statements: StatementSyncInstance[], user: number, after: number): Set<number> {
    const seqs = new Set<number>();
    for (const statement of statements)
      for (const row of statement.all(user, after) as unknown as { seq: number }[]) seqs.add(row.seq);
    return seqs;
  }

  /** Profiles of the members of a conversation who joined after a seq, and when they did. */
  profilesOf(conv: number, after: number): { seq: number; since: number }[] {
    return this.#profilesOf.all(conv, after) as unknown as { seq: number; since: number }[];
  }
}
