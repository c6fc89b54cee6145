/** Main's face of the local store: calls become messages to the worker, with a bound on waiting. */
import type {
  ConversationRow,
  Draft,
  Hole,
  Notice,
  OutboxItem,
  Stored,
  TimelinePage,
  TimelineRow,
} from '@matchbook/protocol/bridge';
import type { Failure } from '@matchbook/protocol/failures';
import type { AckItem, SavedItem } from '@matchbook/protocol/frames';
import type { Identity } from './account-store.ts';
import type { Answer, Event, Request } from './service.ts';
import { StoreFailure } from './store-failure.ts';

/** A call that takes longer fails; what it wanted may still happen, and every call can be repeated. */
const CALL_LIMIT = 30_000;

/** The worker as far as it is used here. */
export interface StoreThread {
  postMessage(message: Request): void;
  on(event: 'message', listener: (message: Answer | Event) => void): unknown;
  on(event: 'exit' | 'error', listener: (reason: unknown) => void): unknown;
  terminate(): Promise<unknown>;
}

type InAccount<T> = T & { account: string };

export class LocalStore {
  #spawn: () => StoreThread;
  #thread: StoreThread | null = null;
  #identities = new Map<string, Identity>();
  #waiting = new Map<
    number,
    { resolve(value: unknown): void; reject(error: StoreFailure): void; timer: NodeJS.Timeout }
  >();
  #lastId = 0;
  #closed = false;
  #changed = new Set<(change: { account: string; convs: string[]; list: boolean }) => void>();
  #outboxChanged = new Set<(account: string) => void>();
  #holesChanged = new Set<(account: string) => void>();

  /** @param spawn starts the worker; called again when it died */
  constructor(spawn: () => StoreThread) {
    this.#spawn = spawn;
  }

  async openAccount(identity: Identity): Promise<Notice[]> {
    this.#identities.set(identity.account, identity);
    return (await this.#send({ method: 'open', identity })) as Notice[];
  }

  async closeAccount(account: string): Promise<void> {
    this.#identities.delete(account);
    await this.#send({ method: 'close', account });
  }

  listConversations = (account: string) => this.#call<ConversationRow[]>(account, 'list', null);
  timelinePage = ({
    account,
    ...request
  }: InAccount<{ conv: string; to?: number; from?: number; limit: number }>) =>
    this.#call<TimelinePage>(account, 'page', request);
  submit = ({
    account,
    ...request
  }: InAccount<{ conv: string; id: string; text: string; draftVersion: number }>) =>
    this.#call<TimelineRow>(account, 'submit', request);
  toDraft = ({ account, id }: InAccount<{ id: string }>) => this.#call<Draft>(account, 'toDraft', id);
  discard = ({ account, id }: InAccount<{ id: string }>) => this.#call<null>(account, 'discard', id);
  retry = ({ account, ...request }: InAccount<{ id: string; newId: string }>) =>
    this.#call<TimelineRow>(account, 'retry', request);
  readDraft = ({ account, conv }: InAccount<{ conv: string }>) =>
    this.#call<Draft>(account, 'readDraft', conv);
  saveDraft = ({ account, ...request }: InAccount<{ conv: string; text: string }>) =>
    this.#call<{ version: number }>(account, 'saveDraft', request);
  markRead = ({ account, ...request }: InAccount<{ conv: string; n: number }>) =>
    this.#call<null>(account, 'markRead', request);
  ensureDirect = ({ account, peer }: InAccount<{ peer: { user: string; name: string } | null }>) =>
    this.#call<{ conv: string }>(account, 'ensureDirect', peer);
  cursor = (account: string) => this.#call<string | null>(account, 'cursor', null);
  storeFrame = ({ account, raw }: InAccount<{ raw: Uint8Array }>) =>
    this.#call<Stored>(account, 'storeFrame', raw);
  outbox = (account: string) => this.#call<OutboxItem[]>(account, 'outbox', null);
  release = ({ account, ids }: InAccount<{ ids: string[] }>) =>
    this.#call<{ ids: string[] }>(account, 'release', ids);
  acked = ({ account, ...request }: InAccount<{ conv: string; items: AckItem[] }>) =>
    this.#call<null>(account, 'acked', request);
  refused = ({ account, items }: InAccount<{ items: { id: string; failure: Failure; final: boolean }[] }>) =>
    this.#call<null>(account, 'refused', items);
  saved = ({ account, items }: InAccount<{ items: SavedItem[] }>) =>
    this.#call<null>(account, 'saved', items);
  unsaved = (account: string) => this.#call<{ ids: string[] }>(account, 'unsaved', null);
  holes = ({ account, focused }: InAccount<{ focused: string | null }>) =>
    this.#call<Hole[]>(account, 'holes', focused);

  onChanged = (listener: (change: { account: string; convs: string[]; list: boolean }) => void) =>
    void this.#changed.add(listener);
  onOutboxChanged = (listener: (account: string) => void) => void this.#outboxChanged.add(listener);
  onHolesChanged = (listener: (account: string) => void) => void this.#holesChanged.add(listener);

  async close(): Promise<void> {
    if (this.#thread) await this.#send({ method: 'close', account: null }).catch(() => {});
    this.#closed = true;
    await this.#thread?.terminate();
    this.#thread = null;
  }

  async #call<T>(account: string, name: string, argument: unknown): Promise<T> {
    return (await this.#send({ method: 'call', account, name, argument })) as T;
  }

  #send(
    request:
      | Omit<Extract<Request, { method: 'open' }>, 'id'>
      | Omit<Extract<Request, { method: 'close' }>, 'id'>
      | Omit<Extract<Request, { method: 'call' }>, 'id'>,
  ): Promise<unknown> {
    if (this.#closed) return Promise.reject(new StoreFailure('store_failed', 'The local store is closed.'));
    const thread = this.#running();
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(id);
        reject(
          new StoreFailure('store_failed', `The local store gave no answer within ${CALL_LIMIT / 1_000} s.`),
        );
      }, CALL_LIMIT);
      this.#waiting.set(id, { resolve, reject, timer });
      thread.postMessage({ ...request, id } as Request);
    });
  }

  /** The worker, started where there is none; a new one opens the accounts again before it hears anything else. */
  #running(): StoreThread {
    if (this.#thread) return this.#thread;
    const thread = this.#spawn();
    this.#thread = thread;
    thread.on('message', (message) => this.#hear(message));
    thread.on('error', (error) => this.#died(thread, error instanceof Error ? error.message : String(error)));
    thread.on('exit', () => this.#died(thread, 'it ended'));
    for (const identity of this.#identities.values())
      thread.postMessage({ id: ++this.#lastId, method: 'open', identity });
    return thread;
  }

  #died(thread: StoreThread, why: string): void {
    if (this.#thread !== thread) return;
    this.#thread = null;
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      reject(new StoreFailure('store_failed', `The local store stopped: ${why}`));
    }
    this.#waiting.clear();
  }

  #hear(message: Answer | Event): void {
    if ('event' in message) {
      if (message.event === 'changed') {
        const { account, convs, list } = message;
        for (const listener of this.#changed) listener({ account, convs, list });
      } else {
        const listeners = message.event === 'outboxChanged' ? this.#outboxChanged : this.#holesChanged;
        for (const listener of listeners) listener(message.account);
      }
      return;
    }
    const waiting = this.#waiting.get(message.id);
    if (!waiting) return;
    this.#waiting.delete(message.id);
    clearTimeout(waiting.timer);
    if (message.ok) waiting.resolve(message.value);
    else waiting.reject(new StoreFailure(message.failure.kind, message.failure.message, message.failure));
  }
}
