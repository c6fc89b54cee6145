/** The notifications that are on the screen, as far as we know: shown, replaced, and taken back. */
import type { ShowAnswer, Withdrawal } from '@matchbook/protocol/bridge/notifications';
import type { NotificationPreferences } from '@matchbook/protocol/bridge/preferences';
import type { Ledger } from './ledger.ts';
import type { Notice, Notifier } from './notifier.ts';

type Sound = NotificationPreferences['sound'];

/** One sound for what comes at once, ms. */
const SOUND_PAUSE = 1_000;

export interface Showing {
  account: string;
  /** Places up to which it tells of each conversation. */
  upTo: Map<string, number>;
  count: number;
  /** Where it leads, when it tells of no message there. */
  conv?: string;
  /** What its newest message said when it was shown, where it tells of one. */
  text?: string | null;
}

export interface ShowingsParts {
  ledger: Ledger;
  notifier: Notifier;
  now(): number;
  playSound(): void;
}

export class Showings {
  readonly #parts: ShowingsParts;
  readonly #showing = new Map<string, Showing>();
  #lastSound = 0;

  constructor(parts: ShowingsParts) {
    this.#parts = parts;
  }

  get(tag: string): Showing | undefined {
    return this.#showing.get(tag);
  }

  /** By conversation, the place that something on the screen tells of. */
  of(account: string): Map<string, number> {
    const places = new Map<string, number>();
    for (const showing of this.#showing.values()) {
      if (showing.account !== account) continue;
      for (const [conv, n] of showing.upTo) places.set(conv, n);
    }
    return places;
  }

  async show(
    tag: string,
    showing: Showing,
    notice: Omit<Notice, 'tag' | 'sound'>,
    sound: Sound,
  ): Promise<ShowAnswer> {
    const { notifier, ledger, now } = this.#parts;
    const before = this.#showing.get(tag);
    // The same message in other words is still told of.
    for (const [conv, n] of before?.upTo ?? [])
      if (showing.upTo.get(conv) !== n) ledger.withdrawn(before!.account, conv, n, 'replaced');
    this.#showing.set(tag, showing);
    const answer = await notifier.show({ tag, ...notice, sound: sound === 'system' ? 'system' : 'none' });
    if (answer.kind !== 'shown') {
      if (this.#showing.get(tag) === showing) this.#showing.delete(tag);
      return answer;
    }
    if (sound === 'matchbook' && now() - this.#lastSound >= SOUND_PAUSE) {
      this.#lastSound = now();
      this.#parts.playSound();
    }
    return answer;
  }

  /** What was read up to where a notification tells of needs it no longer. */
  read(account: string, conv: string, readN: number): void {
    this.#takeBack(account, conv, readN, 'read');
  }

  /** The message at this place was deleted. Answers how many others the notification told of: somebody still wants to know of them. */
  deleted(account: string, conv: string, n: number): number {
    const showing = this.#showing.get(`${account}/${conv}`);
    this.#takeBack(account, conv, n, 'deleted');
    return showing ? showing.count - 1 : 0;
  }

  withdraw(tag: string, why: Withdrawal): void {
    this.forget(tag, why);
    this.#parts.notifier.withdraw(tag);
  }

  /** It is gone from the screen already. */
  forget(tag: string, why: Withdrawal): void {
    const showing = this.#showing.get(tag);
    this.#showing.delete(tag);
    for (const [conv, n] of showing?.upTo ?? []) this.#parts.ledger.withdrawn(showing!.account, conv, n, why);
  }

  /** All of an account, or of all. */
  withdrawAll(account: string | null): void {
    for (const [tag, showing] of this.#showing)
      if (account === null || showing.account === account) this.withdraw(tag, 'app-closed');
  }

  #takeBack(account: string, conv: string, upTo: number, why: Withdrawal): void {
    for (const [tag, showing] of this.#showing) {
      if (showing.account !== account) continue;
      const n = showing.upTo.get(conv);
      if (n === undefined || upTo < n) continue;
      this.#parts.ledger.withdrawn(account, conv, n, why);
      showing.upTo.delete(conv);
      if (showing.upTo.size > 0) continue;
      this.#showing.delete(tag);
      this.#parts.notifier.withdraw(tag);
    }
  }
}
