import { encodeCursor } from '@matchbook/protocol/cursor';
import type { Committed, FoldedState, GroupResult, LogHead } from './sequencer/messages.ts';

/** A committed item and who it belongs to, as of its place in the log. */
export interface HubItem extends Committed {
  audience: ReadonlySet<string>;
}

/** A connection at the head. */
export interface Listener {
  readonly user: string;
  deliver(item: HubItem): void;
  /** All that was delivered in this tick, in one write. */
  flush(): void;
}

/** Items kept for those who are about to come level, and their bytes. */
const RING = { items: 8_192, bytes: 8 * 1024 * 1024 };

const NOBODY: ReadonlySet<string> = new Set();

/**
 * Who listens at the head. Membership is folded here in log order, as groups commit: an item goes to those who are members at
 * its own place. Everything happens in turns of the main thread, so a position compared with `head` in the turn in which a
 * listener attaches leaves no seam.
 */
export class Hub {
  readonly #members = new Map<string, ReadonlySet<string>>();
  readonly #conversations = new Map<string, Set<string>>();
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #touched = new Set<Listener>();
  readonly #limits: typeof RING;
  readonly #schedule: (flush: () => void) => void;
  #ring: HubItem[] = [];
  #ringBytes = 0;
  /** Everything after this seq is in the ring. */
  #ringFrom: number;
  #head: LogHead;
  #cursor: string;
  #scheduled = false;

  /** @param schedule runs a function once the running tick's groups have been published */
  constructor(folded: FoldedState, schedule: (flush: () => void) => void, ring = RING) {
    this.#limits = ring;
    this.#head = folded.head;
    this.#cursor = encodeCursor(folded.head);
    this.#ringFrom = folded.head.seq;
    this.#schedule = schedule;
    for (const [conv, members] of folded.conversations) this.#join(conv, members);
  }

  get head(): LogHead {
    return this.#head;
  }

  /** Cursor at the head, encoded once. */
  get cursor(): string {
    return this.#cursor;
  }

  attach(listener: Listener): void {
    const set = this.#listeners.get(listener.user);
    if (set) set.add(listener);
    else this.#listeners.set(listener.user, new Set([listener]));
  }

  detach(listener: Listener): void {
    const set = this.#listeners.get(listener.user);
    set?.delete(listener);
    if (set?.size === 0) this.#listeners.delete(listener.user);
    this.#touched.delete(listener);
  }

  publish({ committed, head }: GroupResult): void {
    this.#head = head;
    this.#cursor = encodeCursor(head);
    for (const one of committed) {
      if (one.members && one.conv !== null) this.#join(one.conv, one.members);
      const item: HubItem = { ...one, audience: this.#audience(one) };
      this.#keep(item);
      for (const user of item.audience) {
        const set = this.#listeners.get(user);
        if (!set) continue;
        for (const listener of set) {
          listener.deliver(item);
          this.#touched.add(listener);
        }
      }
    }
    if (this.#touched.size > 0 && !this.#scheduled) {
      this.#scheduled = true;
      this.#schedule(() => this.#flush());
    }
  }

  /** A user's items after a seq, or null where they are no longer kept. */
  since(seq: number, user: string): HubItem[] | null {
    if (seq < this.#ringFrom) return null;
    const items: HubItem[] = [];
    for (let i = this.#ring.length - 1; i >= 0 && this.#ring[i]!.seq > seq; i--)
      if (this.#ring[i]!.audience.has(user)) items.push(this.#ring[i]!);
    return items.reverse();
  }

  #flush(): void {
    this.#scheduled = false;
    const touched = [...this.#touched];
    this.#touched.clear();
    for (const listener of touched) listener.flush();
  }

  #audience({ conv, user }: Committed): ReadonlySet<string> {
    if (conv !== null) return this.#members.get(conv) ?? NOBODY;
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
