/** Reports, and messages for later. */
import Type from 'typebox';
import { Body, Id, Place } from '../entries.ts';
import { LIMITS } from '../limits.ts';
import { strict, Time } from './fields.ts';

/** POST /api/reports */
export const ReportRequest = Type.Object(
  {
    conv: Id,
    n: Place,
    reason: Type.String({ minLength: 1, maxLength: LIMITS.reportReason }),
    /** Places that the admin is shown with it; nothing else is. */
    context: Type.Optional(Type.Array(Place, { maxItems: LIMITS.reportContext })),
  },
  strict,
);
export type ReportRequest = Type.Static<typeof ReportRequest>;

/**
 * PUT /api/scheduled/:id : a message for later. `id` is the one that the message will have; `due` 0: it waits no more. `was`: what the one that waits says as far
 * as one knows; where it says something else by now, nothing is changed, and the answer is `conflict`.
 */
export const ScheduleRequest = Type.Object(
  {
    ...{ id: Id, conv: Id, body: Body, due: Time, silent: Type.Optional(Type.Boolean()) },
    was: Type.Optional(Body),
  },
  strict,
);
export type ScheduleRequest = Type.Static<typeof ScheduleRequest>;

/** GET /api/scheduled */
export const ScheduledMessage = Type.Object({
  id: Id,
  conv: Id,
  body: Body,
  silent: Type.Boolean(),
  due: Time,
  /** Why it was not taken at its time. */
  refused: Type.Union([Type.String(), Type.Null()]),
});
export type ScheduledMessage = Type.Static<typeof ScheduledMessage>;

export const ScheduledList = Type.Object({ messages: Type.Array(ScheduledMessage) });
