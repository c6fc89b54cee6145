import { CHANGED_PLACES } from '@matchbook/protocol/bridge/app';
import { readContent } from '@matchbook/protocol/message-body';
import { ChangedPlaces } from '../entries/changed-places.ts';
import { replyOf } from '../entries/entry-row.ts';
import type { EntryRows } from '../entries/entry-rows.ts';
import type { Full } from '../entries/incoming.ts';
import { SYSTEM_KINDS } from '../files/schemas.ts';

/** Kinds that change a conversation or its members. */
export const SYSTEM = new Set(SYSTEM_KINDS.replaceAll(/[' ]/g, '').split(','));

export interface Taken {
  /** Conversations of which a row or the list's row changed. */
  convs: Set<string>;
  /** Of those, the rows. */
  places: ChangedPlaces;
  list: boolean;
  /** Own ids of which a row with the very content of their outbox item is stored now. */
  arrived: Set<string>;
  /** Conversations with another draft register than before. */
  drafts: Set<string>;
  /** The text of a message was erased. */
  erased: boolean;
  /** Messages wait for their place in the full-text index. */
  unindexed: boolean;
}

/** What one intake changes of what is shown: which rows of which conversations are others now. */
export class IntakeChanges {
  readonly taken: Taken = {
    ...{ convs: new Set(), places: new ChangedPlaces(), list: false, arrived: new Set() },
    ...{ drafts: new Set(), erased: false, unindexed: false },
  };
  readonly #rows: EntryRows;

  constructor(rows: EntryRows) {
    this.#rows = rows;
  }

  /** @param places rows that are others now; null: any of them */
  add(conv: string, places: Iterable<number> | null): void {
    this.taken.convs.add(conv);
    this.taken.places.add(conv, places);
    this.taken.list = true;
  }

  /** The rows that an entry changes besides its own. */
  about({ conv, kind, target, body }: Pick<Full, 'conv' | 'kind' | 'target' | 'body'>): void {
    // Who is there, and what is gone, is said of many.
    if (SYSTEM.has(kind) || kind === 'delete') this.add(conv, null);
    else if (target !== null) this.add(conv, [target]);
    else this.add(conv, kind === 'message' ? this.#above(conv, body) : []);
  }

  /** All messages above an answer count it among theirs. Null where they are many. */
  #above(conv: string, body: Full['body']): number[] | null {
    const above: number[] = [];
    let answered = body ? readContent(body)?.reply : undefined;
    while (answered !== undefined && !above.includes(answered)) {
      if (above.push(answered) > CHANGED_PLACES) return null;
      const row = this.#rows.at(conv, answered);
      answered = (row && replyOf(row)) ?? undefined;
    }
    return above;
  }
}
