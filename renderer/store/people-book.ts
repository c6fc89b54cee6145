/** Whom one knows, as a window shows it: what the log told of people, the server's last answers, and who is there now. */
import type { Outcome } from '@matchbook/protocol/bridge/outcome';
import type { KnownPerson, OwnProfile, PersonProfile } from '@matchbook/protocol/bridge/people';
import type { Present } from '@matchbook/protocol/bridge/presence';
import type { WindowBridge } from '@matchbook/protocol/bridge/window';
import type { PresenceState } from '@matchbook/protocol/frames';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { Coalesced } from './coalesced.ts';

interface Presences {
  users: ReadonlyMap<string, PresenceState>;
  /** By conversation, who writes. */
  typing: ReadonlyMap<string, readonly string[]>;
}

export interface PeopleState {
  /** By account and user; absent until the first answer. */
  known: Readonly<Record<string, ReadonlyMap<string, KnownPerson>>>;
  /** By account and user joined: what the server said last. */
  profiles: Readonly<Record<string, PersonProfile>>;
  own: Readonly<Record<string, OwnProfile>>;
  presences: Readonly<Record<string, Presences>>;
}

/** Server's answers that a window keeps. */
const KEPT = 500;
/** Of those who stand in a list the server is asked again after this time, ms; so many of one list, and so many at once. */
const OLD = 600_000;
const LISTED = 60;
const AT_ONCE = 4;

export const personKey = (account: string, user: string): string => `${account}/${user}`;

export class PeopleBook {
  readonly state: StoreApi<PeopleState>;
  readonly #bridge: WindowBridge;
  readonly #asking = new Map<string, Coalesced>();
  /** By account, how many views show its people now. */
  readonly #shown = new Map<string, number>();
  readonly #stale = new Set<string>();
  /** By account and user joined: when the server was asked for the sake of a list. */
  readonly #lookedAt = new Map<string, number>();
  readonly #off: (() => void)[];

  constructor(bridge: WindowBridge) {
    this.#bridge = bridge;
    this.state = createStore<PeopleState>(() => ({ known: {}, profiles: {}, own: {}, presences: {} }));
    this.#off = [
      bridge.on('presence.changed', ({ account, ...present }) => this.#present(account, present)),
      bridge.on('rows.changed', ({ account, list }) => {
        if (!list) return;
        this.#stale.add(account);
        if (this.#shown.get(account)) void this.#ask(account);
      }),
    ];
  }

  /** Of every account, once: who is there, and whom one knows. */
  follow(accounts: readonly string[]): void {
    for (const account of accounts) {
      if (this.#asking.has(account)) continue;
      void this.#ask(account);
      void this.#bridge.call('presence.state', { account }).then((answer) => {
        // An event that came meanwhile is newer.
        if (answer.ok && !this.state.getState().presences[account]) this.#present(account, answer.value);
      });
    }
  }

  /** A view shows people: from now on until the answer is called they are kept up to date. */
  show(account: string): () => void {
    this.#shown.set(account, (this.#shown.get(account) ?? 0) + 1);
    if (this.#stale.has(account)) void this.#ask(account);
    return () => this.#shown.set(account, (this.#shown.get(account) ?? 1) - 1);
  }

  /** Asks the server; what it said last stays until then. */
  async profile(account: string, user: string): Promise<Outcome<PersonProfile>> {
    const answer = await this.#bridge.call('people.profile', { account, user });
    if (answer.ok)
      this.state.setState(({ profiles }) => {
        const { [personKey(account, user)]: _, ...others } = profiles;
        const kept = Object.entries(others).slice(-KEPT + 1);
        return { profiles: { ...Object.fromEntries(kept), [personKey(account, user)]: answer.value } };
      });
    return answer;
  }

  /** Whether accounts are closed is the server's to say: asked of those who are not here, of whom nothing was heard lately. */
  async look(account: string, users: readonly string[], now: number = Date.now()): Promise<void> {
    const here = this.state.getState().presences[account]?.users;
    const asked = users
      .filter(
        (user) => !here?.has(user) && now - (this.#lookedAt.get(personKey(account, user)) ?? -OLD) >= OLD,
      )
      .slice(0, LISTED);
    for (const user of asked) this.#lookedAt.set(personKey(account, user), now);
    const queue = asked.values();
    const one = async () => {
      for (const user of queue) {
        const answer = await this.profile(account, user);
        // It is asked again when somebody looks the next time.
        if (!answer.ok) this.#lookedAt.delete(personKey(account, user));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, one));
  }

  async own(account: string): Promise<Outcome<OwnProfile>> {
    return this.#keepOwn(account, await this.#bridge.call('people.own', { account }));
  }

  async change(
    account: string,
    change: { status?: { text: string; until?: number } | null; showLastSeen?: boolean },
  ): Promise<Outcome<OwnProfile>> {
    return this.#keepOwn(account, await this.#bridge.call('people.change', { account, change }));
  }

  report(request: {
    account: string;
    conv: string;
    n: number;
    reason: string;
    context: number[];
  }): Promise<Outcome<null>> {
    return this.#bridge.call('people.report', request);
  }

  close(): void {
    for (const off of this.#off) off();
  }

  #keepOwn(account: string, answer: Outcome<OwnProfile>): Outcome<OwnProfile> {
    if (answer.ok) this.state.setState(({ own }) => ({ own: { ...own, [account]: answer.value } }));
    return answer;
  }

  #present(account: string, { users, typing }: Present): void {
    const byConversation = new Map<string, string[]>();
    for (const { conv, user } of typing)
      byConversation.set(conv, [...(byConversation.get(conv) ?? []), user]);
    const presence = {
      users: new Map(users.map(({ user, state }) => [user, state])),
      typing: byConversation,
    };
    this.state.setState(({ presences }) => ({ presences: { ...presences, [account]: presence } }));
  }

  #ask(account: string): Promise<void> {
    let asking = this.#asking.get(account);
    if (!asking) {
      asking = new Coalesced(async () => {
        this.#stale.delete(account);
        const answer = await this.#bridge.call('people.list', { account });
        // Asked for again when somebody looks.
        if (!answer.ok) this.#stale.add(account);
        else
          this.state.setState(({ known }) => ({
            known: { ...known, [account]: new Map(answer.value.map((person) => [person.user, person])) },
          }));
      });
      this.#asking.set(account, asking);
    }
    return asking.run();
  }
}
