/** Which account and which conversation a window shows, and what brings it there. */
import type { LocalFailure, Outcome } from '@matchbook/protocol/bridge/outcome';
import type { AccountSummary, ConversationRow } from '@matchbook/protocol/bridge/views';
import type { WindowBridge } from '@matchbook/protocol/bridge/window';
import { parseMessageLink } from '@matchbook/protocol/message-link';
import type { StoreApi } from 'zustand/vanilla';
import type { Answered } from './answered.ts';
import type { ConversationActions } from './conversation-actions.ts';
import type { LeftPlaces } from './left-places.ts';
import type { Reading } from './reading.ts';
import type { Sending } from './sending.ts';
import { type Address, type MatchbookState, sameAddress } from './state.ts';

export interface NavigationPorts {
  bridge: WindowBridge;
  state: StoreApi<MatchbookState>;
  /** The one conversation of a window of its own; absent in the main window. */
  only?: Address | undefined;
  answered: Answered;
  reading: Reading;
  sending: Sending;
  conversations: ConversationActions;
  /** Where one is in the conversation that is shown. */
  here: LeftPlaces['here'];
  /** Another conversation takes the place of the one that is shown. @param place to begin at; null: at the newest or the first unread */
  turn(address: Address | null, place: number | null, words: readonly string[]): void;
}

export class Navigation {
  readonly #ports: NavigationPorts;
  /** A link to a message that was opened before the conversations were known. */
  #link: string | null = null;
  /** What is said of the last link whose conversation was not there. */
  #unfound: { conv: string; failure: LocalFailure } | null = null;
  /** By account, the conversation that was shown last in this window. */
  readonly #places = new Map<string, string>();
  /** Until the person chooses: which conversation opens by itself. After a join the one who invited comes first. */
  #opensItself: 'newest' | 'person' | null = 'newest';

  constructor(ports: NavigationPorts) {
    this.#ports = ports;
  }

  /** The window shows one conversation and no other. */
  get alone(): boolean {
    return this.#ports.only !== undefined;
  }

  /** Shows a conversation, or the list alone. */
  open(address: Address | null): void {
    this.#opensItself = null;
    this.#show(address);
  }

  /** Shows another account, where one left it. */
  choose(account: string): void {
    const { open, adding } = this.#ports.state.getState();
    if (adding) this.#ports.state.setState({ adding: false });
    if (open?.account === account) return;
    this.#ports.state.setState({ account });
    this.#opensItself = null;
    this.comeBack(account);
  }

  /** By its place in the sidebar, from 0. */
  chooseAt(place: number): void {
    const account = this.#ports.state.getState().app?.accounts[place];
    if (account && !this.alone) this.choose(account.account);
  }

  /** The conversation after or before the open one in the list, or the next one with something unread. False where there is none. */
  openBeside(step: 1 | -1, unread: boolean): boolean {
    const { account, open } = this.#ports.state.getState();
    const rows = account === null ? [] : this.#ports.conversations.shown(account);
    if (this.alone || rows.length === 0) return false;
    const at = rows.findIndex(({ conv }) => conv === open?.conv);
    const from = at < 0 && step < 0 ? rows.length : at;
    if (unread) return this.#openUnread(rows, from, step);
    const row = rows[from + step];
    if (row) this.open({ account: row.account, conv: row.conv });
    return row !== undefined;
  }

