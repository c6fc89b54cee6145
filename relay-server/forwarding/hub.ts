import { encodeCursor } from '@matchbook/protocol/cursor';
import type { Committed, FoldedState, GroupCommit, LogHead } from '../sequencer/messages.ts';
import type { Gathering, Turn } from '../wire/turn.ts';
import { Bundle } from './bundle.ts';
import { ManyMap } from './many-map.ts';

/** A committed item and who it belongs to, as of its place in the log. */
export interface HubItem extends Committed {
  audience: ReadonlySet<string>;
}

/** A device at the head. */
export interface Listener extends Gathering {
  readonly user: string;
  deliver(item: HubItem): void;
}

/** Items kept for those who are about to come level and for the persister, and their bytes. */
const RING = { items: 2_048, bytes: 8 * 1024 * 1024 };

const NOBODY: ReadonlySet<string> = new Set();

/**
 * Who listens at the head. Membership is folded here in log order, as groups commit: an item goes to those who are members at
 * its own place. Everything happens in turns of the main thread, so a position compared with `head` in the turn in which a
 * listener attaches leaves no seam.
 */
export class Hub {
  readonly #members = new Map<string, ReadonlySet<string>>();
  readonly #conversations = new Map<string, Set<string>>();
  readonly #listeners = new ManyMap<string, Listener>();
  readonly #blocks = new Set<string>();
  readonly #limits: typeof RING;
  readonly #turn: Turn;
  #ring: HubItem[] = [];
  #ringBytes = 0;
  /** Everything after this seq is in the ring. */
  #ringFrom: number;
  #head: LogHead;
  #cursor: string;
  /** Where everybody's bundle of this turn begins. */
  #start = new Bundle();

  constructor(folded: FoldedState, turn: Turn, ring = RING) {
    this.#limits = ring;
    this.#head = folded.head;
    this.#cursor = encodeCursor(folded.head);
    this.#ringFrom = folded.head.seq;
    this.#turn = turn;
    for (const [conv, members] of folded.conversations) this.#join(conv, members);
    for (const [owner, other] of folded.blocks) this.#blocks.add(`${owner} ${other}`);
  }

  get head(): LogHead {
    return this.#head;
  }

  /** Cursor at the head, encoded once. */
  get cursor(): string {
    return this.#cursor;
  }

  /** The empty bundle of this turn. */
  get start(): Bundle {
    return this.#start;
  }

  /** Present members of a conversation. */
  members(conv: string): ReadonlySet<string> {
    return this.#members.get(conv) ?? NOBODY;
  }

  /** Conversations that a user is in. */
  conversations(user: string): ReadonlySet<string> {
    return this.#conversations.get(user) ?? NOBODY;
  }

  /** Whether `owner` takes no messages from `other`. */
  blocks(owner: string, other: string): boolean {
    return this.#blocks.has(`${owner} ${other}`);
  }

  attach(listener: Listener): void {
    this.#listeners.add(listener.user, listener);
  }

  detach(listener: Listener): void {
    this.#listeners.delete(listener.user, listener);
    this.#turn.forget(listener);
  }

  publish({ committed, head }: GroupCommit): void {
    this.#head = head;
    this.#cursor = encodeCursor(head);
    this.#start = new Bundle();
    let audience: ReadonlySet<string> = NOBODY;
    let listeners: Listener[] = [];
    for (const one of committed) {
      if (one.conv !== null && one.joined) this.#join(one.conv, one.joined);
      if (one.block?.on) this.#blocks.add(`${one.user} ${one.block.of}`);
      else if (one.block) this.#blocks.delete(`${one.user} ${one.block.of}`);
      const item: HubItem = Object.assign(one, { audience: this.#audience(one) });
      // Who goes still sees the entry that says so.
      if (one.conv !== null && one.left) this.#leave(one.conv, one.left);
      this.#keep(item);
      if (one.json === '') continue;
      // Entries of one conversation often come in a row, and have the same listeners.
      if (item.audience !== audience) {
        audience = item.audience;
        listeners = [...audience].flatMap((user) => this.#listeners.of(user));
        for (const listener of listeners) this.#turn.delivered(listener);
      }
      for (const listener of listeners) listener.deliver(item);
    }
  }

  /** A user's items after a seq, or null where they are no longer kept. */
  since(seq: number, user: string): HubItem[] | null {
    if (seq < this.#ringFrom) return null;
    return this.#ring.slice(this.#after(seq)).filter((item) => item.audience.has(user) && item.json !== '');
  }

  /** All items after a seq, at most so many; null where they are no longer kept. */
  after(seq: number, count: number): readonly HubItem[] | null {
    if (seq < this.#ringFrom) return null;
    const from = this.#after(seq);
    return this.#ring.slice(from, from + count);
  }

  /** Index of the first item after a seq. */
  #after(seq: number): number {
    let [low, high] = [0, this.#ring.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#ring[middle]!.seq > seq) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #audience({ conv, user, to }: Committed): ReadonlySet<string> {
    if (conv !== null) return this.#members.get(conv) ?? NOBODY;
    if (to === 'owner') return new Set([user]);
    const sharing = new Set([user]);
    for (const one of this.#conversations.get(user) ?? [])
      for (const member of this.#members.get(one) ?? NOBODY) sharing.add(member);
    return sharing;
  }

  #join(conv: string, users: readonly string[]): void {
    this.#members.set(conv, new Set([...(this.#members.get(conv) ?? []), ...users]));
    for (const user of users) {
      const set = this.#conversations.get(user);
      if (set) set.add(conv);
      else this.#conversations.set(user, new Set([conv]));
    }
  }

  #leave(conv: string, users: readonly string[]): void {
    const left = new Set(this.#members.get(conv));
    for (const user of users) {
      left.delete(user);
      this.#conversations.get(user)?.delete(conv);
    }
    this.#members.set(conv, left);
  }

  #keep(item: HubItem): void {
    this.#ring.push(item);
    this.#ringBytes += item.json.length;
    if (this.#ring.length <= this.#limits.items && this.#ringBytes <= this.#limits.bytes) return;
    // Half at a time, so that the cost of moving the rest is shared by many items.
    const dropped = this.#ring.splice(0, Math.ceil(this.#ring.length / 2));
    for (const one of dropped) this.#ringBytes -= one.json.length;
    this.#ringFrom = dropped.at(-1)!.seq;
  }
}
