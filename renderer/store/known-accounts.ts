/** What a window knows of each account of this device: its conversations and its session, asked for once and then as they change. */
import type { AppState, ConversationRow } from '@matchbook/protocol/bridge/views';
import type { WindowBridge } from '@matchbook/protocol/bridge/window';
import type { SessionState } from '@matchbook/protocol/session-state';
import type { StoreApi } from 'zustand/vanilla';
import type { Answered } from './answered.ts';
import { ConversationList } from './conversation-list.ts';
import type { Later } from './draft-keeper.ts';
import type { MatchbookState } from './state.ts';

/** From one question for the list to the next, ms: a new list costs a window more than a question. */
const LIST_REST = 100;

export interface KnownAccountPorts {
  bridge: WindowBridge;
  state: StoreApi<MatchbookState>;
  later: Later;
  answered: Answered;
  /** These are known now, and whoever keeps something for each of them follows. */
  follow(accounts: readonly string[]): void;
  /** The list of an account is there, or another one than before. */
  listed(account: string): void;
  /** What was shown is gone with its account: this one takes its place. */
  replaced(account: string): void;
}

export class KnownAccounts {
  readonly #ports: KnownAccountPorts;
  readonly #lists = new Map<string, ConversationList>();

  constructor(ports: KnownAccountPorts) {
    this.#ports = ports;
  }

  know(app: AppState): void {
    const { state } = this.#ports;
    const before = state.getState().account;
    state.setState(({ account, conversations, pictures, sessions, open }) => {
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
        pictures: kept(pictures),
        ...(open && !here(open.account) ? { open: null, timeline: null } : {}),
      };
    });
    for (const account of this.#lists.keys())
      if (!app.accounts.some((known) => known.account === account)) this.#lists.delete(account);
    this.follow();
    const { account } = state.getState();
    if (account && before && before !== account) this.#ports.replaced(account);
  }

  /** Asks for the list and the session of every account that is not known yet. */
  follow(): void {
    const { app, conversations, sessions } = this.#ports.state.getState();
    const known = (app?.accounts ?? []).map(({ account }) => account);
    this.#ports.follow(known);
    for (const account of known) {
      const list = this.#lists.get(account) ?? this.#listOf(account);
      this.#lists.set(account, list);
      if (!conversations[account]) void list.refresh();
      if (!sessions[account]) void this.#askSession(account);
    }
  }

  /** Conversations of an account changed in what its list shows. */
  rowsChanged(account: string, convs: readonly string[]): void {
    void this.#lists.get(account)?.rowsChanged(convs);
  }

  sessionChanged(account: string, session: SessionState): void {
    this.#ports.state.setState(({ sessions }) => ({ sessions: { ...sessions, [account]: session } }));
  }

  async #askSession(account: string): Promise<void> {
    const { bridge, state, answered } = this.#ports;
    const session = await answered(bridge.call('session.state', { account }));
    // What was told meanwhile is newer than this answer.
    if (session && !state.getState().sessions[account]) this.sessionChanged(account, session);
  }

  #listOf(account: string): ConversationList {
    const { bridge, state, later, answered, listed } = this.#ports;
    return new ConversationList({
      ask: (convs) => bridge.call('conversation.list', { account, ...(convs ? { convs: [...convs] } : {}) }),
      changed: (rows, met) => {
        state.setState(({ conversations, pictures }) => ({
          conversations: { ...conversations, [account]: rows },
          ...(met ? { pictures: { ...pictures, [account]: picturesIn(rows) } } : {}),
        }));
        listed(account);
      },
      failed: (answer) => void answered(Promise.resolve(answer)),
      rest: () => new Promise((resolve) => void later(LIST_REST, resolve)),
    });
  }
}

function picturesIn(rows: readonly ConversationRow[]): ReadonlyMap<string, string> {
  const pictures = new Map<string, string>();
  for (const { members } of rows)
    for (const { user, avatar } of members) if (avatar) pictures.set(user, avatar);
  return pictures;
}
