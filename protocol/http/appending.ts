/** API to relay: what the API causes. POST /internal/append. */

import Type from 'typebox';
import { Body, Form, Id, Place } from '../entries.ts';
import { FailureFields } from '../frames.ts';
import { LIMITS } from '../limits.ts';
import { ProfileFacts, Seq, strict, Time } from './fields.ts';

/**
 * What the API causes: profiles, conversations that a redeemed invitation opens, ended sessions, and the messages of old clients that came by HTTP.
 * Idempotent by id.
 */
export const InternalAppend = Type.Object({
  items: Type.Array(
    Type.Union([
      Type.Object({ id: Id, kind: Type.Literal('profile'), user: Id, ...ProfileFacts }, strict),
      Type.Object(
        {
          id: Id,
          kind: Type.Literal('create'),
          sender: Id,
          conv: Id,
          form: Form,
          members: Type.Array(Id, { minItems: 1, maxItems: LIMITS.members }),
          /** A direct conversation that an old client named. */
          anyId: Type.Optional(Type.Literal(true)),
        },
        strict,
      ),
      /** The session is over: its connection closes within a second, its tokens and tickets are worth nothing. */
      Type.Object({ id: Id, kind: Type.Literal('revoke'), user: Id, session: Id }, strict),
      Type.Object(
        {
          id: Id,
          kind: Type.Literal('message'),
          sender: Id,
          conv: Id,
          body: Body,
          silent: Type.Optional(Type.Literal(true)),
        },
        strict,
      ),
      /** What could not be saved is saved now, after an admin had it tried again: its sender hears so. */
      Type.Object({ id: Id, kind: Type.Literal('saved'), seq: Seq, sender: Id, entry: Id }, strict),
      /** Who redeemed an invitation into a group. `sender` made it, and must be one who may add; the entry is of the one who comes. */
      Type.Object(
        {
          id: Id,
          kind: Type.Literal('member_add'),
          sender: Id,
          conv: Id,
          users: Type.Array(Id, { minItems: 1, maxItems: 64 }),
        },
        strict,
      ),
    ]),
    { minItems: 1, maxItems: LIMITS.batchItems },
  ),
});
export type InternalAppend = Type.Static<typeof InternalAppend>;
export type InternalItem = InternalAppend['items'][number];

export const InternalAppendResult = Type.Object({
  items: Type.Array(
    Type.Union([
      Type.Object({ id: Id, ok: Type.Literal(true), n: Type.Optional(Place), time: Type.Optional(Time) }),
      Type.Object({ id: Id, ok: Type.Literal(false), ...FailureFields }),
    ]),
  ),
});
export type InternalAppendResult = Type.Static<typeof InternalAppendResult>;
