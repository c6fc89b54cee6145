import type { BegunTexts } from './drafts/begun-texts.ts';
import type { DraftSync } from './drafts/draft-sync.ts';
import type { Drafts } from './drafts/drafts.ts';
import type { EarlierTexts } from './drafts/earlier-texts.ts';
import type { ChangedPlaces } from './entries/changed-places.ts';
import type { History } from './history/history.ts';
import type { Outbox } from './outbox/outbox.ts';
import type { Passports } from './outbox/passport.ts';

/** What changed, to be told after it is on the disk. */
export interface Changes {
  /** @param places the rows that are others, where that is known */
  rows(convs: Iterable<string>, list: boolean, places?: ChangedPlaces): void;
  outbox(): void;
  holes(): void;
  /** Drafts are other ones, and it was not somebody who typed. */
  drafts(convs: Iterable<string>): void;
  /** There is something to do beside answering, in so many ms. */
  chores(ms: number): void;
}

/** What the rooms of one account's store work on. */
export interface AccountParts {
  user: string;
  outbox: Outbox;
  passports: Passports;
  drafts: Drafts;
  earlier: EarlierTexts;
  begun: BegunTexts;
  sync: DraftSync;
  history: History;
  /** Wall clock, ms. */
  now: () => number;
  newId: () => string;
  changes: Changes;
}

/** One id a conversation: whoever asks again, after a crash or with a new history, gets the first answer. */
export const createId = (conv: string): string => `create-${conv}`.slice(0, 64);
