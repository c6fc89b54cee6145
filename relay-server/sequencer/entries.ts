import { type Content, chainLink, contentHash } from '@matchbook/protocol/chain';
import type { AppendEntry } from '@matchbook/protocol/entries';
import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';
import { hexOf, packId } from './compact.ts';
import type { HitFailpoint } from './failpoint.ts';
import type { Conversation, Folded } from './folded.ts';
import type { Committed, EntryPlace } from './messages.ts';
import { PLACE_STEP, type Places } from './places.ts';
import type { Registers } from './registers.ts';
import { entryJson, factsOf } from './rows.ts';
import { GONE, KIND, KIND_NAME } from './schema.ts';
import { sha256, type Tail } from './tail.ts';

/** Who asks for an entry, and from where. */
export interface Author {
  user: string;
  device: string;
  peer: number;
}

interface KnownId {
  conv: number;
  n: number;
  m: number;
  h: Uint8Array;
  time: number;
  hash: Uint8Array;
}

/** Writes entries of scope *conversation*: ids, chain, row, and what follows from them for members and bodies. */
export class Entries {
  readonly #folded: Folded;
  readonly #tail: Tail;
  readonly #registers: Registers;
  readonly #places: Places;
  readonly #now: () => number;
  readonly #hit: HitFailpoint;
  readonly #sql: Record<
    'lookup' | 'insertId' | 'insertPlace' | 'first' | 'at' | 'erase' | 'edits',
    StatementSyncInstance
  >;

