import { chainLink } from '@matchbook/protocol/chain';
import type { Entries, Head, Heads, Page } from '@matchbook/protocol/frames';
import { placesBetween } from '../entries/changed-places.ts';
import { contentHashOf, type EntryRow, saysOf } from '../entries/entry-row.ts';
import type { EntryRows } from '../entries/entry-rows.ts';
import type { Holes } from '../entries/holes.ts';
import {
  bytesOf,
  type Full,
  fullOf,
  hashOf,
  type Incoming,
  incoming,
  type Placed,
} from '../entries/incoming.ts';
import type { OwnRegister, Registers } from '../entries/registers.ts';
import type { Database } from '../files/database.ts';
import type { Conversations } from '../lists/conversations.ts';
import { type Content, type EntryContent, isEntry } from '../outbox/item.ts';
import type { SearchIndex } from '../search/search-index.ts';
import { brokenLinks } from './chain-check.ts';
import { IntakeBook, type Moving } from './intake-book.ts';
import { IntakeChanges, SYSTEM, type Taken } from './intake-changes.ts';

/** How an entry came: `frame` moves what is known, the others only add rows. `chosen`: single ones, that somebody asked for. */
type Way = 'frame' | 'page' | 'chosen' | 'ack';

export interface IntakeParts {
  db: Database;
  account: string;
  user: string;
  rows: EntryRows;
  holes: Holes;
  conversations: Conversations;
  registers: Registers;
  index: SearchIndex;
  /** Content of an own item that is still in the outbox. */
  composed: (id: string) => Content | null;
}

/**
 * Takes entries in, inside the caller's transaction: each id once, each n once, what is skipped as a hole, and the chain
 * checked wherever the entry before is there. What contradicts what is stored is noted as a fault and changes nothing: the
 * first stays.
 */
export class Intake {
  readonly #parts: IntakeParts;
  /** Places that got a row, of which the chain is checked at the end. */
  readonly #touched = new Map<string, Set<number>>();
  /** Messages whose text may be another one now. */
  readonly #reindex = new Map<string, Set<number>>();
  /** Conversations whose members, names or the like are to be folded anew. */
  readonly #refold = new Set<string>();

  readonly #book: IntakeBook;
  readonly #changes: IntakeChanges;

  constructor(parts: IntakeParts) {
    this.#parts = parts;
    this.#changes = new IntakeChanges(parts.rows);
    this.#book = new IntakeBook(parts.conversations, parts.rows, parts.holes);
  }

  entries(frame: Entries): void {
    this.#book.expect(frame.items);
    for (const item of frame.items) this.#item(incoming(item), 'frame');
  }

  page(frame: Page, way: 'page' | 'chosen' = 'page'): void {
    this.#book.expect(frame.items);
    for (const item of frame.items) this.#item(incoming(item), way);
  }

  heads(frame: Heads): void {
    for (const head of frame.conversations) this.#head(head);
    for (const register of frame.registers) {
      const item = incoming(register);
      if (item.is === 'own') this.#ownRegister(item.register, true);
      else this.#item(item, 'frame');
    }
  }

  /** One of one's own registers, as an answer told it. */
  register(present: object): void {
    const item = incoming(present);
    if (item.is === 'own') this.#ownRegister(item.register, false);
  }

  /** An own item that the log has: where it is, with the content from the outbox. */
  acked(place: Placed, id: string, time: number, content: Content): void {
    const entry = this.#own(place, id, time, content);
    if (!entry) return;
    // Of two creations of a direct conversation the log keeps the first, and tells the second where that is: no row of ours.
    const follows = entry.hash !== null && chainLink(null, id, 'create', bytesOf(entry.hash)) === place.h;
    if (entry.kind === 'create' && (place.n !== 1 || !follows)) {
      this.#changes.taken.arrived.add(id);
      return;
    }
    this.#entry(entry, 'ack');
    this.#changes.taken.arrived.add(id);
  }

  /** A row of a damaged file, that its chain vouches for. Nothing is known to be missing by it. */
  salvaged(entry: Full): void {
    this.#entry(entry, 'page');
  }

