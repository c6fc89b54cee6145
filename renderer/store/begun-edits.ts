/**
 * Other words for one's own messages, while they are typed. A row leaves the screen when one scrolls or turns to another conversation, and its message may be deleted on
 * another device: the words outlive both (I11).
 */
import type { TimelineRow } from '@matchbook/protocol/bridge/views';
import { type Address, sameAddress, type Timeline } from './state.ts';

/** Messages of a window that are being changed at once: beyond it the words begun first go to where new messages are written. */
export const BEGUN_EDITS = 50;

interface Begun {
  address: Address;
  /** Of its message; null while it waits. */
  n: number | null;
  text: string;
}

export class BegunEdits {
  readonly #begun = new Map<string, Begun>();
  readonly #putBack: (address: Address, text: string, gone: boolean) => void;

  /** @param putBack has the words from now on; `gone`: their message is not there any more */
  constructor(putBack: (address: Address, text: string, gone: boolean) => void) {
    this.#putBack = putBack;
  }

  /** What was typed for a message; null where nothing was. */
  of(key: string): string | null {
    return this.#begun.get(key)?.text ?? null;
  }

  /** Key of the message of a conversation whose words were begun last; null where none were. */
  lastOf(address: Address): string | null {
    const keys = [...this.#begun].filter(([, begun]) => sameAddress(begun.address, address));
    return keys.at(-1)?.[0] ?? null;
  }

  type(address: Address, { key, n }: Pick<TimelineRow, 'key' | 'n'>, text: string): void {
    this.#begun.delete(key);
    this.#begun.set(key, { address, n, text });
    const [oldest] = this.#begun.keys();
    if (this.#begun.size > BEGUN_EDITS) this.#release(oldest!, false);
  }

  /** They were kept, or given up. */
  forget(key: string): void {
    this.#begun.delete(key);
  }

  /** What is shown of a conversation now: words for a message that is gone, or of which nothing can be changed any more, go where new messages are written. */
  look(address: Address, timeline: Timeline, member: boolean): void {
    if (this.#begun.size === 0) return;
    const rows = new Map([...timeline.rows, ...timeline.waiting].map((row) => [row.key, row]));
    const [first, last] = [timeline.rows[0]?.n ?? 0, timeline.rows.at(-1)?.n ?? 0];
    for (const [key, { address: of, n }] of this.#begun) {
      if (!sameAddress(of, address)) continue;
      const row = rows.get(key);
      const within = n !== null && n >= first && n <= last;
      if (!member || (row ? row.body === null : within)) this.#release(key, true);
    }
  }

  /** The window goes: all of them are kept where new messages are written. */
  close(): void {
    for (const key of this.#begun.keys()) this.#release(key, false);
  }

  #release(key: string, gone: boolean): void {
    const { address, text } = this.#begun.get(key)!;
    this.#begun.delete(key);
    if (text.trim() !== '') this.#putBack(address, text, gone);
  }
}
