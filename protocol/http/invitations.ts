/** Invitations. */
import Type from 'typebox';
import { Id } from '../entries.ts';
import { LIMITS } from '../limits.ts';
import { Count, Secret, strict, Time } from './fields.ts';

/** POST /api/invitations: opens the server, and a direct conversation with the inviter, or the group `conv`, of which the inviter is owner or admin. */
export const InvitationRequest = Type.Object(
  {
    conv: Type.Optional(Id),
    /** ms from now. */
    life: Type.Optional(Type.Integer({ minimum: 60_000, maximum: LIMITS.invitationLongest })),
    uses: Type.Optional(Type.Integer({ minimum: 1, maximum: LIMITS.invitationUses })),
  },
  strict,
);
export type InvitationRequest = Type.Static<typeof InvitationRequest>;

/** Answer: the secret is told this once, and kept as a hash; `id` names the invitation to its maker. */
export const Invitation = Type.Object({ id: Type.Optional(Type.String()), secret: Secret, expires: Time });
export type Invitation = Type.Static<typeof Invitation>;

/** GET /api/invitations: one's own that are still good. DELETE /api/invitations/:id takes one back. */
export interface OpenInvitation {
  id: string;
  conv: string | null;
  createdAt: number;
  expires: number;
  uses: number;
  maxUses: number;
}

/** Answer of POST /api/invitations/redeem with `{secret}`, of a signed-in user: the conversation that they are coming into. */
export const Redeemed = Type.Object({
  conv: Id,
  inviter: Type.Object({ user: Id, name: Type.String() }),
});
export type Redeemed = Type.Static<typeof Redeemed>;

/** Answer of POST /api/invitations/preview with `{secret}`: what an invitation is worth, before joining. The secret stays out of URLs and logs. */
export const InvitationQuery = Type.Object({ secret: Secret }, strict);
export const InvitationPreview = Type.Object({
  server: Type.String(),
  inviter: Type.Object({ user: Id, name: Type.String() }),
  /** The group that it opens: its name where it has one, and how many are in it. */
  group: Type.Optional(
    Type.Object({
      conv: Type.Optional(Id),
      name: Type.Union([Type.String(), Type.Null()]),
      members: Count,
    }),
  ),
  /** Of the group, or of who invites where it opens none: a small WebP image in base64. */
  picture: Type.Optional(Type.String()),
  expires: Time,
});
export type InvitationPreview = Type.Static<typeof InvitationPreview>;
