import type { LocalFailure } from '@matchbook/protocol/bridge/outcome';
import type { Loss } from '@matchbook/protocol/bridge/views';
import type { WindowEvents } from '@matchbook/protocol/bridge/window';
import type { AccountIdentity } from './account-store.ts';
import { failureOf, StoreError } from './files/store-error.ts';
import type {
  AnswerMessage,
  CallAnswer,
  CallRequest,
  EndMessage,
  RequestMessage,
  StartMessage,
  StoreCall,
  StoreEvent,
} from './messages.ts';

/** The worker thread as the face sees it; `Worker` of node:worker_threads is one. */
export interface StoreThread {
  postMessage(message: StartMessage | RequestMessage | EndMessage): void;
  on(event: 'message', listener: (message: AnswerMessage | StoreEvent) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'exit', listener: (code: number) => void): unknown;
  /** Lets the process end while the thread still runs. */
  unref(): void;
}

export interface LocalStoreOptions {
  /** Folder that gets one folder an account. */
  directory: string;
  /** Starts a worker thread on the built `local-store-worker`. */
  spawn: () => StoreThread;
  /** Bytes that each account's history.db may have, see `limitHistory`. */
  historyBytes?: number;
  /** Longest wait for an answer, and for a thread to end, ms. */
  patience?: number;
  endingPatience?: number;
}

interface Waiting {
  resolve: (value: never) => void;
  reject: (error: StoreError) => void;
  timer: NodeJS.Timeout;
}

export type ChangedListener = (changed: WindowEvents['rows.changed']) => void;

const PATIENCE = 30_000;
/** Longest wait for a thread to end once it was asked to, ms. */
const ENDING = 5_000;
/** Requests that may wait for the thread at once; beyond it they fail at once. */
const WAITING = 10_000;

/**
 * The store's thread: started, asked, listened to, and started anew with its accounts after it died or met a damaged file. No answer within 30 s, or a thread that
 * died, is `store_failed`: what was asked may have been done, and asking again under the same ids is safe.
 */
export class StoreLink {
  readonly #options: LocalStoreOptions;
  readonly #waiting = new Map<number, Waiting>();
  readonly #accounts = new Map<string, AccountIdentity>();
  readonly #changed = new Set<ChangedListener>();
  readonly #outboxChanged = new Set<(account: string) => void>();
  readonly #holesChanged = new Set<(account: string) => void>();
  readonly #draftsChanged = new Set<(account: string, convs: string[]) => void>();
  readonly #closedAccounts = new Set<(account: string, failure: LocalFailure) => void>();
  readonly #notices = new Set<(account: string, notices: Loss[]) => void>();
  #thread: StoreThread | null = null;
  /** While a thread with a damaged file comes to its end. */
  #ending: Promise<void> | null = null;
  #historyBytes: number | null = null;
  #receipts = true;
  #ref = 0;
  #closed = false;

  constructor(options: LocalStoreOptions) {
    this.#options = options;
    this.#historyBytes = options.historyBytes ?? null;
  }

  /** Opened again with every new thread. */
  keep(identity: AccountIdentity): void {
    this.#accounts.set(identity.account, identity);
  }

  drop(account: string): void {
    this.#accounts.delete(account);
  }

  /** In force in every thread from now on. */
  limit(bytes: number): void {
    this.#historyBytes = bytes;
  }

  receipts(on: boolean): void {
    this.#receipts = on;
  }

