/**
 * The window's side of the bridge: asks main for what is shown and for nothing else, listens to what changed, and keeps one's own
 * messages on screen from Enter on. No polling: every question follows an event or an action. Each subject is a room of its own;
 * they are put together here.
 */

import type { Outcome } from '@matchbook/protocol/bridge/outcome';
import type { MenuChoice } from '@matchbook/protocol/bridge/shortcuts';
import type { ConversationRow, TimelineRow } from '@matchbook/protocol/bridge/views';
import type { WindowBridge } from '@matchbook/protocol/bridge/window';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { AccountActions } from './account-actions.ts';
import { type Answered, answeredIn } from './answered.ts';
import { BegunWords } from './begun-words.ts';
import { ConversationActions } from './conversation-actions.ts';
import type { Later } from './draft-keeper.ts';
import { ExportDesk } from './export-desk.ts';
import type { Felt } from './felt.ts';
import { FileDesk } from './file-desk.ts';
import { Finder } from './finder.ts';
import { GroupActions } from './group-actions.ts';
import { KnownAccounts } from './known-accounts.ts';
import { LeftPlaces } from './left-places.ts';
import { MessageActions } from './message-actions.ts';
import { Navigation } from './navigation.ts';
import { Panels } from './panels.ts';
import { PeopleBook } from './people-book.ts';
import { PreferenceKeeper } from './preference-keeper.ts';
import { ProxyDesk } from './proxy-desk.ts';
import { ReadMarker } from './read-marker.ts';
import { Reading } from './reading.ts';
import { Scheduling } from './scheduling.ts';
import { Sending } from './sending.ts';
import { ServerAdmin } from './server-admin.ts';
import { type Address, emptyState, type MatchbookState, sameAddress } from './state.ts';
import { Talk } from './talk.ts';
import type { NextFrame } from './timeline-ends.ts';
import { TimelineWindow } from './timeline-window.ts';
import { WaitingList } from './waiting-list.ts';

export interface StorePorts {
  bridge: WindowBridge;
  /** The one conversation of a window of its own; absent in the main window. */
  only?: Address;
  now: () => number;
  newId: () => string;
  later: Later;
  /** At once where absent. */
  nextFrame?: NextFrame;
  /** What is told for the diagnostics. */
  felt?: Felt;
}

export class MatchbookStore {
  readonly state: StoreApi<MatchbookState>;
  readonly preferences: PreferenceKeeper;
  /** What a person does at accounts. */
  readonly accounts: AccountActions;
  /** Which account and conversation are shown. */
  readonly navigation: Navigation;
  /** Moving in the conversation that is shown, and how far it was read. */
  readonly reading: Reading;
  /** From the composer to the outbox. */
  readonly sending: Sending;
  /** What a person does about a message that is there. */
  readonly messages: MessageActions;
  /** Other words for what is there already, while they are typed. */
  readonly begun: BegunWords;
  /** Where one was in conversations. */
  readonly places = new LeftPlaces();
  /** What a person does with messages besides writing them. */
  readonly talk: Talk;
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
  readonly scheduling: Scheduling;
  readonly exports: ExportDesk;
  readonly proxy: ProxyDesk;
  readonly #ports: StorePorts;
  readonly #answered: Answered;
  readonly #known: KnownAccounts;
  readonly #marker: ReadMarker;
  readonly #off: (() => void)[];