  /** Round the list: what is new stands at its top, and whoever reads stands below it. */
  #openUnread(rows: readonly ConversationRow[], from: number, step: 1 | -1): boolean {
    for (let i = 1; i <= rows.length; i++) {
      const row = rows[(from + i * step + 2 * rows.length) % rows.length]!;
      if (row.unread === 0 || rows.indexOf(row) === from) continue;
      this.open({ account: row.account, conv: row.conv });
      return true;
    }
    return false;
  }

  /** The window turns to adding a further account, or back. */
  addAccount(adding: boolean): void {
    this.#ports.state.setState({ adding });
  }

  /** A window of its own for a conversation. */
  async openWindow(address: Address): Promise<void> {
    // What is typed here is there at once.
    await this.#ports.sending.flush(address);
    await this.#ports.answered(this.#ports.bridge.call('conversation.window', { ...address }));
  }

  /**
   * Shows the message at a place, wherever it is, and opens its conversation where another one is open; in the one that is shown `jumpBack` leads back to
   * where the person was. `words`: to be marked in it.
   */
  jumpTo(address: Address, n: number, words: readonly string[] = []): void {
    if (sameAddress(this.#ports.state.getState().open, address)) {
      this.#ports.reading.jumpTo(n, this.#ports.here(), words);
      return;
    }
    // A window of its own shows no other conversation.
    if (this.alone) {
      void this.openWindow(address);
      return;
    }
    this.#opensItself = null;
    this.#show(address, n, null, words);
  }

  /** `matchbook://message/...`, in the account that is shown or in whichever has the conversation. */
  openMessageLink(link: string): void {
    const place = parseMessageLink(link);
    if (!place) return;
    const { conversations, account, app } = this.#ports.state.getState();
    const has = (one: string) => conversations[one]?.some(({ conv }) => conv === place.conv) === true;
    this.#unsay();
    const owner = account !== null && has(account) ? account : Object.keys(conversations).find(has);
    if (owner !== undefined) this.jumpTo({ account: owner, conv: place.conv }, place.n);
    // Just started: what there is to look in is not known yet.
    else if (!app || app.accounts.some((one) => !conversations[one.account])) this.#link = link;
    else {
      const failure: LocalFailure = { kind: 'unknown_conversation', message: link };
      this.#unfound = { conv: place.conv, failure };
      this.#ports.state.setState({ failure });
    }
  }

  /** What was said of a link holds no more, or one has turned to something else. */
  #unsay(): void {
    const { state } = this.#ports;
    if (this.#unfound && state.getState().failure === this.#unfound.failure)
      state.setState({ failure: null });
    this.#unfound = null;
  }

  /** The conversations of an account are known, or others than before. */
  listed(account: string): void {
    this.#openByItself(account);
    const rows = this.#ports.state.getState().conversations[account];
    if (rows?.some(({ conv }) => conv === this.#unfound?.conv)) this.#unsay();
    const link = this.#link;
    this.#link = null;
    if (link !== null) this.openMessageLink(link);
  }

  /** Shows an account where one left it: at its last conversation, else at its newest. */
  comeBack(account: string): void {
    const { app, conversations } = this.#ports.state.getState();
    const rows = conversations[account] ?? [];
    const left = this.#places.get(account) ?? app?.accounts.find((one) => one.account === account)?.open;
    const row = rows.find(({ conv }) => conv === left) ?? rows[0];
    if (row) this.#show({ account, conv: row.conv });
    else this.#show(null, null, account);
  }

  /** An account was opened by the person's word: it is shown. `joined`: with the one who invited, once they are known. */
  opened(answer: Outcome<AccountSummary>, joined: boolean): void {
    if (!answer.ok) return;
    const { account } = answer.value;
    const { open } = this.#ports.state.getState();
    this.#ports.state.setState({ account, adding: false });
    if (open?.account !== account) {
      this.#opensItself = 'newest';
      this.#show(null, null, account);
    }
    if (joined) this.#opensItself = 'person';
    this.#openByItself(account);
  }

  #openByItself(account: string): void {
    const { conversations, account: shown, app } = this.#ports.state.getState();
    const rows = conversations[account] ?? [];
    const first = rows[0];
    if (!this.#opensItself || !first || account !== shown || this.alone) return;
    const person = rows.find((row) => !row.self);
    const left = app?.accounts.find((one) => one.account === account)?.open;
    const next =
      this.#opensItself === 'person' ? (person ?? first) : (rows.find(({ conv }) => conv === left) ?? first);
    if (this.#opensItself === 'newest' || person) this.#opensItself = null;
    this.#show({ account, conv: next.conv });
  }

  /** @param of the account that is shown where no conversation is */
  #show(
    address: Address | null,
    place: number | null = null,
    of: string | null = null,
    words: readonly string[] = [],
  ): void {
    const { only, state, bridge, answered } = this.#ports;
    const { open } = state.getState();
    // A window of one conversation shows no other, and no list: that one gets a window too.
    if (only && !sameAddress(address, only)) {
      if (address) void this.openWindow(address);
      return;
    }
    if (address) {
      this.#places.set(address.account, address.conv);
      state.setState({ account: address.account });
    }
    if (sameAddress(open, address)) return;
    this.#unsay();
    if (open) void this.#ports.sending.draft(open).rest();
    this.#ports.turn(address, place, words);
    const account = address?.account ?? of ?? open?.account;
    if (account) void answered(bridge.call('conversation.focus', { account, conv: address?.conv ?? null }));
  }
}
