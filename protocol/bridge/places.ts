/** What windows ask about single messages, wherever in the history they are. */
import Type from 'typebox';
import { Id, Place } from '../entries.ts';
import { Account, Conversation, call, strict } from './calls.ts';
import type { TimelinePage, TimelineRow } from './views.ts';

/** A message that one kept, with the conversation that it is in. */
export interface SavedMessage {
  conv: string;
  row: TimelineRow;
  /** When it was kept, ms. */
  savedAt: number;
}

/** The newest pin first. */
export interface PinnedMessages {
  rows: TimelineRow[];
  /** Places of those that are not on this device yet: they are fetched, the newest pin first. */
  absent: number[];
}

/** The one kept last first. */
export interface SavedMessages {
  messages: SavedMessage[];
  /** Those that are not on this device yet: they are fetched, the one kept last first. */
  absent: { conv: string; n: number }[];
}

/** Answers to answers, from the first message on, ascending. */
export interface Thread {
  /** Place of the message that began it. */
  root: number;
  rows: TimelineRow[];
  /** There are more than one thread shows. */
  more: boolean;
  /** The message that began it is not on this device: its place is known from an answer. */
  absent: boolean;
  /** Places from the first one on that are not on this device yet: there may be answers among them. */
  holes: { from: number; to: number }[];
}

/** Lines of a timeline as they are now, ascending, and what comes with every answer about its conversation. */
export type TimelineLines = Pick<TimelinePage, 'rows' | 'waiting' | 'readN' | 'unreadN'>;

/** Rows of one question about single places. */
const PLACES_ASKED = 1_000;

/** What the server has of a thread, which is on this device now. */
export interface ThreadFetched {
  /** Nothing was left out up to this place. */
  upTo: number;
}

/** Rows of one list. */
export const PLACES_LISTED = 500;

export const PLACE_CALLS = {
  'message.pinned': call<PinnedMessages>()(Conversation),
  /** The lines at these places; where there is none, there is none in the answer. */
  'timeline.lines': call<TimelineLines>()(
    Type.Object({ account: Id, conv: Id, places: Type.Array(Place, { maxItems: PLACES_ASKED }) }, strict),
  ),
  'message.thread': call<Thread>()(Type.Object({ account: Id, conv: Id, n: Place }, strict)),
  /** Brings a thread, up to as many messages as are listed, from the server onto this device. */
  'message.fetchThread': call<ThreadFetched>()(Type.Object({ account: Id, conv: Id, n: Place }, strict)),
  'message.saved': call<SavedMessages>()(Account),
  /** Place of the first line at or after a time, ms; null where nothing is. */
  'message.dated': call<{ n: number | null }>()(
    Type.Object({ account: Id, conv: Id, time: Type.Integer({ minimum: 0 }) }, strict),
  ),
} as const;
