/** What windows ask about messages for later, which the account's server keeps. */
import Type from 'typebox';
import { Id } from '../entries.ts';
import type { ScheduledMessage } from '../http/people.ts';
import { Account, call, Item, strict, Text } from './calls.ts';
import { More } from './more.ts';

export const SCHEDULED_CALLS = {
  /** The next first; those that were refused at their time among them. */
  'scheduled.list': call<ScheduledMessage[]>()(Account),
  /** The same id again changes text or time. `due`: wall clock, ms. Nothing of it stays on this device. */
  'scheduled.put': call<null>()(
    Type.Object(
      {
        ...{ account: Id, conv: Id, id: Id, text: Text, due: Type.Integer({ minimum: 0 }) },
        ...{ more: Type.Optional(More), silent: Type.Optional(Type.Literal(true)) },
      },
      strict,
    ),
  ),
  'scheduled.cancel': call<null>()(Item),
} as const;
