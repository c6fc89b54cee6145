/**
 * The window's side of the bridge: asks main for what is shown and for nothing else, listens to what changed, and keeps one's own
 * messages on screen from Enter on. No polling: every question follows an event or an action.
 */

import type { TrayFile } from '@matchbook/protocol/bridge/files';
import type { More, TargetRef } from '@matchbook/protocol/bridge/more';
import type { Outcome } from '@matchbook/protocol/bridge/outcome';
import type { MessagePassport } from '@matchbook/protocol/bridge/passport';
import type { MenuChoice } from '@matchbook/protocol/bridge/shortcuts';
import type {
  AccountSummary,
  AppState,
  InvitationView,
  Quote,
  TimelineRow,
} from '@matchbook/protocol/bridge/views';
import type { WindowBridge } from '@matchbook/protocol/bridge/window';
import type { Body } from '@matchbook/protocol/entries';
import type { PagePreview } from '@matchbook/protocol/message-body';
import { parseMessageLink } from '@matchbook/protocol/message-link';
import { MESSAGE_TYPE } from '@matchbook/protocol/shown-text';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { AccountActions } from './account-actions.ts';
import { Coalesced } from './coalesced.ts';
import { ConversationActions } from './conversation-actions.ts';
import { ConversationList } from './conversation-list.ts';
import { DraftKeeper, type Later } from './draft-keeper.ts';
import { ExportDesk } from './export-desk.ts';
import { FileDesk } from './file-desk.ts';
import { Finder } from './finder.ts';
import { GroupActions } from './group-actions.ts';
import { mentionedIn } from './mentions.ts';
import { MessageActions } from './message-actions.ts';
import { Panels } from './panels.ts';
import { PeopleBook } from './people-book.ts';
import { PreferenceKeeper } from './preference-keeper.ts';
import { ReadMarker } from './read-marker.ts';
import { shownRows } from './reconcile.ts';
import { Scheduling } from './scheduling.ts';
import { ServerAdmin } from './server-admin.ts';
import { type Address, addressKey, emptyState, type MatchbookState, sameAddress } from './state.ts';
import { Talk } from './talk.ts';
import { TimelineWindow } from './timeline-window.ts';
import { WaitingList } from './waiting-list.ts';

/** Places that one can go back to. */
const TRAIL = 20;
/** Between two questions for the list while much changes in it, ms: a new list costs a window more than a question. */
const LIST_REST = 100;

export interface StorePorts {
  bridge: WindowBridge;
  /** The one conversation of a window of its own; absent in the main window. */
  only?: Address;
  now: () => number;
  newId: () => string;
  later: Later;
}

export class MatchbookStore {
  readonly state: StoreApi<MatchbookState>;
  readonly preferences: PreferenceKeeper;
  readonly #ports: StorePorts;
  readonly #drafts = new Map<string, DraftKeeper>();
  readonly #lists = new Map<string, ConversationList>();
  readonly #reading: ReadMarker;
  readonly #timeline: TimelineWindow;
  readonly #messages: MessageActions;
  readonly #off: (() => void)[] = [];
  /** A link to a message that was opened before the conversations were known. */
  #link: string | null = null;
  /** By account, the conversation that was shown last in this window. */
  readonly #places = new Map<string, string>();
  /** Until the person chooses: which conversation opens by itself. After a join the one who invited comes first. */
  #opensItself: 'newest' | 'person' | null = 'newest';
  /** What a person does at accounts. */
  readonly accounts: AccountActions;
  /** What waits to be sent. */
  readonly waiting: WaitingList;
  readonly people: PeopleBook;
  readonly admin: ServerAdmin;
  /** Searches. */
  readonly finder: Finder;
  /** What a person does at conversations themselves. */
  readonly groups: GroupActions;
  /** What a person does with conversations in their list. */
  readonly conversations: ConversationActions;
  readonly panels = new Panels();
  readonly files: FileDesk;
  /** What a person does with messages besides writing them. */
  readonly talk: Talk;
  readonly scheduling: Scheduling;
  readonly exports: ExportDesk;

