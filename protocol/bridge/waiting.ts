/** What waits to be sent, as it is shown. Times are wall clock ms. */
import type { Append } from '../entries.ts';
import type { LocalFailure } from './outcome.ts';

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
/** What an append says, without its id. */
export type AppendContent = DistributiveOmit<Append, 'id'>;

/** Why an item is not sent although nothing is in its way: the person holds it, or its files are still being uploaded. */
export type Hold = 'person' | 'upload';

/** One item as the outbox view lists it. */
export interface WaitingItem {
  account: string;
  id: string;
  conv: string;
  kind: Append['kind'];
  /** What a person wrote of it, or reacted with; empty where there is nothing of the kind. */
  text: string;
  /** `text` is all of it; where very much waits, later texts are cut. */
  whole: boolean;
  /** Takes back: a reaction or a pin that goes, a setting that is set no more. */
  off: boolean;
  /** Text of the message that it is about, as far as it is known here. */
  about: string | null;
  created: number;
  /** It was on a wire: content and place are settled until the log answers. */
  frozen: boolean;
  failed: boolean;
  /** Why it failed, or why the last attempt did not succeed. */
  failure: LocalFailure | null;
  holds: Hold[];
  /** Waits for an item before it to be acknowledged. */
  behind: boolean;
  attempts: number;
  triedAt: number | null;
  /** Not before this time is it tried again. */
  nextAt: number | null;
}

export interface WaitingCount {
  /** All items, those that failed or are held among them. */
  waiting: number;
  failed: number;
  held: number;
  /** When the oldest came in. */
  since: number | null;
}

/** A change that waits in the outbox, of a message or of a conversation, as rows carry it: shown as done at once. */
export interface PendingChange {
  id: string;
  append: AppendContent;
  delivery: 'queued' | 'failed';
  failure: LocalFailure | null;
  frozen: boolean;
}
