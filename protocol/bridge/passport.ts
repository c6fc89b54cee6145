/** What is known of one message: its way from the composer on, where it stands, who has it. Times are wall clock ms. */
import Type from 'typebox';
import type { SaveState } from '../delivery.ts';
import { Id } from '../entries.ts';
import { call, strict } from './calls.ts';
import { TargetRef } from './more.ts';
import type { LocalFailure } from './outcome.ts';

/** queued: safe on this device · tried: put on a wire · refused: it waits, and is tried again · failed: for good · taken: the log has it. */
export interface PassportStep {
  at: number;
  what: 'queued' | 'tried' | 'refused' | 'failed' | 'taken';
  failure: LocalFailure | null;
}

export interface MessagePassport {
  id: string;
  sender: string;
  own: boolean;
  /** What happened on this device, oldest first; nothing where it was composed on another one, or too long ago. */
  steps: PassportStep[];
  /** Place in the conversation, and when the log took it; null while it waits. */
  n: number | null;
  time: number | null;
  /** Chain of the conversation at this place. */
  h: string | null;
  /** What the API made of it: null where nothing was heard yet. */
  save: SaveState | null;
  saveReason: string | null;
  /** The other members and how far each has come; null where one does not hear of that (a large group, somebody else's message). */
  receipts: { user: string; name: string | null; state: 'sent' | 'delivered' | 'read' }[] | null;
  /** Bytes of its body. */
  bytes: number;
}

export const PASSPORT_CALLS = {
  /** Null where there is no such message on this device. */
  'message.passport': call<MessagePassport | null>()(
    Type.Object({ account: Id, conv: Id, target: TargetRef }, strict),
  ),
} as const;
