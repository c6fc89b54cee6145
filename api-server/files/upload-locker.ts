/** One request at a time for each upload, in turn. The library's own locker asks again in every turn of the event loop; here who waits is woken. */
import { ERRORS, type Lock, type Locker, type RequestRelease } from '@tus/server';

/** For a lock, ms. Who holds it is asked to let go as soon as somebody waits. */
const WAIT = 30_000;

interface Held {
  letGo: RequestRelease;
  waiting: ((mine: boolean) => void)[];
}

export class UploadLocker implements Locker {
  readonly #held = new Map<string, Held>();

  newLock(id: string): Lock {
    return {
      lock: (signal, letGo) => this.#lock(id, signal, letGo),
      unlock: async () => this.#unlock(id),
    };
  }

  async #lock(id: string, signal: AbortSignal, letGo: RequestRelease): Promise<void> {
    const held = this.#held.get(id);
    if (!held) {
      this.#held.set(id, { letGo, waiting: [] });
      return;
    }
    const mine = new Promise<boolean>((resolve) => {
      const turn = (yes: boolean) => {
        clearTimeout(limit);
        signal.removeEventListener('abort', giveUp);
        resolve(yes);
      };
      const giveUp = () => {
        held.waiting.splice(held.waiting.indexOf(turn), 1);
        turn(false);
      };
      const limit = setTimeout(giveUp, WAIT);
      signal.addEventListener('abort', giveUp, { once: true });
      held.waiting.push(turn);
    });
    await held.letGo();
    if (!(await mine)) throw ERRORS.ERR_LOCK_TIMEOUT;
    held.letGo = letGo;
    // Somebody came meanwhile, and asked the one before.
    if (held.waiting.length > 0) await letGo();
  }

  #unlock(id: string): void {
    const held = this.#held.get(id);
    const next = held?.waiting.shift();
    if (next) next(true);
    else this.#held.delete(id);
  }
}
