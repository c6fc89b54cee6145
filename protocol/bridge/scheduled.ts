/** What windows ask about messages for later, which the account's server keeps. */
import Type from 'typebox';
import { Body, Id } from '../entries.ts';
import type { ScheduledMessage } from '../http/people.ts';
import { FILES_PER_MESSAGE } from '../message-body.ts';
import { Account, call, Item, strict, Text } from './calls.ts';
import { More } from './more.ts';

export const SCHEDULED_CALLS = {
  /** The next first; those that were refused at their time among them. */
  'scheduled.list': call<ScheduledMessage[]>()(Account),
  /**
   * The same id again changes text or time. `due`: wall clock, ms; 0: at once. `attached`: files of the tray, which are brought first; `files.transfers` tells how far they are,
   * under this id. Nothing of it stays on this device.
   */
  'scheduled.put': call<null>()(
    Type.Object(
      {
        ...{ account: Id, conv: Id, id: Id, text: Text, due: Type.Integer({ minimum: 0 }) },
        ...{ more: Type.Optional(More), silent: Type.Optional(Type.Literal(true)) },
        /** Of one that waits already: where it was sent or taken back meanwhile that is the answer, `not_waiting`. */
        change: Type.Optional(Type.Literal(true)),
        /** With `change`: what it said as it was shown. Where it says something else by now that is the answer, `conflict`. */
        was: Type.Optional(Body),
        attached: Type.Optional(Type.Array(Id, { maxItems: FILES_PER_MESSAGE })),
      },
      strict,
    ),
  ),
  /** Also one whose files are still being brought. */
  'scheduled.cancel': call<null>()(Item),
} as const;