  constructor(
    db: DatabaseSyncInstance,
    parts: {
      folded: Folded;
      tail: Tail;
      registers: Registers;
      places: Places;
      now: () => number;
      hit: HitFailpoint;
    },
  ) {
    this.#folded = parts.folded;
    this.#tail = parts.tail;
    this.#registers = parts.registers;
    this.#places = parts.places;
    this.#now = parts.now;
    this.#hit = parts.hit;
    const sql = (text: string) => db.prepare(text);
    this.#sql = {
      lookup: sql('SELECT conv, n, m, h, time, hash FROM ids WHERE id = ? AND sender = ?'),
      insertId: sql(
        'INSERT INTO ids (id, sender, seq, conv, n, m, h, time, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
      ),
      insertPlace: sql('INSERT INTO places (conv, n, seq) VALUES (?, ?, ?)'),
      first: sql('SELECT seq, m, h, time FROM log WHERE seq = ?'),
      at: sql(
        `SELECT log.kind, users.id AS sender, log.gone FROM log JOIN users ON users.key = log.sender
         WHERE log.seq = ?`,
      ),
      erase: sql(`UPDATE log SET gone = gone | ${GONE.replaced}, type = NULL, body = NULL WHERE seq = ?`),
      edits: sql(
        `SELECT seq FROM log WHERE conv = ? AND target = ? AND n IS NOT NULL AND kind = ${KIND.edit}`,
      ),
    };
  }

  hashOf(conv: string, content: Content): Uint8Array {
    return contentHash(conv, content, sha256);
  }

  /** The first answer to this id, or that it was used for other content; null where it is new. */
  known(sender: string, id: string, hash: Uint8Array): EntryPlace | 'conflict' | null {
    const known = this.#sql.lookup.get(packId(id), this.#folded.keyIfThere(sender)) as KnownId | undefined;
    if (!known) return null;
    if (!Buffer.from(known.hash).equals(hash)) return 'conflict';
    return { n: known.n, m: known.m, h: hexOf(known.h), time: known.time };
  }

  /** A direct conversation has one creation; later ones are told where it is, and their ids are used up all the same. */
  creationAgain(conversation: Conversation, sender: string, id: string, hash: Uint8Array): EntryPlace {
    const { seq } = this.#places.find(conversation, 1)!;
    const first = this.#sql.first.get(seq) as { seq: number; m: number; h: Uint8Array; time: number };
    const key = this.#folded.userKey(sender);
    this.#sql.insertId.run(packId(id), key, seq, conversation.key, 1, first.m, first.h, first.time, hash);
    return { n: 1, m: first.m, h: hexOf(first.h), time: first.time };
  }

  /** What stands at a place. */
  at(conversation: Conversation, n: number): { kind: string; sender: string; erased: boolean } {
    const { seq } = this.#places.find(conversation, n)!;
    const row = this.#sql.at.get(seq) as { kind: number; sender: string; gone: number };
    return { kind: KIND_NAME.get(row.kind)!, sender: row.sender, erased: (row.gone & GONE.replaced) !== 0 };
  }

  write(
    conversation: Conversation,
    { user, device, peer }: Author,
    item: AppendEntry,
    hash: Uint8Array,
  ): { place: EntryPlace; committed: Committed } {
    const { id, kind } = item;
    this.#folded.touch(conversation);
    const prev = conversation.n === 0 ? undefined : conversation.seq;
    conversation.h = chainLink(conversation.n === 0 ? null : conversation.h, id, kind, hash, sha256);
    conversation.n += 1;
    if (kind === 'message') conversation.m += 1;
    conversation.time = Math.max(conversation.time, this.#now());
    const { key, id: conv, n, m, h, time } = conversation;
    const packed = packId(id);
    const chain = Buffer.from(h, 'hex');
    const sender = this.#folded.userKey(user);
    const facts = factsOf(item);
    const columns = {
      conv: key,
      n,
      m,
      h: chain,
      id: packed,
      sender,
      device: packId(device),
      time,
      hash,
      prev,
    };
    const { seq, running } = this.#tail.append(hash, { kind, ...columns, ...facts });
    conversation.seq = seq;
    this.#sql.insertId.run(packed, sender, seq, key, n, m, chain, time, hash);
    if (n % PLACE_STEP === 0) this.#sql.insertPlace.run(key, n, seq);
    this.#hit('after_insert');
    const row = {
      ...{ kind: KIND[kind], type: null, body: null, position: null, target: null, hash: null, gone: 0 },
      ...facts,
    };
    const { json, cut } = entryJson({ conv, n, m, h, id, sender: user, time }, kind, row);
    const committed: Committed = { seq, running, json, hash: hexOf(hash), conv, user, n, peer, cut };
    this.#follow(conversation, item, committed);
    return { place: { n, m, h, time }, committed };
  }

  /** What an entry changes besides being there. */
  #follow(conversation: Conversation, item: AppendEntry, committed: Committed): void {
    switch (item.kind) {
      case 'create': {
        const group = item.form === 'group';
        this.#folded.join(conversation, item.members, (user) =>
          group && user === committed.user ? 'owner' : 'member',
        );
        this.#entitled(item.members, item.members, committed);
        return;
      }
      case 'member_add':
        this.#folded.join(conversation, item.users, () => 'member');
        this.#entitled(item.users, conversation.members.keys(), committed);
        return;
      case 'member_remove':
      case 'member_leave': {
        const user = item.kind === 'member_leave' ? committed.user : item.user;
        this.#folded.leave(conversation, user);
        committed.left = [user];
        return;
      }
      case 'member_role':
        this.#folded.setRole(conversation, item.user, item.role);
        return;
      case 'delete':
        this.#erase(conversation, item.target);
        break;
      case 'edit':
      case 'reaction':
      case 'pin':
        break;
      default:
        return;
    }
    committed.hiddenFrom = this.#hiddenFrom(conversation, item.target);
  }

  /** New members may never have heard of the others, nor the others of them. */
  #entitled(joined: string[], everybody: Iterable<string>, committed: Committed): void {
    committed.joined = joined;
    committed.beside = this.#registers.profiles(everybody);
  }

  #hiddenFrom(conversation: Conversation, target: number): string[] {
    if (target >= conversation.lastJoin) return [];
    const late = [...conversation.members].filter(([, { from }]) => from > target);
    return late.map(([user]) => user).filter((user) => !this.#folded.maySee(conversation, user, target));
  }

  #erase(conversation: Conversation, target: number): void {
    this.#sql.erase.run(this.#places.find(conversation, target)!.seq);
    for (const { seq } of this.#sql.edits.all(conversation.key, target) as unknown as { seq: number }[])
      this.#sql.erase.run(seq);
  }
}
