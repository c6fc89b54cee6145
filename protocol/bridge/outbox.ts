/** What a person does, on its way to the log: how windows ask for it. */
import Type from 'typebox';
import { Id } from '../entries.ts';
import { FILES_PER_MESSAGE } from '../message-body.ts';
import { Account, call, Item, strict, Text } from './calls.ts';
import { More } from './more.ts';
import type { Draft, TimelineRow } from './views.ts';
import type { WaitingCount, WaitingItem } from './waiting.ts';

export { More, TargetRef } from './more.ts';

const NewId = Type.Object({ account: Id, id: Id, newId: Id }, strict);

/** Calls of windows about what waits to be sent. */
export const OUTBOX_CALLS = {
  /** Draft and outbox change in one transaction; the draft is cleared only if it still is `draftVersion`. */
  'outbox.submit': call<TimelineRow>()(
    Type.Object(
      {
        account: Id,
        conv: Id,
        id: Id,
        text: Text,
        draftVersion: Type.Integer({ minimum: 0 }),
        /** The conversation that the composer had at the first keystroke; another than `conv` is `wrong_recipient`. */
        boundTo: Type.Optional(Id),
        more: Type.Optional(More),
        silent: Type.Optional(Type.Literal(true)),
        /** Files of the composer's tray, by their ids there: they go with the message and leave the tray. */
        attached: Type.Optional(Type.Array(Id, { maxItems: FILES_PER_MESSAGE })),
      },
      strict,
    ),
  ),
  /**
   * Anything else that the log takes: `append` is an append as protocol/entries.ts has it, except that `target` may name an own message by id. Checked by
   * the store, which answers with the field that is wrong. `upload`: it waits for `outbox.uploaded`.
   */
  'outbox.append': call<{ id: string }>()(
    Type.Object(
      {
        account: Id,
        conv: Id,
        append: Type.Object({ id: Id, kind: Type.String({ maxLength: 40 }) }),
        upload: Type.Optional(Type.Literal(true)),
      },
      strict,
    ),
  ),
  /** The files of an item are there: it takes the next place in line. */
  'outbox.uploaded': call<null>()(Item),
  /** Other words. An item that may be sent already stays as it is, and an edit of it waits behind. Answers with where the words are now. */
  'outbox.edit': call<{ id: string; queued: boolean }>()(
    Type.Object({ account: Id, id: Id, newId: Id, text: Text }, strict),
  ),
  'outbox.hold': call<null>()(Type.Object({ account: Id, id: Id, on: Type.Boolean() }, strict)),
  /** Lets go what is held and tries at once what waits. */
  'outbox.sendNow': call<null>()(Item),
  /** Takes an item that failed or was never tried out of the outbox; its text goes back to the draft. */
  'outbox.toDraft': call<Draft>()(Item),
  /** Out of the outbox; of what may be sent already, the deletion waits behind it (`queued`). */
  'outbox.discard': call<{ queued: boolean }>()(NewId),
  /** A failed item is put in line again, as new. */
  'outbox.retry': call<{ id: string }>()(NewId),
  /** Oldest first, at most 1,000 of an account; `total` counts all. */
  'outbox.list': call<{ items: WaitingItem[]; total: number }>()(Account),
  'outbox.count': call<WaitingCount>()(Account),
} as const;
