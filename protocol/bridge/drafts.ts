/** What windows ask about texts that were begun and not sent. */
import Type from 'typebox';
import { Id } from '../entries.ts';
import { Conversation, call, strict, Text } from './calls.ts';
import { More } from './more.ts';
import type { Draft, EarlierText } from './views.ts';

export const DRAFT_CALLS = {
  'draft.read': call<Draft>()(Conversation),
  /**
   * `basis`: the version that was typed onto. Where the text of another device has been taken over since, what is typed stays, and the other
   * one is kept beside it (`conflict`). `more`: what the message will have besides its text; null: nothing; absent: as it was.
   * `share`: the other devices get it now, as by `draft.share`: a window that closes asks nothing more once this is answered.
   */
  'draft.save': call<{ version: number; conflict?: true }>()(
    Type.Object(
      {
        ...{ account: Id, conv: Id, text: Text, basis: Type.Optional(Type.Integer({ minimum: 0 })) },
        more: Type.Optional(Type.Union([More, Type.Null()])),
        share: Type.Optional(Type.Literal(true)),
      },
      strict,
    ),
  ),
  /** The saved text goes to the other devices of this account. */
  'draft.share': call<null>()(Conversation),
  /** Between the text here and the one of another device. What goes becomes an earlier text. */
  'draft.choose': call<Draft>()(
    Type.Object(
      {
        account: Id,
        conv: Id,
        choice: Type.Union([Type.Literal('use'), Type.Literal('both'), Type.Literal('dismiss')]),
      },
      strict,
    ),
  ),
  /** Newest first. */
  'draft.earlier': call<EarlierText[]>()(Conversation),
  /** Puts an earlier text in the place of the present one, which becomes an earlier text. */
  'draft.restore': call<Draft>()(
    Type.Object({ account: Id, conv: Id, id: Type.Integer({ minimum: 1 }) }, strict),
  ),
} as const;