  constructor(ports: StorePorts) {
    this.#ports = ports;
    this.state = createStore<MatchbookState>(() => emptyState);
    this.waiting = new WaitingList(ports.bridge, ports.newId);
    this.preferences = new PreferenceKeeper(ports.bridge);
    this.people = new PeopleBook(ports.bridge);
    this.admin = new ServerAdmin(ports.bridge);
    this.finder = new Finder(ports.bridge, ports.later);
    this.groups = new GroupActions({
      ...ports,
      userOf: (account) =>
        this.state.getState().app?.accounts.find((one) => one.account === account)?.user ?? null,
      knows: ({ account, conv }) =>
        this.state.getState().conversations[account]?.some((row) => row.conv === conv) ?? false,
    });
    this.conversations = new ConversationActions({
      ...{ bridge: ports.bridge, groups: this.groups },
      rows: (account) => this.state.getState().conversations[account] ?? [],
    });
    this.#reading = new ReadMarker(ports.bridge, ports.later);
    this.#timeline = new TimelineWindow(ports.bridge, this.state, ports.later);
    this.#messages = new MessageActions(ports);
    this.talk = new Talk(ports);
    this.scheduling = new Scheduling(ports);
    const { bridge } = ports;
    this.exports = new ExportDesk(bridge);
    this.files = new FileDesk(bridge, (failure) => this.state.setState({ failure }));
    this.accounts = new AccountActions(bridge, {
      opened: (account) => this.#opened(account),
      failed: (failure) => this.state.setState({ failure }),
    });
    this.#off.push(
      bridge.on('app.changed', (app) => {
        this.#know(app);
      }),
      bridge.on('session.changed', ({ account, state }) =>
        this.state.setState((before) => ({ sessions: { ...before.sessions, [account]: state } })),
      ),
      bridge.on('outbox.changed', ({ account }) => void this.waiting.changed(account)),
      bridge.on('rows.changed', ({ account, convs, list }) => {
        if (list) void this.#lists.get(account)?.rowsChanged(convs);
        const { open } = this.state.getState();
        if (open?.account === account && convs.includes(open.conv)) void this.#timeline.refresh();
      }),
      bridge.on(
        'draft.changed',
        ({ account, conv }) => void this.#drafts.get(addressKey({ account, conv }))?.changedElsewhere(),
      ),
      bridge.on('invitation.opened', ({ invitation }) => this.state.setState({ invitation })),
      bridge.on('conversation.opened', (address) => this.open(address)),
      bridge.on('message.opened', ({ link }) => this.openMessageLink(link)),
    );
  }

  async start(): Promise<void> {
    const app = await this.#answered(this.#ports.bridge.call('app.state', {}));
    // An event that came meanwhile is newer than this answer.
    if (app && !this.state.getState().app) this.#know(app);
    const { only } = this.#ports;
    if (only) this.open(only);
  }

  #know(app: AppState): void {
    const before = this.state.getState().account;
    this.state.setState(({ account, conversations, sessions, open }) => {
      const here = (one: string | null) => app.accounts.some((known) => known.account === one);
      const shown = here(account)
        ? account
        : here(app.current)
          ? app.current
          : (app.accounts[0]?.account ?? null);
      const kept = <T>(of: Readonly<Record<string, T>>) =>
        Object.fromEntries(Object.entries(of).filter(([one]) => here(one)));
      return {
        ...{ app, account: shown, conversations: kept(conversations), sessions: kept(sessions) },
        ...(open && !here(open.account) ? { open: null, timeline: null } : {}),
      };
    });
    for (const account of this.#lists.keys())
      if (!app.accounts.some((known) => known.account === account)) this.#lists.delete(account);
    this.#follow();
    // What was shown is gone with its account: the next one is shown where one left it.
    const { account } = this.state.getState();
    if (account && before && before !== account && !this.#ports.only) this.#comeBack(account);
  }

  /** Shows another account, where one left it. */
  choose(account: string): void {
    const { open, adding } = this.state.getState();
    if (adding) this.state.setState({ adding: false });
    if (open?.account === account) return;
    this.state.setState({ account });
    this.#opensItself = null;
    this.#comeBack(account);
  }

  /** By its place in the sidebar, from 0. */
  chooseAt(place: number): void {
    const account = this.state.getState().app?.accounts[place];
    if (account && !this.#ports.only) this.choose(account.account);
  }

  /** The conversation after or before the open one in the list, or the next one with something unread. False where there is none. */
  openBeside(step: 1 | -1, unread: boolean): boolean {
    const { account, open } = this.state.getState();
    const rows = account === null ? [] : this.conversations.shown(account, open?.conv ?? null);
    if (this.#ports.only || rows.length === 0) return false;
    const at = rows.findIndex(({ conv }) => conv === open?.conv);
    const from = at < 0 && step < 0 ? rows.length : at;
    for (let place = from + step; place >= 0 && place < rows.length; place += step) {
      const row = rows[place]!;
      if (unread && row.unread === 0) continue;
      this.open({ account: row.account, conv: row.conv });
      return true;
    }
    return false;
  }

  /** What was chosen in the menu bar. Answers with the function that stops listening. */
  onMenu(chosen: (id: MenuChoice) => void): () => void {
    return this.#ports.bridge.on('shortcut.chosen', ({ id }) => chosen(id));
  }

  addAccount(adding: boolean): void {
    this.state.setState({ adding });
  }

  #comeBack(account: string): void {
    const { app, conversations } = this.state.getState();
    const rows = conversations[account] ?? [];
    const left = this.#places.get(account) ?? app?.accounts.find((one) => one.account === account)?.open;
    const row = rows.find(({ conv }) => conv === left) ?? rows[0];
    if (row) this.#show({ account, conv: row.conv });
    else this.#show(null, account);
  }

  /** Asks for the list and the session of every account that is not known yet. */
  #follow(): void {
    const { app, conversations, sessions } = this.state.getState();
    const known = (app?.accounts ?? []).map(({ account }) => account);
    this.waiting.follow(known);
    this.people.follow(known);
    for (const { account } of app?.accounts ?? []) {
      const list = this.#lists.get(account) ?? this.#listOf(account);
      this.#lists.set(account, list);
      if (!conversations[account]) void list.refresh();
      if (!sessions[account]) void this.#session(account);
    }
  }

  /** An account was opened by the person's word: what could not be asked while it was being made is asked now, and it is shown. */
  #opened(answer: Outcome<AccountSummary>): Outcome<AccountSummary> {
    if (!answer.ok) return answer;
    const { account } = answer.value;
    const { open } = this.state.getState();
    this.state.setState({ account, adding: false });
    if (open?.account !== account) {
      this.#opensItself = 'newest';
      this.#show(null, account);
    }
    this.#follow();
    this.#openByItself(account);
    return answer;
  }

  async #session(account: string): Promise<void> {
    const state = await this.#answered(this.#ports.bridge.call('session.state', { account }));
    if (!state || this.state.getState().sessions[account]) return;
    this.state.setState((before) => ({ sessions: { ...before.sessions, [account]: state } }));
  }

  #listOf(account: string): ConversationList {
    return new ConversationList({
      ask: (convs) =>
        this.#ports.bridge.call('conversation.list', { account, ...(convs ? { convs: [...convs] } : {}) }),
      changed: (rows) => {
        this.state.setState((before) => ({ conversations: { ...before.conversations, [account]: rows } }));
        this.#openByItself(account);
        const link = this.#link;
        this.#link = null;
        if (link !== null) this.openMessageLink(link);
      },
      failed: (answer) => void this.#answered(Promise.resolve(answer)),
      rest: () => new Promise((resolve) => void this.#ports.later(LIST_REST, resolve)),
    });
  }

  #openByItself(account: string): void {
    const { conversations, account: shown, app } = this.state.getState();
    const rows = conversations[account] ?? [];
    const first = rows[0];
    if (!this.#opensItself || !first || account !== shown || this.#ports.only) return;
    const person = rows.find((row) => !row.self);
    const left = app?.accounts.find((one) => one.account === account)?.open;
    const next =
      this.#opensItself === 'person' ? (person ?? first) : (rows.find(({ conv }) => conv === left) ?? first);
    if (this.#opensItself === 'newest' || person) this.#opensItself = null;
    this.#show({ account, conv: next.conv });
  }

  /** Shows a conversation, or the list alone. */
  open(address: Address | null): void {
    this.#opensItself = null;
    this.#show(address);
  }

  #show(address: Address | null, of: string | null = null, place: number | null = null): void {
    const { open } = this.state.getState();
    const { only } = this.#ports;
    // A window of one conversation shows no other, and no list: that one gets a window too.
    if (only && !sameAddress(address, only)) {
      if (address) void this.openWindow(address);
      return;
    }
    if (address) {
      this.#places.set(address.account, address.conv);
      this.state.setState({ account: address.account });
    }
    if (sameAddress(open, address)) return;
    if (open) void this.draft(open).rest();
    this.#reading.forget();
    this.#timeline.open(address, place);
    this.panels.shown(address);
    this.talk.leave();
    this.preferences.view(address, true);
    const account = address?.account ?? of ?? open?.account;
    if (account)
      void this.#answered(
        this.#ports.bridge.call('conversation.focus', { account, conv: address?.conv ?? null }),
      );
  }

  older(): Promise<void> {
    return this.#timeline.older();
  }

  newer(): Promise<void> {
    return this.#timeline.newer();
  }

  /** Back to the newest rows of the open conversation. */
  toNewest(): Promise<void> {
    return this.#timeline.toNewest();
  }

  /**
   * Shows the message at a place, wherever it is, and opens its conversation where another one is open. `from`: the place
   * that the person comes from, to which `jumpBack` leads.
   */
  jumpTo(address: Address, n: number, from: number | null = null): void {
    const { open, trail } = this.state.getState();
    if (sameAddress(open, address)) {
      if (from !== null) this.state.setState({ trail: [...trail.slice(-TRAIL), from] });
      void this.#timeline.jumpTo(address, n);
      return;
    }
    // A window of its own shows no other conversation.
    if (this.#ports.only) {
      void this.openWindow(address);
      return;
    }
    this.#opensItself = null;
    this.#show(address, null, n);
  }

  /** The window shows one conversation and no other. */
  get alone(): boolean {
    return this.#ports.only !== undefined;
  }

  jumpBack(): void {
    const { open, trail } = this.state.getState();
    const place = trail.at(-1);
    if (!open || place === undefined) return;
    this.state.setState({ trail: trail.slice(0, -1) });
    void this.#timeline.jumpTo(open, place);
  }

  /** The text that is being written answers this message. */
  answer(address: Address, row: Pick<TimelineRow, 'n' | 'id'>): void {
    const keeper = this.draft(address);
    keeper.accompany({ ...keeper.state.getState().more, reply: row.n ?? { id: row.id } });
  }

  /** It answers no message any more. */
  answerNothing(address: Address): void {
    const keeper = this.draft(address);
    const { reply: _, ...more } = keeper.state.getState().more ?? {};
    keeper.accompany(Object.keys(more).length > 0 ? more : null);
  }

  /** Messages of the open conversation that can be answered, oldest first. */
  answerable(): TimelineRow[] {
    const { timeline, open, pending } = this.state.getState();
    return shownRows(timeline, (open && pending[addressKey(open)]) ?? []).filter(
      (row) =>
        row.kind === 'message' && row.body !== null && row.delivery !== 'saving' && row.delivery !== 'failed',
    );
  }

  /** The words of the last own message are changed in its row. Answers whether there is one. */
  editLast(): boolean {
    const row = this.answerable().findLast((one) => one.own && (one.n !== null || one.frozen));
    if (row) this.talk.edit(row.key);
    return row !== undefined;
  }

  /** The line at a place as it is now; null where it is not here. */
  async messageAt({ account, conv }: Address, n: number): Promise<TimelineRow | null> {
    const answer = await this.#ports.bridge.call('timeline.page', { account, conv, to: n, limit: 1 });
    const row = answer.ok ? answer.value.rows[0] : undefined;
    return row?.n === n ? row : null;
  }

  /** The view is where the person wanted to be. */
  jumped(wish: number): void {
    this.state.setState(({ jump }) => (jump?.wish === wish ? { jump: null } : {}));
  }

  /** `matchbook://message/...`, in the account that is shown or in whichever has the conversation. */
  openMessageLink(link: string): void {
    const place = parseMessageLink(link);
    if (!place) return;
    const { conversations, account, app } = this.state.getState();
    const has = (one: string) => conversations[one]?.some(({ conv }) => conv === place.conv) === true;
    const owner = account !== null && has(account) ? account : Object.keys(conversations).find(has);
    if (owner !== undefined) this.jumpTo({ account: owner, conv: place.conv }, place.n);
    // Just started: what there is to look in is not known yet.
    else if (!app || app.accounts.some((one) => !conversations[one.account])) this.#link = link;
    else this.state.setState({ failure: { kind: 'unknown_conversation', message: link } });
  }

  /** The person looks at the newest rows: a window that has grown long may forget its oldest. */
  atNewest(is: boolean): void {
    this.#timeline.atNewest = is;
    this.preferences.view(this.state.getState().open, is);
  }

  /** The window lost the person's attention: what comes from now on is new to them. */
  away(): void {
    this.#reading.forget();
    this.#timeline.moveLine();
    const { open } = this.state.getState();
    if (open) void this.draft(open).rest();
  }

  seen(address: Address, n: number): void {
    const { timeline, open } = this.state.getState();
    if (sameAddress(open, address) && timeline && n > timeline.readN) this.#reading.seen(address, n);
  }

  draft(address: Address): DraftKeeper {
    const key = addressKey(address);
    let keeper = this.#drafts.get(key);
    if (!keeper) {
      keeper = new DraftKeeper({ ...address }, this.#ports.bridge, this.#ports.later);
      this.#drafts.set(key, keeper);
    }
    return keeper;
  }

  /**
   * Sends what stands in the keeper: a bubble at once, the commit behind it. The recipient is the keeper's own;
   * `boundTo`: the conversation of the composer at the first keystroke, which main compares with it.
   */
  submit(
    keeper: DraftKeeper,
    text: string,
    boundTo: string,
    how: {
      attached?: readonly TrayFile[];
      preview?: PagePreview | null;
      silent?: boolean;
      quote?: Quote | null;
      mentions?: readonly string[];
    } = {},
  ): void {
    const { address } = keeper;
    const user = this.state.getState().app?.accounts.find((one) => one.account === address.account)?.user;
    if (!user) return;
    const id = this.#ports.newId();
    const { attached = [], preview = null, mentions = [], silent = false, quote = null } = how;
    const { more: drafted } = keeper.state.getState();
    const besides = {
      ...drafted,
      ...(preview ? { preview } : {}),
      ...(mentions.length > 0 ? { mentions: [...mentions] } : {}),
    };
    const more = Object.keys(besides).length > 0 ? besides : null;
    const ids = attached.map((file) => file.id);
    const row: TimelineRow = {
      key: `${user}/${id}`,
      id,
      n: null,
      sender: user,
      own: true,
      kind: 'message',
      body: saidBody(text, more, attached),
      ...(quote ? { quote } : {}),
      time: this.#ports.now(),
      delivery: 'saving',
      save: null,
      failure: null,
      frozen: false,
    };
    this.#timeline.append(address, row);
    if (ids.length > 0) this.files.taken(address, ids);
    keeper.take(async (draftVersion) => {
      const answer = await this.#ports.bridge.call('outbox.submit', {
        ...{ ...address, id, text },
        ...{ draftVersion, boundTo },
        ...(more ? { more } : {}),
        ...(ids.length > 0 ? { attached: ids } : {}),
        ...(silent ? { silent: true as const } : {}),
      });
      if (answer.ok) this.#timeline.settled(address, answer.value);
      else {
        this.#timeline.withdraw(address, id);
        keeper.putBack(text, drafted, answer.failure);
        if (ids.length > 0) void this.files.tray(address);
      }
    });
  }

  /** The picture of a group; null: none. Shown at once, as every change of a conversation. */
  setPicture({ account, conv }: Address, bytes: Uint8Array | null): Promise<Outcome<unknown>> {
    return this.files.setPicture({ account, conv }, this.#ports.newId(), bytes);
  }

  /** What waits is held, or let go. */
  async hold(address: Address, row: Pick<TimelineRow, 'id'>, on: boolean): Promise<void> {
    await this.#answered(
      this.#ports.bridge.call('outbox.hold', { account: address.account, id: row.id, on }),
    );
  }

  async retry(address: Address, row: TimelineRow): Promise<void> {
    const newId = this.#ports.newId();
    const again = await this.#answered(
      this.#ports.bridge.call('outbox.retry', { account: address.account, id: row.id, newId }),
    );
    if (!again) return;
    this.#timeline.withdraw(address, row.id);
    void this.#timeline.refresh();
  }

  async toDraft(address: Address, row: Pick<TimelineRow, 'id'>): Promise<void> {
    const keeper = this.draft(address);
    await keeper.flush();
    const draft = await this.#answered(
      this.#ports.bridge.call('outbox.toDraft', { account: address.account, id: row.id }),
    );
    if (!draft) return;
    this.#timeline.withdraw(address, row.id);
    keeper.adopt(draft);
  }

  async discard(address: Address, row: Pick<TimelineRow, 'id'>): Promise<void> {
    const request = { account: address.account, id: row.id, newId: this.#ports.newId() };
    const done = await this.#answered(this.#ports.bridge.call('outbox.discard', request));
    if (done && !done.queued) this.#timeline.withdraw(address, row.id);
  }

  async startHere(name: string): Promise<Outcome<AccountSummary>> {
    return this.#opened(await this.#ports.bridge.call('account.start', { name }));
  }

  preview(invitation: string): Promise<Outcome<InvitationView>> {
    return this.#ports.bridge.call('account.preview', { invitation });
  }

  async join(invitation: string, name: string): Promise<Outcome<AccountSummary>> {
    const answer = this.#opened(await this.#ports.bridge.call('account.join', { invitation, name }));
    if (answer.ok) {
      this.#opensItself = 'person';
      this.#openByItself(answer.value.account);
    }
    return answer;
  }

  async recover(account: string, code: string): Promise<Outcome<AccountSummary>> {
    return this.#opened(await this.#ports.bridge.call('account.recover', { account, code }));
  }

  async recoveryNoted(account: string): Promise<void> {
    await this.#answered(this.#ports.bridge.call('account.recoveryNoted', { account }));
  }

  invitation(account: string): Promise<Outcome<{ link: string; expires: number }>> {
    return this.#ports.bridge.call('account.invitation', { account });
  }

  /** Messages around a place, or the newest. */
  async pageAround(
    { account, conv }: Address,
    n: number | null,
    around: number,
  ): Promise<Outcome<TimelineRow[]>> {
    const limit = 2 * around;
    const place = n === null ? {} : { to: n + around };
    const answer = await this.#ports.bridge.call('timeline.page', { account, conv, ...place, limit });
    return answer.ok ? { ok: true, value: answer.value.rows } : answer;
  }

  /** A window of its own for a conversation. */
  async openWindow(address: Address): Promise<void> {
    // What is typed here is there at once.
    await this.#drafts.get(addressKey(address))?.flush();
    await this.#answered(this.#ports.bridge.call('conversation.window', { ...address }));
  }

  closeInvitation(): void {
    this.state.setState({ invitation: null });
  }

  async showDiagnostics(): Promise<void> {
    await this.#answered(this.#ports.bridge.call('diagnostics.show', {}));
  }

  /** This copy goes on, the other one stops: dialling alone would only be refused again. */
  async takeBack(account: string): Promise<void> {
    await this.#answered(this.accounts.takeOver(account));
  }

  async reconnect(account: string): Promise<void> {
    await this.#answered(this.#ports.bridge.call('session.reconnect', { account }));
  }

  /** Its failure stands beside the words that could not be kept. */
  editMessage(address: Address, row: TimelineRow, text: string): Promise<Outcome<unknown>> {
    const { conversations } = this.state.getState();
    const members = conversations[address.account]?.find(({ conv }) => conv === address.conv)?.members ?? [];
    const people = members.flatMap(({ user, name }) =>
      name !== null && user !== row.sender ? [{ user, name }] : [],
    );
    return this.#messages.edit(address, row, text, mentionedIn(text, people));
  }

  async removeMessage(address: Address, row: TimelineRow): Promise<void> {
    await this.#answered(this.#messages.remove(address, row));
  }

  async hideMessage(address: Address, n: number): Promise<void> {
    await this.#answered(this.#messages.removeForMe(address, n));
  }

  async react(address: Address, row: TimelineRow, emoji: string, on: boolean): Promise<void> {
    await this.#answered(this.#messages.react(address, row, emoji, on));
  }

  /** Tells the way of a message, now and whenever its conversation or the outbox changes. Answers with the function that stops. */
  followPassport(
    { account, conv }: Address,
    target: TargetRef,
    tell: (passport: Outcome<MessagePassport | null>) => void,
  ): () => void {
    const { bridge } = this.#ports;
    let stopped = false;
    const asking = new Coalesced(async () => {
      const answer = await bridge.call('message.passport', { account, conv, target });
      if (!stopped) tell(answer);
    });
    const ask = () => void asking.run();
    const off = [
      bridge.on('rows.changed', (changed) => {
        if (changed.account === account && changed.convs.includes(conv)) ask();
      }),
      bridge.on('outbox.changed', (changed) => {
        if (changed.account === account) ask();
      }),
    ];
    ask();
    return () => {
      stopped = true;
      for (const stop of off) stop();
    };
  }

  async openLink(url: string): Promise<void> {
    await this.#answered(this.#ports.bridge.call('link.open', { url }));
  }

  copy(text: string): Promise<Outcome<null>> {
    return this.#ports.bridge.call('clipboard.write', { text });
  }

  async dismissNotice(id: string): Promise<void> {
    await this.#answered(this.#ports.bridge.call('app.dismissNotice', { id }));
  }

  /** What went wrong, where there is no better place to say it. */
  async told(answer: Promise<Outcome<unknown>>): Promise<void> {
    await this.#answered(answer);
  }

  closeFailure(): void {
    this.state.setState({ failure: null });
  }

  /** An answer whose failure has no field to stand beside: it is shown as a line. Null where it failed. */
  async #answered<T>(answer: Promise<Outcome<T>>): Promise<T | null> {
    const got = await answer;
    if (got.ok) return got.value;
    // Main tells of an account a moment before its store is open; whatever opens it also asks again.
    if (got.failure.kind !== 'no_such_account') this.state.setState({ failure: got.failure });
    return null;
  }

  /** Flushes what is typed. */
  async close(): Promise<void> {
    for (const off of this.#off) off();
    this.#reading.close();
    this.preferences.close();
    this.people.close();
    this.files.close();
    this.exports.close();
    await Promise.all([...this.#drafts.values()].map((keeper) => keeper.close()));
  }
}

/** As the message will look until its commit is answered. */
function saidBody(text: string, more: More | null, attached: readonly TrayFile[]): Body {
  const files = [...(more?.files ?? []), ...attached.map(({ id: _, ...file }) => file)];
  if (files.length === 0 && !more?.preview && !more?.mentions) return { type: 'text/plain', text };
  const { reply: _, ...rest } = more ?? {};
  return { type: MESSAGE_TYPE, text: JSON.stringify({ ...rest, text, files }) };
}
