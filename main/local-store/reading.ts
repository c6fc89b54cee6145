/** How far a person read: told to others as far as they may know, and to their own devices. */
import type { AccountParts } from './account-parts.ts';
import { ChangedPlaces } from './entries/changed-places.ts';
import { StoreError } from './files/store-error.ts';

export class Reading {
  readonly #parts: AccountParts;
  readonly #receipts: () => boolean;

  /** @param receipts whether others are told */
  constructor(parts: AccountParts, receipts: () => boolean) {
    this.#parts = parts;
    this.#receipts = receipts;
  }

  /**
   * Nothing where as much or more was marked before; never beyond the head. Where others are not to know it, it stays on this device. What one marked as unread
   * is read again as far as this reaches.
   */
  markRead(conv: string, n: number): null {
    const { history, outbox, newId, changes } = this.#parts;
    const about = history.conversation(conv);
    const place = Math.min(n, about?.headN ?? 0);
    if (!about || place <= about.readN) return null;
    const read = history.readPlace(conv);
    if (about.unreadN > 0) this.#unreadFrom(conv, place < read ? place + 1 : 0);
    if (place > read) {
      // Who is not in it any more is not listened to there: what was said until then is read here alone.
      const left = history.standings([conv]).get(conv)?.member === false;
      const told = this.#receipts() && !left;
      if (told) outbox.quiet(conv, newId(), { kind: 'read', n: place });
      history.mark(conv, place);
      if (told) changes.outbox();
    }
    changes.rows([conv], true, noRow(conv));
    return null;
  }

  /** For oneself, on all of one's devices: unread from a place on, though it was read; 0: not any more. Nobody else hears of it, and read positions stay (I9). */
  markUnread(conv: string, n: number): null {
    const { history, changes } = this.#parts;
    const about = history.conversation(conv);
    if (!about || n > about.headN)
      throw new StoreError({ kind: 'unknown_place', message: 'There is no such place here.', field: 'n' });
    if (n === about.unreadN) return null;
    this.#unreadFrom(conv, n);
    changes.rows([conv], true, noRow(conv));
    return null;
  }

  #unreadFrom(conv: string, value: number): void {
    const { history, outbox, newId, changes } = this.#parts;
    outbox.quiet(conv, newId(), { kind: 'unread', value });
    history.unreadFrom(conv, value);
    changes.outbox();
  }

  unread(): { messages: number; conversations: number; until: number | null } {
    const { history, now } = this.#parts;
    return history.news.unread(now());
  }
}

/** Something is said of the conversation itself, and of none of its rows. */
function noRow(conv: string): ChangedPlaces {
  const places = new ChangedPlaces();
  places.add(conv, []);
  return places;
}
