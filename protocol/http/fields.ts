/**
 * HTTP between client, API server and relay. Bodies are JSON. Errors are `application/problem+json` (RFC 9457) with the
 * members of `Problem`. Access tokens travel as `Authorization: Bearer`; the two servers know each other by a service secret,
 * sent the same way.
 */

import Type from 'typebox';
import { Id } from '../entries.ts';
import { FailureFields } from '../frames.ts';
import { LIMITS } from '../limits.ts';

export const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
export const Seq = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });
export const Time = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
export const Name = Type.String({ minLength: 1, maxLength: LIMITS.nameLength });
export const strict = { additionalProperties: false } as const;

/** What a person says of themselves to those who share a conversation with them. */
export const ProfileFacts = {
  name: Name,
  /** Hash of a file. */
  avatar: Type.Optional(Type.String({ pattern: '^[0-9a-f]{64}$' })),
  status: Type.Optional(
    Type.Object(
      {
        text: Type.String({ minLength: 1, maxLength: LIMITS.statusLength }),
        until: Type.Optional(Time),
      },
      strict,
    ),
  ),
};

export const Problem = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  detail: Type.String(),
  ...FailureFields,
});
export type Problem = Type.Static<typeof Problem>;

/** A secret is 32 random bytes in base64url, made by the app; a recovery code is made by the server and shown once. */
export const Secret = Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' });
export const Device = Type.Object({ id: Id, name: Name }, strict);
