/** All open accounts, as a worker's message handler: a request names a method and its account, an answer carries the same number. */
import { join } from 'node:path';
import type { LocalFailure } from '@matchbook/protocol/bridge';
import { AccountStore, type Identity } from './account-store.ts';
import { failureOf, StoreFailure } from './store-failure.ts';

/** Methods of an account's store that main may call, with one argument. */
type Method = {
  [K in keyof AccountStore]: AccountStore[K] extends (argument: never) => unknown ? K : never;
}[keyof AccountStore] &
  string;

export type Request =
  | { id: number; method: 'open'; identity: Identity }
  | { id: number; method: 'close'; account: string | null }
  | { id: number; method: 'call'; account: string; name: string; argument: unknown };

export type Answer =
  | { id: number; ok: true; value: unknown }
  | { id: number; ok: false; failure: LocalFailure };

export type Event =
  | { event: 'changed'; account: string; convs: string[]; list: boolean }
  | { event: 'outboxChanged'; account: string }
  | { event: 'holesChanged'; account: string };

const METHODS = new Set<Method>([
  'list',
  'page',
  'submit',
  'toDraft',
  'discard',
  'retry',
  'readDraft',
  'saveDraft',
  'markRead',
  'ensureDirect',
  'cursor',
  'storeFrame',
  'outbox',
  'release',
  'acked',
  'refused',
  'saved',
  'unsaved',
  'holes',
]);

export class StoreService {
  #directory: string;
  #post: (message: Answer | Event) => void;
  #now: () => number;
  #newId: () => string;
  #stores = new Map<string, AccountStore>();
  #pending = new Map<string, { convs: Set<string>; list: boolean }>();

  constructor(
    directory: string,
    { post, now, newId }: { post: (message: Answer | Event) => void; now: () => number; newId: () => string },
  ) {
    this.#directory = directory;
    this.#post = post;
    this.#now = now;
    this.#newId = newId;
  }

  handle(request: Request): void {
    const { id } = request;
    let answer: Answer;
    try {
      answer = { id, ok: true, value: this.#perform(request) };
    } catch (error) {
      answer = { id, ok: false, failure: failureOf(error) };
    }
    // Changes first: whoever waits for the answer then finds what it shows already announced.
    this.#flush();
    this.#post(answer);
  }

  backUp(): void {
    for (const store of this.#stores.values()) store.backUp();
  }

  #perform(request: Request): unknown {
    if (request.method === 'open') return this.#open(request.identity);
    if (request.method === 'close') {
      for (const [account, store] of this.#stores) {
        if (request.account !== null && request.account !== account) continue;
        store.close();
        this.#stores.delete(account);
      }
      return null;
    }
    const store = this.#stores.get(request.account);
    if (!store) throw new StoreFailure('no_such_account', 'This account is not open.');
    if (!METHODS.has(request.name as Method))
      throw new StoreFailure('bad_call', `No such call: ${request.name}`);
    return (store[request.name as Method] as (argument: unknown) => unknown).call(store, request.argument);
  }

  #open(identity: Identity) {
    const { account } = identity;
    const there = this.#stores.get(account);
    if (there) return there.notices;
    const store = new AccountStore(join(this.#directory, account), identity, {
      now: this.#now,
      newId: this.#newId,
      events: {
        changed: (convs, list) => this.#note(account, convs, list),
        outboxChanged: () => this.#post({ event: 'outboxChanged', account }),
        holesChanged: () => this.#post({ event: 'holesChanged', account }),
      },
    });
    this.#stores.set(account, store);
    return store.notices;
  }

  #note(account: string, convs: Iterable<string>, list: boolean): void {
    const pending = this.#pending.get(account) ?? { convs: new Set<string>(), list: false };
    for (const conv of convs) pending.convs.add(conv);
    pending.list ||= list;
    this.#pending.set(account, pending);
  }

  #flush(): void {
    for (const [account, { convs, list }] of this.#pending)
      if (convs.size > 0 || list) this.#post({ event: 'changed', account, convs: [...convs], list });
    this.#pending.clear();
  }
}
