/**
 * Messages for later that the server could not send at their time: nobody looks at their list then, so each is told of as what failed is told, at its conversation and in the
 * outbox, and by a notification. The server is asked when an account is connected, every ten minutes while it is, shortly after the next of them is due, and when something is
 * done about one.
 */

import { ScheduledList } from '@matchbook/protocol/http/people';
import { refusalOf } from '@matchbook/protocol/http/refused-later';
import type { ServerRequests } from '../accounts/server-requests.ts';
import { LocalError } from '../bridge/local-failure.ts';
import type { LocalStore } from '../local-store/local-store.ts';
import type { RefusedMessage } from '../local-store/refused-later.ts';
import { NOTHING } from '../network/api-client.ts';

/** From what happened to the question, and as much more by chance: many devices come back at once, ms. */
const SOON = 2_000;
/** After a time that has come; while the server has not sent it, or does not answer, doubling, ms. */
const AFTER_DUE = 3_000;
const LATEST = 600_000;
/** Times further away are looked at anew, ms. */
const LONGEST = 3_600_000;

export interface RefusedMessagesParts {
  store: Pick<LocalStore, 'refusedLater'>;
  server: Pick<ServerRequests, 'get' | 'send'>;
  /** One that was refused is told of, for the first time on this device. */
  told(account: string, conv: string): void;
  log(line: string): void;
  now(): number;
  random(): number;
  setTimer(work: () => void, delay: number): { cancel(): void };
}

interface Known {
  timer: { at: number; cancel(): void } | null;
  asking: Promise<void> | null;
  pause: number;
  refused: RefusedMessage[];
  /** How many stand among what failed here, or are dealt with and still to be told of. */
  here: number;
  /** When the server was asked last, wall clock; null before the first question. */
  asked: number | null;
}

export class RefusedMessages {
  readonly #parts: RefusedMessagesParts;
  readonly #accounts = new Map<string, Known>();
  #closed = false;

  constructor(parts: RefusedMessagesParts) {
    this.#parts = parts;
  }

  /** The account is connected, or something was done with a message for later. */
  look(account: string): void {
    this.#later(account, SOON * (1 + this.#parts.random()));
  }

  /** The account is connected still: what was put there, or done about one, on another device is heard of within ten minutes. */
  stands(account: string): void {
    const { asked } = this.#of(account);
    if (asked !== null && Math.abs(this.#parts.now() - asked) >= LATEST) this.look(account);
  }

  /** Something may have been done about one that stands here. */
  outboxChanged(account: string): void {
    if (this.#of(account).here > 0) this.#later(account, SOON);
  }

  close(): void {
    this.#closed = true;
    for (const { timer } of this.#accounts.values()) timer?.cancel();
  }

  #of(account: string): Known {
    let known = this.#accounts.get(account);
    if (!known) {
      known = { timer: null, asking: null, pause: AFTER_DUE, refused: [], here: 0, asked: null };
      this.#accounts.set(account, known);
    }
    return known;
  }

  /** The sooner of two questions is asked. */
  #later(account: string, delay: number): void {
    if (this.#closed) return;
    const known = this.#of(account);
    const at = this.#parts.now() + delay;
    if (known.timer && known.timer.at <= at) return;
    known.timer?.cancel();
    const { cancel } = this.#parts.setTimer(() => {
      known.timer = null;
      const before = known.asking ?? Promise.resolve();
      known.asking = before.then(() => this.#ask(account, known));
    }, delay);
    known.timer = { at, cancel };
  }

  async #ask(account: string, known: Known): Promise<void> {
    const { server, now, log } = this.#parts;
    known.asked = now();
    try {
      const { messages } = await server.get(account, '/api/scheduled', ScheduledList);
      known.refused = messages.flatMap(({ id, conv, body, silent, refused }) =>
        refused === null ? [] : [{ id, conv, body, silent, failure: refusalOf(refused) }],
      );
      if (!(await this.#follow(account, known))) return this.#again(account, known);
      const due = messages.flatMap((one) => (one.refused === null ? [one.due] : []));
      if (due.length === 0) return;
      const wait = Math.min(...due) - now();
      // By a clock that is ahead of the server's, or while the server has its hands full.
      if (wait <= 0) return this.#again(account, known);
      known.pause = AFTER_DUE;
      this.#later(account, Math.min(wait + AFTER_DUE, LONGEST));
    } catch (error) {
      const kind = error instanceof LocalError ? error.failure.kind : null;
      if (kind === null) log(`messages for later: ${error}`);
      // It is asked again once the account is connected.
      if (kind !== 'no_such_account' && kind !== 'signed_out') this.#again(account, known);
    }
  }

  #again(account: string, known: Known): void {
    this.#later(account, known.pause);
    known.pause = Math.min(known.pause * 2, LATEST);
  }

  /** @returns whether the server knows of all that was done */
  async #follow(account: string, known: Known): Promise<boolean> {
    const { store, server, told } = this.#parts;
    const { here, taken, dealt } = await store.refusedLater({ account, refused: known.refused });
    for (const { conv } of taken) told(account, conv);
    let untold = 0;
    for (const id of dealt) {
      const path = `/api/scheduled/${encodeURIComponent(id)}`;
      await server.send(account, 'DELETE', path, null, NOTHING).catch((error: unknown) => {
        if (!(error instanceof LocalError && error.failure.kind === 'not_found')) untold++;
      });
    }
    known.here = here + untold;
    return untold === 0;
  }
}
