import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';
import type { Folded } from './folded.ts';
import type { Committed } from './messages.ts';
import { itemOf, type LogRow, ROW_SELECT } from './rows.ts';
import { KIND } from './schema.ts';
import type { Tail } from './tail.ts';

export type RegisterKind = 'delivered' | 'read' | 'profile';

interface Present {
  seq: number;
  position: number | null;
  body: string | null;
}

/** One row a key: setting a register empties the row it had and writes the new one at the end of the log. */
export class Registers {
  readonly #folded: Folded;
  readonly #tail: Tail;
  readonly #sql: Record<'find' | 'point' | 'supersede' | 'row', StatementSyncInstance>;

  constructor(db: DatabaseSyncInstance, folded: Folded, tail: Tail) {
    this.#folded = folded;
    this.#tail = tail;
    this.#sql = {
      find: db.prepare(
        `SELECT registers.seq, log.position, log.body FROM registers JOIN log ON log.seq = registers.seq
         WHERE registers.conv = ? AND registers.kind = ? AND registers.user = ?`,
      ),
      point: db.prepare('INSERT OR REPLACE INTO registers (conv, kind, user, seq) VALUES (?, ?, ?, ?)'),
      supersede: db.prepare(
        'UPDATE log SET superseded = 1, m = NULL, body = NULL, position = NULL WHERE seq = ?',
      ),
      row: db.prepare(`${ROW_SELECT} WHERE log.seq = ?`),
    };
  }

  /** A name that is the present one writes nothing: null. */
  setProfile(user: string, name: string, time: number): Committed | null {
    const present = this.#find(0, 'profile', user);
    if (present?.body === name) return null;
    const place = this.#replace(present, 0, 'profile', user, { bytes: name, body: name, time });
    return {
      ...place,
      json: JSON.stringify({ reg: 'profile', user, name, time }),
      conv: null,
      user,
      entry: null,
    };
  }

  /** Positions only climb (I9): what does not, writes nothing. */
  setPosition(
    reg: 'delivered' | 'read',
    conv: string,
    user: string,
    { n, m, time }: { n: number; m: number; time: number },
  ): Committed | null {
    const { key } = this.#folded.conversation(conv)!;
    const present = this.#find(key, reg, user);
    if (present && (present.position ?? 0) >= n) return null;
    const bytes = `${conv}\0${n}`;
    const place = this.#replace(present, key, reg, user, { bytes, position: n, m, time });
    return { ...place, json: JSON.stringify({ reg, conv, user, n, m, time }), conv, user, entry: null };
  }

  /** Present profiles, encoded. */
  profiles(users: readonly string[]): string[] {
    const found = users.map((user) => this.#find(0, 'profile', user)).filter((one) => one !== undefined);
    return found.map(({ seq }) => JSON.stringify(itemOf(this.#sql.row.get(seq) as unknown as LogRow)));
  }

  #find(conv: number, kind: RegisterKind, user: string): Present | undefined {
    return this.#sql.find.get(conv, KIND[kind], this.#folded.userKey(user)) as Present | undefined;
  }

  #replace(
    present: Present | undefined,
    conv: number,
    kind: RegisterKind,
    user: string,
    value: { bytes: string; time: number; body?: string; position?: number; m?: number },
  ): { seq: number; running: string } {
    const { bytes, ...columns } = value;
    if (present) this.#sql.supersede.run(present.seq);
    const sender = this.#folded.userKey(user);
    const { seq, running } = this.#tail.append(Buffer.from(`${kind}\0${user}\0${bytes}`), {
      kind,
      conv: conv || null,
      sender,
      ...columns,
    });
    this.#sql.point.run(conv, KIND[kind], sender, seq);
    return { seq, running };
  }
}