  constructor(ports: StorePorts) {
    const { bridge, only, later, newId } = ports;
    this.#ports = ports;
    const state = createStore<MatchbookState>(() => emptyState);
    const answered = answeredIn(state);
    this.state = state;
    this.#answered = answered;
    this.waiting = new WaitingList(bridge, newId, (account, ids) =>
      this.begun.left(account, ids, userOf(account)),
    );
    this.preferences = new PreferenceKeeper(bridge);
    this.people = new PeopleBook(bridge);
    this.admin = new ServerAdmin(bridge);
    this.finder = new Finder(bridge, later);
    this.talk = new Talk(ports);
    this.exports = new ExportDesk(bridge);
    this.proxy = new ProxyDesk(bridge, answered);
    this.files = new FileDesk(bridge, (failure) => state.setState({ failure }));
    const conversationsOf = (account: string) => state.getState().conversations[account] ?? [];
    const userOf = (account: string) =>
      state.getState().app?.accounts.find((one) => one.account === account)?.user ?? null;
    const rowOf = ({ account, conv }: Address) => conversationsOf(account).find((row) => row.conv === conv);
    this.groups = new GroupActions({
      ...ports,
      userOf,
      knows: (address) => rowOf(address) !== undefined,
    });
    this.conversations = new ConversationActions({
      ...{ bridge, state, groups: this.groups },
      rows: conversationsOf,
    });
    this.messages = new MessageActions({
      ...{ bridge, newId, answered },
      peopleOf: (address) => peopleIn(rowOf(address)) ?? [],
    });
    const timeline = new TimelineWindow(bridge, state, later, ports.nextFrame);
    const marker = new ReadMarker(bridge, later);
    this.#marker = marker;
    this.sending = new Sending({
      ...{ ...ports, timeline, files: this.files, answered, userOf },
      isOpen: (address) => sameAddress(state.getState().open, address),
    });
    this.begun = new BegunWords({
      ...{ bridge, later },
      putBack: (address, text, gone) => this.sending.keepWords(address, text, gone),
      found: (addresses) => this.goOn(addresses),
    });
    this.scheduling = new Scheduling({
      ...{ bridge, newId, begun: this.begun },
      peopleOf: (address) =>
        peopleIn(rowOf(address))?.filter(({ user }) => user !== userOf(address.account)) ?? null,
    });
    this.reading = new Reading({
      ...{ bridge, answered, state, timeline, marker, preferences: this.preferences },
      rest: (address) => void this.sending.draft(address).rest(),
      later: ports.later,
    });
    this.navigation = new Navigation({
      ...{ bridge, state, only, answered },
      ...{ reading: this.reading, sending: this.sending, conversations: this.conversations },
      here: () => this.places.here(),
      turn: (address, place, words) => {
        marker.forget();
        const row = address && rowOf(address);
        // What is new comes first.
        const fresh = row === null || row === undefined || row.unread > 0 || row.marked === true;
        const left = place === null && !fresh ? this.places.of(address!) : null;
        timeline.open(address, place ?? left?.n ?? null, words, left?.top);
        this.panels.shown(address);
        this.talk.leave(address && this.begun.lastOf(address));
        this.preferences.view(address, true);
      },
    });
    this.#known = new KnownAccounts({
      ...{ bridge, state, later, answered },
      follow: (accounts) => {
        this.waiting.follow(accounts);
        this.people.follow(accounts);
      },
      listed: (account) => this.navigation.listed(account),
      replaced: (account) => {
        if (!only) this.navigation.comeBack(account);
      },
    });
    this.accounts = new AccountActions(bridge, {
      answered,
      opened: (answer, joined = false) => {
        // What could not be asked while the account was being made is asked now.
        if (answer.ok) this.#known.follow();
        this.navigation.opened(answer, joined);
        return answer;
      },
    });
    this.#off = [
      state.subscribe(({ open, timeline }, before) => {
        if (open && timeline && timeline !== before.timeline)
          this.begun.look(open, timeline, rowOf(open)?.member !== false);
      }),
      bridge.on('app.changed', (app) => this.#known.know(app)),
      bridge.on('session.changed', ({ account, state: session }) =>
        this.#known.sessionChanged(account, session),
      ),
      bridge.on('outbox.changed', ({ account }) => void this.waiting.changed(account)),
      bridge.on('rows.changed', ({ account, convs, list, places }) => {
        if (list) this.#known.rowsChanged(account, convs);
        const { open, sessions } = state.getState();
        if (open?.account !== account || !convs.includes(open.conv)) return;
        const session = sessions[account];
        const flows = session?.kind === 'live' || session?.kind === 'polling';
        void timeline.rowsChanged(places?.[open.conv] ?? null, !flows || session.complete === null);
      }),
      bridge.on('draft.changed', ({ account, conv }) => this.sending.draftChanged({ account, conv })),
      bridge.on('begun.changed', (words) => this.begun.heard(words)),
      bridge.on('invitation.opened', ({ invitation }) => state.setState({ invitation })),
      bridge.on('conversation.opened', (address) => this.navigation.open(address)),
      bridge.on('message.opened', ({ link }) => this.navigation.openMessageLink(link)),
    ];
  }

  async start(): Promise<void> {
    const app = await this.#answered(this.#ports.bridge.call('app.state', {}));
    // An event that came meanwhile is newer than this answer.
    if (app && !this.state.getState().app) this.#known.know(app);
    const { only } = this.#ports;
    if (only) this.navigation.open(only);
  }

  /** The person can read and write. */
  usable(): void {
    void this.#ports.bridge.call('app.usable', {});
    const accounts = this.state.getState().app?.accounts ?? [];
    void this.begun.follow(accounts.map(({ account }) => account));
  }

  /** Other words for a message of the conversation that is shown are gone on with, wherever it is. */
  goOn(addresses: readonly Address[]): void {
    const { open, timeline } = this.state.getState();
    if (!open || !addresses.some((address) => sameAddress(address, open))) return;
    if (timeline) this.begun.look(open, timeline, true);
    const key = this.begun.lastOf(open);
    if (key === null || this.talk.state.getState().editing !== null) return;
    this.talk.edit(key);
    const n = this.begun.placeOf(key);
    if (n !== null && !timeline?.rows.some((row) => row.n === n)) this.reading.jumpTo(n);
  }

  /** What was chosen in the menu bar. Answers with the function that stops listening. */
  onMenu(chosen: (id: MenuChoice) => void): () => void {
    return this.#ports.bridge.on('shortcut.chosen', ({ id }) => chosen(id));
  }

  /** The words of the last own message are changed: those that wait to go out in the composer, others in its row, which is led to where it is not among the rows that are here. Answers with a row that is. */
  editLast(): TimelineRow | null {
    const { open, timeline } = this.state.getState();
    const row = timeline?.newer ? undefined : this.reading.answerable().findLast(({ own }) => own);
    // What no server has seen is changed where it was written; the one before it is not what is meant.
    if (open && row?.delivery === 'queued' && !row.frozen) {
      void this.sending.toDraft(open, row);
      return null;
    }
    if (row) this.talk.edit(row.key);
    else
      void this.reading.toOwnLast().then((last) => {
        // Who began to write meanwhile writes on.
        if (last && open && this.sending.draft(open).state.getState().text === '') this.talk.edit(last.key);
      });
    return row ?? null;
  }

  closeInvitation(): void {
    this.state.setState({ invitation: null });
  }

  async showDiagnostics(): Promise<void> {
    await this.#answered(this.#ports.bridge.call('diagnostics.show', {}));
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

  /** Flushes what is typed. */
  async close(): Promise<void> {
    for (const off of this.#off) off();
    this.#marker.close();
    this.preferences.close();
    this.people.close();
    this.files.close();
    this.exports.close();
    await Promise.all([this.begun.close(), this.sending.close()]);
  }
}

/** Who has a name. */
const peopleIn = (row: ConversationRow | undefined) =>
  row?.members.flatMap(({ user, name }) => (name === null ? [] : [{ user, name }]));
