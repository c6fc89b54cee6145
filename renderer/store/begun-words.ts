/**
 * Other words for what is there already (one's own messages, items of the outbox, messages for later), while they are typed. They outlive the row, which leaves the
 * screen when one scrolls or turns to another conversation, the message, which may be deleted on another device, and the window: they are kept as a draft is (I11).
 */
import type { BegunWords as Kept } from '@matchbook/protocol/bridge/begun';
import { begunOf } from '@matchbook/protocol/bridge/begun-of';
import type { LocalFailure } from '@matchbook/protocol/bridge/outcome';
import type { TimelineRow } from '@matchbook/protocol/bridge/views';
import type { WindowBridge, WindowEvents } from '@matchbook/protocol/bridge/window';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { DRAFT_DELAY, type Later } from './draft-keeper.ts';
import { type Address, sameAddress, type Timeline } from './state.ts';

/** What a window changes at once: beyond it the words begun first go to where new messages are written. */
export const BEGUN_AT_ONCE = 50;

interface Begun {
  address: Address;
  /** Of its message; null while it waits, and of what is no message. */
  n: number | null;
  text: string;
  /** Nobody has typed them in this window. */
  before?: true;
  /** Typed in another window, which sees to them when what they are for is gone. */
  elsewhere?: true;
}

export interface BegunWordsPorts {
  bridge: WindowBridge;
  later: Later;
  /** Has the words from now on, and resolves once they are on the disk; `gone`: what they were for is not there any more. */
  putBack(address: Address, text: string, gone: boolean): Promise<void>;
  /** Words of these conversations are known from before. */
  found(addresses: readonly Address[]): void;
}

export class BegunWords {
  /** Why words are not on the disk, by what they are for. */
  readonly state: StoreApi<Readonly<Record<string, LocalFailure>>> = createStore(() => ({}));
  readonly #ports: BegunWordsPorts;
  readonly #begun = new Map<string, Begun>();
  /** Of those that are to be kept in a moment. */
  readonly #waiting = new Map<string, () => void>();
  /** One after the other, by what they are for: what was given up is not kept afterwards. */
  readonly #lines = new Map<string, Promise<void>>();
  readonly #known = new Map<string, Promise<void>>();
  readonly #listeners = new Set<(about: string, text: string | null) => void>();

  constructor(ports: BegunWordsPorts) {
    this.#ports = ports;
  }

