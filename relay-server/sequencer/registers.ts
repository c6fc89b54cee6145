import type { AppendRegister } from '@matchbook/protocol/entries';
import type { InternalItem } from '@matchbook/protocol/http/appending';
import { LIMITS } from '@matchbook/protocol/limits';
import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';
import type { Conversation, Folded } from './folded.ts';
import type { Committed, OwnVersion } from './messages.ts';
import { itemJson, type LogRow, PROFILE_TYPE, ROW_SELECT } from './rows.ts';
import { KIND } from './schema.ts';
import type { NewRow, Tail } from './tail.ts';

type RegisterKind = 'delivered' | 'read' | 'profile' | Exclude<AppendRegister['kind'], 'read'>;

/** Which register: 0 where a part does not apply. */
interface Key {
  conv: number;
  kind: RegisterKind;
  user: string;
  target?: number;
}
interface Present {
  seq: number;
  version: number;
  time: number;
  position: number | null;
  type: string | null;
  body: string | Uint8Array | null;
  id: string | Uint8Array | null;
}

type ProfileFacts = Omit<Extract<InternalItem, { kind: 'profile' }>, 'id' | 'kind' | 'user'>;

export type SetOutcome = { committed: Committed | null; register: OwnVersion } | { conflict: string | null };

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
        `SELECT registers.seq, registers.version, log.time, log.position, log.type, log.body, log.id
         FROM registers JOIN log ON log.seq = registers.seq
         WHERE registers.conv = ? AND registers.kind = ? AND registers.user = ? AND registers.target = ?`,
      ),
      point: db.prepare(
        'INSERT OR REPLACE INTO registers (conv, kind, user, target, seq, version) VALUES (?, ?, ?, ?, ?, ?)',
      ),
      supersede: db.prepare(
        'UPDATE log SET gone = 1, m = NULL, id = NULL, type = NULL, body = NULL, position = NULL WHERE seq = ?',
      ),
      row: db.prepare(`${ROW_SELECT} WHERE log.seq = ?`),
    };
  }

  /** A profile that is the present one writes nothing: null. One that is only a name is kept as that, all else as JSON. */
  setProfile(user: string, facts: ProfileFacts, time: number): Committed | null {
    const key: Key = { conv: 0, kind: 'profile', user };
    const present = this.#find(key);
    const { name, ...more } = facts;
    const plain = Object.values(more).every((fact) => fact === undefined);
    const body = plain ? name : JSON.stringify(facts);
    const type = plain ? null : PROFILE_TYPE;
    if (present?.body === body && present.type === type) return null;
    const written = this.#replace(key, present, body, { body, time, ...(type ? { type } : {}) });
    return { ...written, conv: null, user, to: 'sharing' };
  }

  /** Positions only climb (I9): what does not, writes nothing. */
  setPosition(
    reg: 'delivered' | 'read',
    conversation: Conversation,
    user: string,
    { n, m, time }: { n: number; m: number; time: number },
  ): Committed | null {
    const key: Key = { conv: conversation.key, kind: reg, user };
    const present = this.#find(key);
    if (present && (present.position ?? 0) >= n) return null;
    const written = this.#replace(key, present, `${conversation.id}\0${n}`, { position: n, m, time });
    const small = conversation.members.size <= LIMITS.smallGroup;
    return small
      ? { ...written, conv: conversation.id, user }
      : { ...written, conv: null, user, to: 'owner' };
  }

  /**
   * What is the owner's alone. Asked again with the same id it changes nothing. With `replaces`, another version than the present one
   * is a conflict, which answers with what is there.
   */
  setOwn(
    item: Exclude<AppendRegister, { kind: 'read' }>,
    id: string | Uint8Array,
    conversation: Conversation | undefined,
    user: string,
    time: number,
  ): SetOutcome {
    const { kind, replaces } = item;
    const target = 'target' in item ? item.target : kind === 'block' ? this.#folded.userKey(item.of) : 0;
    const key: Key = { conv: kind === 'block' ? 0 : conversation!.key, kind, user, target };
    const present = this.#find(key);
    if (present && sameId(present.id, id))
      return { committed: null, register: { v: present.version, time: present.time } };
    const version = present?.version ?? 0;
    if (replaces !== undefined && replaces !== version)
      return { conflict: present ? itemJson(this.#row(present.seq)) : null };
    const value: Omit<NewRow, 'kind'> = { time, id, m: version + 1, target };
    if ('value' in item) value.position = item.value;
    if (item.kind === 'block') value.body = item.of;
    if (item.kind === 'draft' && item.body) {
      value.type = item.body.type;
      value.body = 'text' in item.body ? item.body.text : Buffer.from(item.body.data, 'base64url');
    }
    const said = `${conversation?.id ?? ''}\0${target}\0${value.position ?? ''}\0${value.type ?? ''}\0`;
    const written = this.#replace(key, present, said + String(value.body ?? ''), value);
    const block = item.kind === 'block' ? { block: { of: item.of, on: item.value === 1 } } : {};
    return {
      committed: { ...written, conv: null, user, to: 'owner', ...block },
      register: { v: version + 1, time },
    };
  }

  /** Whether `owner` takes no messages from `other`. */
  blocks(owner: string, other: string): boolean {
    const target = this.#folded.keyIfThere(other);
    return target !== 0 && this.#find({ conv: 0, kind: 'block', user: owner, target })?.position === 1;
  }

  /** Present profiles, encoded. */
  profiles(users: Iterable<string>): string[] {
    const found: string[] = [];
    for (const user of users) {
      const present = this.#find({ conv: 0, kind: 'profile', user });
      if (present) found.push(itemJson(this.#row(present.seq))!);
    }
    return found;
  }

  #row(seq: number): LogRow {
    return this.#sql.row.get(seq) as unknown as LogRow;
  }

  #find({ conv, kind, user, target = 0 }: Key): Present | undefined {
    const owner = this.#folded.keyIfThere(user);
    return this.#sql.find.get(conv, KIND[kind], owner, target) as Present | undefined;
  }

  #replace(
    { conv, kind, user, target = 0 }: Key,
    present: Present | undefined,
    bytes: string,
    columns: Omit<NewRow, 'kind'>,
  ): Omit<Committed, 'conv' | 'user' | 'to'> {
    if (present) this.#sql.supersede.run(present.seq);
    const sender = this.#folded.userKey(user);
    const { seq, running } = this.#tail.append(Buffer.from(`${kind}\0${user}\0${bytes}`), {
      kind,
      conv: conv || null,
      sender,
      ...columns,
    });
    this.#sql.point.run(conv, KIND[kind], sender, target, seq, (present?.version ?? 0) + 1);
    return { seq, running, json: itemJson(this.#row(seq))!, hash: '', n: 0, peer: 0, cut: 0 };
  }
}

function sameId(one: string | Uint8Array | null, other: string | Uint8Array): boolean {
  if (one === null || typeof one !== typeof other) return false;
  return typeof one === 'string' ? one === other : Buffer.from(one).equals(other as Uint8Array);
}
