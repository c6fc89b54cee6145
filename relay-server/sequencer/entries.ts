import type { AppendEntry } from '@matchbook/protocol/entries';
import { LIMITS } from '@matchbook/protocol/limits';
import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';
import { hexOf, packId } from './compact.ts';
import type { HitFailpoint } from './failpoint.ts';
import type { Conversation, Folded } from './folded.ts';
import { chainHash, chainOf, contentOf } from './marks.ts';
import type { Committed, EntryPlace } from './messages.ts';
import { PLACE_STEP, type Places } from './places.ts';
import type { Registers } from './registers.ts';
import { entryJson, factsOf } from './rows.ts';
import { GONE, KIND, KIND_NAME } from './schema.ts';
import type { Tail } from './tail.ts';

/** Who asks for an entry, and from which connection. */
export interface Author {
  user: string;
  peer: number;
}

interface Known {
  hash: Uint8Array | null;
  n: number;
  m: number;
  marks: Uint8Array;
  time: number;
}

/** A fresh entry has its body; its marks are not asked for. */
const NO_MARKS = new Uint8Array();

const placeOf = ({ n, m, marks, time }: Omit<Known, 'hash'>): EntryPlace => ({
  n,
  m,
  h: chainOf(marks),
  time,
});

/** Writes entries of scope *conversation*: ids, chain, row, and what follows from them for members and bodies. */
export class Entries {
  readonly #folded: Folded;
  readonly #tail: Tail;
  readonly #registers: Registers;
  readonly #places: Places;
  readonly #now: () => number;
  readonly #hit: HitFailpoint;
  readonly #sql: Record<
    'claim' | 'unclaim' | 'known' | 'alias' | 'insertPlace' | 'at' | 'erase' | 'edits' | 'place',
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
      // One statement for both: is it new, and if so, it is taken.
      claim: sql('INSERT INTO ids (id, sender, seq) VALUES (?, ?, ?) ON CONFLICT DO NOTHING'),
      unclaim: sql('DELETE FROM ids WHERE id = ? AND sender = ?'),
      known: sql(
        `SELECT ids.hash, log.n, log.m, log.marks, log.time FROM ids JOIN log ON log.seq = ids.seq
         WHERE ids.id = ? AND ids.sender = ?`,
      ),
      alias: sql('UPDATE ids SET seq = ?, hash = ? WHERE id = ? AND sender = ?'),
      insertPlace: sql('INSERT INTO places (conv, n, seq) VALUES (?, ?, ?)'),
      place: sql('SELECT m, marks, time FROM log WHERE seq = ?'),
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

  /**
   * Takes an id for the entry that comes next; null where it is new. Otherwise its first answer, or that it was used for other content.
   *
   * @param hash of the content, hex
   */
  claim(sender: string, id: string, hash: string): EntryPlace | 'conflict' | null {
    const packed = packId(id);
    const key = this.#folded.userKey(sender);
    if (this.#sql.claim.run(packed, key, this.#tail.head.seq + 1).changes === 1) return null;
    const known = this.#sql.known.get(packed, key) as unknown as Known;
    const first = known.hash ? hexOf(known.hash) : contentOf(known.marks);
    return first === hash ? placeOf(known) : 'conflict';
  }

  /** What claimed the id was refused. */
  unclaim(sender: string, id: string): void {
    this.#sql.unclaim.run(packId(id), this.#folded.userKey(sender));
  }

  /** A direct conversation has one creation; later ones are told where it is, and their ids are used up all the same. */
  creationAgain(conversation: Conversation, sender: string, id: string, hash: string): EntryPlace {
    const { seq } = this.#places.find(conversation, 1)!;
    const key = this.#folded.userKey(sender);
    this.#sql.alias.run(seq, Buffer.from(hash, 'hex'), packId(id), key);
    return placeOf({ n: 1, ...(this.#sql.place.get(seq) as unknown as Omit<Known, 'n'>) });
  }

  /** What stands at a place. */
  at(conversation: Conversation, n: number): { kind: string; sender: string; erased: boolean } {
    const { seq } = this.#places.find(conversation, n)!;
    const row = this.#sql.at.get(seq) as { kind: number; sender: string; gone: number };
    return { kind: KIND_NAME.get(row.kind)!, sender: row.sender, erased: (row.gone & GONE.replaced) !== 0 };
  }

  /** @param hash of the content, hex */
  write(
    conversation: Conversation,
    { user, peer }: Author,
    item: AppendEntry,
    hash: string,
  ): { place: EntryPlace; committed: Committed } {
    const { id, kind } = item;
    this.#folded.touch(conversation, this.#tail.head.seq + 1);
    const prev = conversation.n === 0 ? null : conversation.seq;
    conversation.h = chainHash(conversation.n === 0 ? '' : conversation.h, id, kind, hash);
    conversation.n += 1;
    if (kind === 'message') conversation.m += 1;
    this.#folded.grown(conversation);
    conversation.time = Math.max(conversation.time, this.#now());
    const { key, id: conv, n, m, h, time } = conversation;
    const sender = this.#folded.userKey(user);
    const { type = null, body = null, position = null, target = null } = factsOf(item);
    const entry = { kind, conv: key, n, m, h, id: packId(id), sender, time, hash, prev, type, body };
    const about = position === null && target === null ? null : { position, target };
    const { seq, running } = this.#tail.entry(entry, about);
    conversation.seq = seq;
    if (n % PLACE_STEP === 0) this.#sql.insertPlace.run(key, n, seq);
    this.#hit('after_insert');
    const row = { kind: KIND[kind], type, body, position, target, gone: 0, marks: NO_MARKS };
    const { json, cut } = entryJson({ conv, n, m, h, id, sender: user, time }, kind, row);
    const committed: Committed = { seq, running, json, hash, conv, user, n, peer, cut };
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
        this.#entitled(conversation, item.members, committed);
        return;
      }
      case 'member_add':
        this.#folded.join(conversation, item.users, () => 'member');
        this.#entitled(conversation, item.users, committed);
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
  #entitled(conversation: Conversation, joined: string[], committed: Committed): void {
    committed.joined = joined;
    const { members } = conversation;
    if (members.size <= LIMITS.smallGroup) committed.beside = this.#registers.profiles(members.keys());
    else if (joined.length <= LIMITS.smallGroup) {
      committed.beside = this.#registers.profiles(joined);
      committed.walk = 'joined';
    } else committed.walk = 'all';
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
