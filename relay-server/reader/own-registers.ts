import { LIMITS } from '@matchbook/protocol/limits';
import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';
import { FIRST_PRIVATE_KIND, KIND } from '../sequencer/schema.ts';

/** Which registers a user is entitled to, as seqs of their rows. */
export class OwnRegisters {
  readonly #entitled: StatementSyncInstance[];
  readonly #profilesOf: StatementSyncInstance;

  constructor(db: DatabaseSyncInstance) {
    const small = `(SELECT count(*) FROM members AS all_ WHERE all_.conv = mine.conv AND all_.until_n IS NULL) <= ${LIMITS.smallGroup}`;
    const texts = [
      // Positions in conversations that the user is in; in large ones only their own.
      `SELECT registers.seq FROM members AS mine JOIN registers ON registers.conv = mine.conv
       WHERE mine.user = ?1 AND mine.until_n IS NULL AND registers.kind < ${FIRST_PRIVATE_KIND} AND registers.seq > ?2
         AND (registers.user = ?1 OR ${small})`,
      // Profiles of those who share a conversation, and one's own.
      `SELECT DISTINCT registers.seq FROM members AS mine
       JOIN members AS other ON other.conv = mine.conv AND other.until_n IS NULL
       JOIN registers ON registers.conv = 0 AND registers.kind = ${KIND.profile} AND registers.user = other.user
       WHERE mine.user = ?1 AND mine.until_n IS NULL AND registers.seq > ?2
       UNION SELECT seq FROM registers WHERE conv = 0 AND kind = ${KIND.profile} AND user = ?1 AND seq > ?2`,
      // What is the user's alone.
      `SELECT seq FROM registers WHERE user = ?1 AND kind > ${FIRST_PRIVATE_KIND} AND seq > ?2`,
    ];
    this.#entitled = texts.map((text) => db.prepare(text));
    this.#profilesOf = db.prepare(
      `SELECT registers.seq FROM members JOIN registers ON registers.conv = 0 AND registers.kind = ${KIND.profile}
       AND registers.user = members.user WHERE members.conv = ? AND members.until_n IS NULL`,
    );
  }

  /** Those that were set after a seq, each once. */
  after(user: number, seq: number): Set<number> {
    const seqs = new Set<number>();
    for (const statement of this.#entitled)
      for (const row of statement.all(user, seq) as unknown as { seq: number }[]) seqs.add(row.seq);
    return seqs;
  }

  /** Profiles of the members of a conversation. */
  profilesOf(conv: number): number[] {
    return (this.#profilesOf.all(conv) as unknown as { seq: number }[]).map(({ seq }) => seq);
  }
}