  /** Each answers with the function that stops listening. */
  onChanged(listener: ChangedListener): () => void {
    return listen(this.#changed, listener);
  }

  onOutboxChanged(listener: (account: string) => void): () => void {
    return listen(this.#outboxChanged, listener);
  }

  onHolesChanged(listener: (account: string) => void): () => void {
    return listen(this.#holesChanged, listener);
  }

  /** Drafts that another device changed. */
  onDraftsChanged(listener: (account: string, convs: string[]) => void): () => void {
    return listen(this.#draftsChanged, listener);
  }

  /** Damage found, and put right as far as possible, after the account was opened. */
  onNotices(listener: (account: string, notices: Loss[]) => void): () => void {
    return listen(this.#notices, listener);
  }

  /** Accounts that a new thread could not open. */
  onClosed(listener: (account: string, failure: LocalFailure) => void): () => void {
    return listen(this.#closedAccounts, listener);
  }

  /** Closes the files in order and ends the thread. What comes later fails. */
  async close(): Promise<void> {
    if (this.#closed) return;
    const thread = this.#thread;
    const closing = thread ? this.ask('close', {}).catch(() => null) : null;
    this.#closed = true;
    await closing;
    await this.#ending;
    this.#thread = null;
    if (thread) await this.#end(thread);
    this.#failAll('The local store is closed.');
  }

  ask<K extends StoreCall>(call: K, request: CallRequest<K>): Promise<CallAnswer<K>> {
    if (this.#closed) return Promise.reject(failed('The local store is closed.'));
    if (this.#waiting.size >= WAITING)
      return Promise.reject(failed(`${WAITING} requests to the local store are waiting already.`));
    if (this.#ending !== null) return this.#ending.then(() => this.ask(call, request));
    const thread = this.#thread ?? this.#start();
    return this.#post(thread, call, request);
  }

  #post<K extends StoreCall>(thread: StoreThread, call: K, request: CallRequest<K>): Promise<CallAnswer<K>> {
    const ref = ++this.#ref;
    const patience = this.#options.patience ?? PATIENCE;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(ref);
        reject(failed(`The local store did not answer ${call} within ${patience} ms.`));
      }, patience);
      this.#waiting.set(ref, { resolve, reject, timer });
      thread.postMessage({ ref, call, request } as RequestMessage);
    });
  }

  #start(): StoreThread {
    const thread = this.#options.spawn();
    this.#thread = thread;
    let reason = 'The thread of the local store ended.';
    thread.on('message', (message) => this.#heard(message));
    thread.on('error', (error) => {
      reason = `The thread of the local store failed: ${error.message}`;
    });
    thread.on('exit', () => {
      if (this.#thread !== thread) return;
      this.#thread = null;
      this.#failAll(reason);
    });
    thread.postMessage({ start: { directory: this.#options.directory } });
    if (this.#historyBytes !== null)
      this.#post(thread, 'limitHistory', { bytes: this.#historyBytes }).catch(() => {});
    if (!this.#receipts) this.#post(thread, 'tellReads', { on: false }).catch(() => {});
    for (const identity of this.#accounts.values()) {
      this.#post(thread, 'openAccount', identity).then(
        (notices) => {
          if (notices.length > 0) for (const tell of this.#notices) tell(identity.account, notices);
        },
        // Whoever asks for this account is told: its requests fail with no_such_account or as the thread did.
        (error: unknown) => {
          const failure = failureOf(error);
          if (failure.store) for (const tell of this.#closedAccounts) tell(identity.account, failure);
        },
      );
    }
    return thread;
  }

  #heard(message: AnswerMessage | StoreEvent): void {
    if ('event' in message) {
      this.#tell(message);
      return;
    }
    const waiting = this.#waiting.get(message.ref);
    // Too late: its caller was told that it failed.
    if (!waiting) return;
    this.#waiting.delete(message.ref);
    clearTimeout(waiting.timer);
    if (message.ok) waiting.resolve(message.value as never);
    else waiting.reject(new StoreError(message.failure));
  }

  #tell(message: StoreEvent): void {
    switch (message.event) {
      case 'changed': {
        const { account, convs, places, list } = message;
        for (const tell of this.#changed) tell({ account, convs, places, list });
        return;
      }
      case 'outboxChanged':
        for (const tell of this.#outboxChanged) tell(message.account);
        return;
      case 'holesChanged':
        for (const tell of this.#holesChanged) tell(message.account);
        return;
      case 'draftsChanged':
        for (const tell of this.#draftsChanged) tell(message.account, message.convs);
        return;
      case 'damaged':
        this.#restart(message.reason);
    }
  }

  /** Until the thread has ended; one that hangs is left behind. */
  #end(thread: StoreThread): Promise<void> {
    return new Promise((resolve) => {
      const late = setTimeout(() => {
        thread.unref();
        resolve();
      }, this.#options.endingPatience ?? ENDING);
      thread.on('exit', () => {
        clearTimeout(late);
        resolve();
      });
      thread.postMessage({ end: true });
    });
  }

  /** Ends the thread, which alone closes its files for good, and opens the accounts in a new one. */
  #restart(reason: string): void {
    const thread = this.#thread;
    if (!thread) return;
    this.#thread = null;
    this.#failAll(`A file of the local store is damaged: ${reason}`);
    this.#ending = this.#end(thread).then(() => {
      this.#ending = null;
      if (this.#closed || this.#thread) return;
      this.#start();
      // Whatever was shown may be other now.
      for (const account of this.#accounts.keys()) {
        for (const tell of this.#changed) tell({ account, convs: [], list: true });
        for (const tell of this.#outboxChanged) tell(account);
      }
    });
  }

  #failAll(message: string): void {
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      reject(failed(message));
    }
    this.#waiting.clear();
  }
}

const failed = (message: string): StoreError =>
  new StoreError({ kind: 'store_failed', message } satisfies LocalFailure);

function listen<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}