  /** To be called once, at the end: checks the chain, derives what lists show, and tells what changed. */
  finish(): Taken {
    this.#book.flush();
    for (const [conv, places] of this.#touched)
      for (const { n, detail } of brokenLinks(this.#parts.rows, conv, places))
        this.#fault({ conv, n }, 'chain', detail);
    for (const [conv, places] of this.#reindex)
      for (const n of [...places].sort((a, b) => a - b)) this.#parts.index.put(conv, n);
    for (const conv of this.#refold) this.#parts.conversations.refold(conv);
    const { taken } = this.#changes;
    for (const conv of taken.convs) this.#parts.conversations.refresh(conv);
    return taken;
  }

  #item(item: Incoming, way: Way): void {
    const { registers, conversations, user } = this.#parts;
    switch (item.is) {
      case 'position':
        this.#position(item);
        return;
      case 'profile':
        if (!registers.profile(item)) return;
        for (const conv of conversations.members.of(item.user)) this.#changes.add(conv, []);
        return;
      case 'own':
        this.#ownRegister(item.register, false);
        return;
      case 'unknown':
        registers.unknown(item.raw);
        return;
      case 'entry':
        this.#entry(item, way);
        return;
      case 'hidden':
        this.#placed(item, way, null, ({ time }) =>
          this.#parts.rows.insertPlace(item, 'hidden', time, item.raw),
        );
        return;
      case 'stub': {
        const present = this.#parts.rows.byId(user, item.id);
        const content = this.#parts.composed(item.id);
        const entry = content && this.#own(item, item.id, item.time, content);
        if (entry) this.#entry(entry, way);
        else if (present?.conv === item.conv && present.n === item.n) this.#placed(item, way, null, () => {});
        else this.#missing(item, way);
      }
    }
  }

  #ownRegister(register: OwnRegister, snapshot: boolean): void {
    const { registers, conversations, user } = this.#parts;
    // Somebody else's is none of this device's business; a relay that sends it is wrong.
    if (register.user !== user || !registers.takeOwn(register, snapshot)) return;
    if (register.reg === 'draft') this.#changes.taken.drafts.add(register.conv);
    if (register.reg === 'unread') conversations.unreadFrom(register.conv, register.value);
    if (register.reg === 'block') this.#changes.taken.list = true;
    else if (conversations.find(register.conv))
      this.#changes.add(
        register.conv,
        register.reg === 'deleted_for_me' ? null : register.reg === 'saved' ? [register.target] : [],
      );
  }

  #position(item: Extract<Incoming, { is: 'position' }>): void {
    const { registers, conversations, user } = this.#parts;
    const before = registers.positionOf(item.conv, item.user);
    if (!registers.position(item)) return;
    // A position may come before the conversation's first entry does; it is kept, and shown once there is one.
    if (!conversations.find(item.conv)) return;
    // How far one has read oneself is said of the conversation; how far another one is, of each message up to there.
    this.#changes.add(item.conv, item.user === user ? [] : placesBetween(before[item.reg], item.n));
  }