  /** What was begun before this window was there: once an account. */
  follow(accounts: readonly string[]): Promise<void> {
    for (const account of accounts)
      if (!this.#known.has(account)) this.#known.set(account, this.#ask(account));
    return Promise.all(accounts.map((account) => this.#known.get(account))).then(() => {});
  }

  async #ask(account: string): Promise<void> {
    const answer = await this.#ports.bridge.call('begun.list', { account });
    // Asked again the next time: they stay where they are.
    if (!answer.ok) return void this.#known.delete(account);
    const found = answer.value.filter(({ about }) => !this.#begun.has(about));
    for (const { about, conv, n, text } of found)
      this.#begun.set(about, { address: { account, conv }, n, text, before: true });
    if (found.length > 0) this.#ports.found(found.map(({ conv }) => ({ account, conv })));
  }

  /** What was typed for it; null where nothing was. */
  of(about: string): string | null {
    return this.#begun.get(about)?.text ?? null;
  }

  /** Key of the message of a conversation whose words were begun last; null where none were. */
  lastOf(address: Address): string | null {
    const keys = [...this.#begun].filter(
      ([about, begun]) => sameAddress(begun.address, address) && isMessage(about),
    );
    return keys.at(-1)?.[0] ?? null;
  }

  /** Place of the message of `about`; null while it has none. */
  placeOf(about: string): number | null {
    return this.#begun.get(about)?.n ?? null;
  }

  type(address: Address, { key, n }: Pick<TimelineRow, 'key' | 'n'>, text: string): void {
    this.#begun.delete(key);
    this.#begun.set(key, { address, n, text });
    if (!this.#waiting.has(key))
      this.#waiting.set(
        key,
        this.#ports.later(DRAFT_DELAY, () => void this.#flush(key)),
      );
    const [oldest] = [...this.#begun].find(([, { elsewhere }]) => !elsewhere)!;
    if (this.#begun.size > BEGUN_AT_ONCE) this.#release(oldest, false);
  }

  /**
   * Another window has them so now, or not any more. What was typed here and is not yet kept is the later, and that window hears of it: the last key wins, and
   * both show the same.
   */
  heard({ account, conv, about, n, text }: WindowEvents['begun.changed']): void {
    if (this.#waiting.has(about) || this.#lines.has(about)) return;
    this.#begun.delete(about);
    if (text !== null) this.#begun.set(about, { address: { account, conv }, n, text, elsewhere: true });
    for (const listener of this.#listeners) listener(about, text);
  }

  /** What other windows make of words, null: nothing any more. Answers with the function that stops listening. */
  onHeard(listener: (about: string, text: string | null) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** They were used, or are what was there before. */
  forget(about: string): void {
    this.#end(about);
  }

  /** They are not wanted: what differs from what was there is an earlier text of the conversation from now on. Answers with it; null where nothing does. */
  giveUp(about: string, before: string): string | null {
    const text = this.of(about);
    const earlier = text === null || text.trim() === '' || text.trim() === before.trim() ? null : text;
    this.#end(about, earlier);
    return earlier;
  }

  #end(about: string, earlier: string | null = null): void {
    const begun = this.#begun.get(about);
    if (!begun) return;
    this.#begun.delete(about);
    this.#unwait(about);
    void this.#keep(about, begun, null, earlier);
  }

  /** What is shown of a conversation now: words for a message that is gone, or of which nothing can be changed any more, go where new messages are written. */
  look(address: Address, timeline: Timeline, member: boolean): void {
    if (this.#begun.size === 0) return;
    const rows = new Map([...timeline.rows, ...timeline.waiting].map((row) => [row.key, row]));
    const [first, last] = [timeline.rows[0]?.n ?? 0, timeline.rows.at(-1)?.n ?? 0];
    for (const [about, { address: of, n, elsewhere }] of this.#begun) {
      if (elsewhere || !sameAddress(of, address) || !isMessage(about)) continue;
      const row = rows.get(about);
      const within = n !== null && n >= first && n <= last;
      if (!member || (row ? row.body === null : within)) this.#release(about, true);
    }
  }

  /** These have left the outbox: words for what is a message now are gone on with there, others go where new messages are written. */
  left(account: string, ids: readonly string[], user: string | null): void {
    for (const id of ids) {
      const about = begunOf('outbox', id);
      const waiting = this.#begun.get(about);
      if (waiting?.address.account === account && !waiting.elsewhere) this.#release(about, false);
      const begun = this.#begun.get(`${user}/${id}`);
      if (begun?.address.account === account) this.#ports.found([begun.address]);
    }
  }

  /** All messages for later that there are: words from before, for others, go where new messages are written. What is typed now is the dialog's. */
  scheduled(account: string, ids: readonly string[]): void {
    const there = new Set(ids.map((id) => begunOf('scheduled', id)));
    for (const [about, { address, before, elsewhere }] of this.#begun)
      if (before && !elsewhere && address.account === account && isScheduled(about) && !there.has(about))
        this.#release(about, false);
  }

  /** The window goes: all of them are kept. */
  async close(): Promise<void> {
    await Promise.all([...this.#waiting.keys()].map((about) => this.#flush(about)));
  }

  #unwait(about: string): void {
    this.#waiting.get(about)?.();
    this.#waiting.delete(about);
  }

  #flush(about: string): Promise<void> {
    this.#unwait(about);
    const begun = this.#begun.get(about);
    return begun ? this.#keep(about, begun, begun.text) : Promise.resolve();
  }

  #keep(
    about: string,
    { address, n }: Begun,
    text: Kept['text'] | null,
    earlier: string | null = null,
  ): Promise<void> {
    const next = (this.#lines.get(about) ?? Promise.resolve()).then(async () => {
      const answer = await this.#ports.bridge.call('begun.keep', {
        ...{ ...address, about, n, text },
        ...(earlier === null ? {} : { earlier }),
      });
      const { [about]: _, ...others } = this.state.getState();
      const failed = !answer.ok && this.#begun.has(about);
      this.state.setState(failed ? { ...others, [about]: answer.failure } : others, true);
      if (this.#lines.get(about) === next) this.#lines.delete(about);
    });
    this.#lines.set(about, next);
    return next;
  }

  #release(about: string, gone: boolean): void {
    const begun = this.#begun.get(about)!;
    if (begun.before) void this.#releaseOnce(about, begun, gone);
    else this.#putBack(about, begun, gone);
  }

  /** Every window knows them: one puts them back, which the others hear of. */
  async #releaseOnce(about: string, begun: Begun, gone: boolean): Promise<void> {
    const asked: Begun = { ...begun, elsewhere: true };
    this.#begun.set(about, asked);
    const answer = await this.#ports.bridge.call('begun.take', { account: begun.address.account, about });
    // Typed here meanwhile, or settled there.
    if (this.#begun.get(about) !== asked) return;
    if (!answer.ok) this.#begun.set(about, begun);
    else if (answer.value.mine) this.#putBack(about, begun, gone);
  }

  #putBack(about: string, begun: Begun, gone: boolean): void {
    this.#begun.delete(about);
    this.#unwait(about);
    // Until they are there they are here.
    const there =
      begun.text.trim() === '' ? Promise.resolve() : this.#ports.putBack(begun.address, begun.text, gone);
    void there.then(() => (this.#begun.has(about) ? undefined : this.#keep(about, begun, null)));
  }
}

const isScheduled = (about: string): boolean => about.startsWith(begunOf('scheduled', ''));
/** Others begin with what they are. */
const isMessage = (about: string): boolean => !about.includes(':');
