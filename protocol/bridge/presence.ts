/** Who is there and who writes, as windows hear of it. Nothing of it is stored. */
import Type from 'typebox';
import { Id } from '../entries.ts';
import type { PresenceState } from '../frames.ts';
import { Account, call, strict } from './calls.ts';

/** What is known now. Whoever is not named is offline. */
export interface Present {
  users: { user: string; state: PresenceState }[];
  typing: { conv: string; user: string }[];
}

/** Calls of windows about what passes. */
export const PRESENCE_CALLS = {
  'presence.state': call<Present>()(Account),
  /** One writes in a conversation, or stopped: to be repeated at every key. Main tells the others at most every 3 s, or not at all, as the person chose. */
  'typing.tell': call<null>()(Type.Object({ account: Id, conv: Id, on: Type.Boolean() }, strict)),
} as const;

export interface PresenceEvents {
  'presence.changed': { account: string } & Present;
}
export const PRESENCE_EVENTS = ['presence.changed'] as const;