  #entry(entry: Full, way: Way): void {
    const { rows, user, composed } = this.#parts;
    const own = entry.sender === user;
    const about = this.#placed(entry, way, entry, () => {
      if (rows.insert(entry, own, way === 'ack')) return;
      this.#fault(entry, 'duplicate', JSON.stringify(entry));
      rows.insertPlace(entry, 'duplicate', entry.time, JSON.stringify(entry));
    });
    this.#follow(entry, way);
    if ((entry.kind === 'message' || entry.kind === 'create') && entry.n >= about.headN)
      about.time = entry.time;
    if (!own || way === 'ack') return;
    // Matched by id and content: an item that says something else is not what the log has.
    const content = composed(entry.id);
    const stored = rows.byId(entry.sender, entry.id);
    if (
      content &&
      stored &&
      (sameContent(stored, content) || entry.hash === contentHash(stored.conv, content))
    )
      this.#changes.taken.arrived.add(entry.id);
  }

  /** What an entry changes besides being there. The log's order decides, not the order in which it comes: all of this may be repeated. */
  #follow(entry: Full, way: Way): void {
    const { rows } = this.#parts;
    const { conv, n, kind, target } = entry;
    this.#changes.about(entry);
    if (SYSTEM.has(kind)) this.#refold.add(conv);
    else if (kind === 'delete' && target !== null) {
      this.#book.erased(conv, target);
      rows.erase(conv, target);
      this.#changes.taken.erased = true;
    } else if (kind === 'message' || kind === 'edit') {
      const message = target ?? n;
      // What fills holes comes in masses, and somebody waits for it: it is indexed afterwards, beside everything else.
      if (way === 'page' && kind === 'message') this.#changes.taken.unindexed = true;
      else addTo(this.#reindex, conv, message);
      if (this.#book.isErased(conv, message)) rows.erase(conv, message);
    }
  }

  /** What all entries with a place have in common. `insert` is called where n is still free. */
  #placed(place: Placed, way: Way, entry: Full | null, insert: (about: Moving) => void): Moving {
    const { rows, holes, user } = this.#parts;
    const { conv, n } = place;
    let about = this.#book.about(conv, 'direct', entry?.time ?? 0);
    const present = this.#book.isFree(conv, n) ? undefined : rows.at(conv, n);
    if (present && present.h === place.h) {
      rows.merge(present, entry, entry?.sender === user, way === 'frame');
    } else if (present && present.acked === 1 && way !== 'ack') {
      this.#changes.add(conv, null);
      // Only an ack told of it, and a log that was put back to an older copy has another entry here: the log decides.
      this.#book.leave(conv);
      rows.displace(conv, n, false);
      if (about.headN > n) holes.add(conv, n + 1, about.knownN);
      about = this.#book.about(conv, 'direct', entry?.time ?? 0);
      insert(about);
    } else if (present) {
      this.#fault(place, 'conflict', JSON.stringify(entry ?? place));
    } else {
      insert(about);
    }
    const skips = way === 'frame' && n > about.knownN + 1 && !(entry && admits(entry, user));
    if (skips) holes.add(conv, about.knownN + 1, n - 1);
    // What fills a hole, or leaves one, changes more than its own row.
    if (skips || way === 'page') this.#changes.add(conv, null);
    this.#book.taken(conv, n);
    this.#book.advance(about, place, way === 'frame');
    this.#touch(conv, n);
    return about;
  }

  /** Content that is neither here nor in the outbox: the place is known to be missing. */
  #missing(place: Placed & { time: number }, way: Way): void {
    const { holes } = this.#parts;
    const about = this.#book.about(place.conv, 'direct', place.time);
    const from = way === 'frame' ? Math.min(about.knownN + 1, place.n) : place.n;
    holes.add(place.conv, from, place.n);
    this.#book.advance(about, place, way === 'frame');
    this.#changes.add(place.conv, null);
  }

  #head(head: Head): void {
    const { rows, holes, conversations } = this.#parts;
    const { conv } = head;
    this.#book.leave(conv);
    conversations.ensure(conv, head.form, head.time);
    const present = rows.at(conv, head.n);
    // Another h at the same n: what is stored here is not this log's. Kept aside, and filled anew.
    if (present && present.h !== head.h) rows.displace(conv, 0, false);
    else rows.displace(conv, head.n + 1, true);
    conversations.reset(head, rows.highest(conv));
    const evicted = holes.evicted(conv);
    holes.clear(conv);
    for (const [from, to] of head.ranges) holes.add(conv, from, to);
    for (const { from, to } of evicted) holes.mark(conv, from, to, true);
    this.#changes.add(conv, null);
  }

  /** An own entry as a frame would have brought it to another device. */
  #own({ conv, n, m, h }: Placed, id: string, time: number, content: Content): Full | null {
    if (!isEntry(content)) return null;
    return fullOf({ conv, n, m, h, id, time, sender: this.#parts.user, ...content });
  }

  #touch(conv: string, n: number): void {
    addTo(this.#touched, conv, n);
    this.#changes.add(conv, [n]);
  }

  /** A row of this conversation shows it differently now. */
  changed(conv: string): void {
    this.#changes.add(conv, null);
  }

  #fault({ conv, n }: { conv: string; n: number }, what: string, detail: string): void {
    this.#parts.db.run(
      'INSERT OR IGNORE INTO fault (account, conv, n, what, detail) VALUES (?, ?, ?, ?, ?)',
      this.#parts.account,
      conv,
      n,
      what,
      detail,
    );
    this.#changes.add(conv, null);
  }
}

function addTo(places: Map<string, Set<number>>, conv: string, n: number): void {
  const known = places.get(conv);
  if (known) known.add(n);
  else places.set(conv, new Set([n]));
}

/** What was said before one was let in is nobody's to fetch for one: it is not missing. */
function admits({ kind, raw }: Full, user: string): boolean {
  if (kind !== 'member_add') return false;
  const { users } = saysOf({ raw }) as { users?: unknown };
  return Array.isArray(users) && users.includes(user);
}

const contentHash = (conv: string, content: Content): string | null =>
  isEntry(content) ? hashOf(conv, content satisfies EntryContent) : null;

/** A stored row says what an outbox item says. */
export function sameContent(row: EntryRow, content: Content): boolean {
  const hash = contentHash(row.conv, content);
  return hash !== null && hash === contentHashOf(row);
}
