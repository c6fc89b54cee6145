/** The files of each account, opened one by one: one that cannot be opened keeps only its own account from being shown and from connecting. */
import type { StoreFault } from '@matchbook/protocol/bridge/store-fault';
import type { Loss } from '@matchbook/protocol/bridge/views';
import { asFailure } from '../bridge/local-failure.ts';
import type { LocalStore } from '../local-store/local-store.ts';
import type { AccountList, ReadyAccount } from './account-list.ts';

/** What may pass by itself is tried again so often, ms. */
const AGAIN = 15_000;

export interface StoreDoorParts {
  list: AccountList;
  store: Pick<LocalStore, 'openAccount'>;
  /** Something was put right when it was opened: what a window showed before may be other now. */
  mended(account: string): void;
  /** It is open after it was not: whatever follows an opening, and its session. */
  opened(account: ReadyAccount): Promise<void>;
  /** It was open and cannot be opened any more: its session ends. */
  shut(account: string): void;
  raise(...found: Loss[]): Promise<void>;
  log(line: string): void;
  setTimer(work: () => void, delay: number): { cancel(): void };
}

export class StoreDoors {
  #parts: StoreDoorParts;
  #timer: { cancel(): void } | null = null;

  constructor(parts: StoreDoorParts) {
    this.#parts = parts;
  }

  /** At the start, and for a new account. Never fails: what is wrong stands in the list of accounts. @returns whether it is open */
  async open(account: ReadyAccount, aside: 'outbox' | 'history' | null = null): Promise<boolean> {
    const { list, store, raise, log } = this.#parts;
    const { account: id, user, device } = account;
    try {
      const found = await store.openAccount({ account: id, user, device }, aside);
      list.fault(id, null);
      if (found.length > 0) {
        this.#parts.mended(id);
        await raise(...found);
      }
      return true;
    } catch (error) {
      const { store: fault, message } = asFailure(error);
      log(`local store: ${id} cannot be opened: ${message}`);
      list.fault(id, fault ?? { path: id, part: 'folder', reason: 'unreadable', detail: message });
      this.#tryLater();
      return false;
    }
  }

  /** By the person's word. @throws where it cannot be opened this time either */
  async again(id: string, aside: 'outbox' | 'history' | null): Promise<void> {
    const { list } = this.#parts;
    const account = list.get(id);
    if (list.faultOf(id) === null) return;
    if (await this.open(account, aside)) return this.#parts.opened(account);
    throw Object.assign(new Error('still shut'), { failure: failureIn(list.faultOf(id)!) });
  }

  /** Its thread ended and the next one could not open it. */
  closed(id: string, fault: StoreFault): void {
    this.#parts.list.fault(id, fault);
    this.#parts.shut(id);
    this.#tryLater();
  }

  close(): void {
    this.#timer?.cancel();
  }

  /** Another program lets go, a disk gets room, a folder is mounted: nobody has to say so. */
  #tryLater(): void {
    this.#timer ??= this.#parts.setTimer(() => {
      this.#timer = null;
      void this.#tryAll();
    }, AGAIN);
  }

  async #tryAll(): Promise<void> {
    const { list, opened } = this.#parts;
    for (const account of list.ready()) {
      const fault = list.faultOf(account.account);
      if (fault === null) continue;
      // A newer file does not become older: until the person says what becomes of it, nothing changes.
      if (fault.reason !== 'newer' && (await this.open(account))) await opened(account);
      else this.#tryLater();
    }
  }
}

const failureIn = (fault: StoreFault) => ({
  kind: 'store_failed' as const,
  message: fault.detail,
  store: fault,
});
