/** What a window knows. Plain data: the store replaces it, the views read it. */

import type { LocalFailure } from '@matchbook/protocol/bridge/outcome';
import type { AppState, ConversationRow, TimelinePage, TimelineRow } from '@matchbook/protocol/bridge/views';
import type { SessionState } from '@matchbook/protocol/session-state';

/** A conversation of one account: every call and every table carries both. */
export interface Address {
  readonly account: string;
  readonly conv: string;
}

/** Where one was reading. */
export interface LeftPlace {
  /** Of the first message that was wholly in view. */
  n: number;
  /** px from the upper edge of the view. */
  top: number;
}

export const addressKey = ({ account, conv }: Address): string => `${account}/${conv}`;
export const sameAddress = (one: Address | null, other: Address | null): boolean =>
  one?.account === other?.account && one?.conv === other?.conv;

/** A message that was submitted and that no page has shown yet. */
export interface Pending {
  row: TimelineRow;
  /** Count of page requests when its commit was answered; null while it is being committed. */
  settled: number | null;
}

/** The window of rows that is shown of one conversation: up to the newest, or anywhere in it. */
export interface Timeline {
  rows: TimelineRow[];
  waiting: TimelineRow[];
  holes: TimelinePage['holes'];
  older: boolean;
  /** There are rows behind the last one: what waits to be sent is not shown then. */
  newer: boolean;
  headN: number;
  /** Place of the last entry that may have changed what is pinned, as far as can be told. */
  pinsN: number;
  readN: number;
  /** Marked as unread from this place on; 0: not. */
  unreadN: number;
  /** It was marked while it was shown: what is on screen is not read again until one answers or comes back. */
  held: boolean;
  unbroken: boolean;
  /** Read position at which the unread line stands: as it was when the conversation was opened or the window left. */
  lineAfter: number;
}

/** A message that is to be shown: `found` null while its rows are being asked for, false where it is not on this device. */
export interface Jump {
  address: Address;
  n: number;
  found: boolean | null;
  /** That led here: they are marked in the message. */
  words: readonly string[];
  /** One comes back to where one was: px from the upper edge at which it stood. Nothing is marked. */
  back?: number;
  /** Another one for each wish, also for the same place. */
  wish: number;
}

export interface MatchbookState {
  /** Null until main has answered. */
  app: AppState | null;
  sessions: Readonly<Record<string, SessionState>>;
  /** By account, newest first; absent until the first answer. */
  conversations: Readonly<Record<string, readonly ConversationRow[]>>;
  /** By account: hash of each person's picture, of those who have one, as the conversations tell of them. */
  pictures: Readonly<Record<string, ReadonlyMap<string, string>>>;
  /** The account that is shown; null until one is known. */
  account: string | null;
  /** The person adds a further account. */
  adding: boolean;
  /** The conversation that is shown; null where the list alone is. */
  open: Address | null;
  /** Of the open conversation; null until its first page has come. */
  timeline: Timeline | null;
  /** How often rows of the open conversation came or changed that are not shown: what had been missing before the window is one of those. */
  beyond: number;
  /** Where the person wants to be; null once they are there. */
  jump: Jump | null;
  /** Where they came from, the last one last; null: the newest. */
  trail: readonly (LeftPlace | null)[];
  pending: Readonly<Record<string, readonly Pending[]>>;
  /** An invitation that was opened from outside and waits for the person's word. */
  invitation: string | null;
  /** The last failure that belongs to no field: shown as a line until it is closed. */
  failure: LocalFailure | null;
}

export const emptyState: MatchbookState = {
  app: null,
  sessions: {},
  conversations: {},
  pictures: {},
  account: null,
  adding: false,
  open: null,
  timeline: null,
  beyond: 0,
  jump: null,
  trail: [],
  pending: {},
  invitation: null,
  failure: null,
};
