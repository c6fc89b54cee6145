/** What the main thread asks the reader's thread, and what it answers. */
import type { Failure } from '@matchbook/protocol/failures';
import type { SavedItem } from '@matchbook/protocol/frames';

export interface LogPlace {
  seq: number;
  /** 16 hex digits. */
  running: string;
}

export type Position =
  | ({ resume: 'cursor' } & LogPlace)
  | ({ resume: 'start' } & LogPlace)
  | { resume: 'heads' };

/** How far a device has got: everything up to a place, and of what belongs to the next one the registers up to a seq. */
export interface Step extends LogPlace {
  past: number;
}

/** With the item stored, the device has got that far. */
interface WalkItem extends Step {
  json: string;
  /** Entries of others: what a confirm will prove to be delivered. */
  place: { conv: string; n: number } | null;
}

/** Items after the asked position; with them stored, the device has everything of its own up to `upTo`. */
export interface Walk {
  items: WalkItem[];
  upTo: Step;
  /** 0: upTo was the head. Otherwise how many own items are still to come. */
  behind: number;
}

export interface HeadsAnswer {
  conversations: string[];
  registers: string[];
  upTo: LogPlace;
}
export type PageAnswer = { ok: true; from: number; items: string[] } | { ok: false; failure: Failure };

export interface DelayedEntry {
  seq: number;
  id: string;
  sender: string;
}
export interface Batch {
  /** Encoded SaveItems. */
  items: string[];
  /** Those of them that have a sender to tell. */
  entries: DelayedEntry[];
  upTo: number;
}

/** Where an entry of some sender with an asked id is. */
export interface TracedEntry {
  seq: number;
  sender: string;
  conv: string;
  n: number;
  time: number;
  dead: string | null;
}

export type ReadRequest =
  | { type: 'position'; user: string; cursor: string | null; farBehind: number }
  | { type: 'stored'; user: string; seq: number }
  | { type: 'walk'; user: string; after: Step; entries: number; bytes: number }
  | { type: 'heads'; user: string }
  | { type: 'page'; user: string; conv: string; from: number; to: number }
  | { type: 'status'; user: string; ids: string[]; saved: number; delayed: number }
  | { type: 'batch'; after: number }
  | { type: 'trace'; id: string }
  /** The highest place of these entries, whoever sent them. */
  | { type: 'highest'; conv: string; ids: string[] }
  | { type: 'delayed'; after: number; before: number };

export interface ReadAnswers {
  position: Position;
  /** Places of others that a device with a cursor at this seq has, and that are not known to be delivered. */
  stored: Map<string, number>;
  walk: Walk;
  heads: HeadsAnswer;
  page: PageAnswer;
  status: SavedItem[];
  batch: Batch;
  trace: TracedEntry[];
  highest: number | null;
  delayed: { entries: DelayedEntry[]; upTo: number };
}

export type ToReader = { ref: number; request: ReadRequest };
export type FromReader = { ref: number; answer: unknown } | { ref: number; error: string };
