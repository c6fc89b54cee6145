/** What windows may ask about people and groups. */
import type { OwnProfile, PersonProfile } from '@matchbook/protocol/bridge/people';
import { Id } from '@matchbook/protocol/entries';
import { Time } from '@matchbook/protocol/http/fields';
import { Invitation, type OpenInvitation } from '@matchbook/protocol/http/invitations';
import { formatInvitation } from '@matchbook/protocol/invitation';
import { LIMITS } from '@matchbook/protocol/limits';
import type { ServerAddress } from '@matchbook/protocol/server-pin';
import Type from 'typebox';
import type { ServerRequests } from '../accounts/server-requests.ts';
import type { WindowHandlers } from '../bridge/bridge.ts';
import { LocalError } from '../bridge/local-failure.ts';
import type { LocalStore } from '../local-store/local-store.ts';
import { NOTHING } from '../network/api-client.ts';

const nullable = <S extends Type.TSchema>(schema: S) => Type.Union([schema, Type.Null()]);

/** As much of a profile as is used; what else a newer server says is left alone. */
const Profile = Type.Object({
  user: Id,
  name: Type.String(),
  avatar: nullable(Type.String()),
  status: nullable(Type.Object({ text: Type.String(), until: Type.Optional(Time) })),
  lastSeen: nullable(Time),
  closed: Type.Optional(Type.Literal(true)),
});
const Own = Type.Object({ ...Profile.properties, admin: Type.Boolean(), showLastSeen: Type.Boolean() });
const Open = Type.Object({
  invitations: Type.Array(
    Type.Object({
      id: Type.String(),
      conv: nullable(Id),
      createdAt: Time,
      expires: Time,
      uses: Type.Integer(),
      maxUses: Type.Integer(),
    }),
  ),
});

type Names =
  | 'people.list'
  | 'people.profile'
  | 'people.own'
  | 'people.change'
  | 'people.report'
  | 'group.facts'
  | 'group.invite'
  | 'group.invitations'
  | 'group.revoke'
  | 'conversation.shared';

export function peopleCalls(parts: {
  store: LocalStore;
  server: ServerRequests;
  /** How others reach the server of an account. */
  reachedAt(account: string): ServerAddress;
}): Pick<WindowHandlers, Names> {
  const { store, server } = parts;
  return {
    'people.list': ({ account }) => store.knownPeople(account),
    'people.profile': async ({ account, user }): Promise<PersonProfile> => {
      const { name, avatar, status, lastSeen, closed } = await server.get(
        account,
        `/api/users/${encodeURIComponent(user)}`,
        Profile,
      );
      return { user, name, avatar, status, lastSeen, ...(closed ? { closed } : {}) };
    },
    'people.own': async ({ account }) => ownOf(await server.get(account, '/api/account', Own)),
    'people.change': async ({ account, change }) => {
      const text = change.status?.text;
      if (text !== undefined && (text.trim() === '' || [...text].length > LIMITS.statusLength))
        throw new LocalError('invalid_field', `status: 1 to ${LIMITS.statusLength} characters.`, {
          ...{ field: 'status', limit: LIMITS.statusLength },
        });
      return ownOf(await server.send(account, 'PATCH', '/api/account/profile', change, Own));
    },
    'people.report': async ({ account, conv, n, reason, context }) => {
      const text = reason.trim();
      if (text === '' || [...text].length > LIMITS.reportReason)
        throw new LocalError('invalid_field', `reason: 1 to ${LIMITS.reportReason} characters.`, {
          ...{ field: 'reason', limit: LIMITS.reportReason },
        });
      await server.send(account, 'POST', '/api/reports', { conv, n, reason: text, context }, Type.Unknown());
      return null;
    },
    'group.facts': (request) => store.group(request),
    'group.invite': async ({ account, conv, life, uses }) => {
      const wanted = { ...(conv === undefined ? {} : { conv }), life, uses };
      const made = await server.send(account, 'POST', '/api/invitations', wanted, Invitation);
      const link = formatInvitation({ ...parts.reachedAt(account), secret: made.secret });
      return { id: made.id ?? '', link, expires: made.expires };
    },
    'group.invitations': async ({ account }): Promise<OpenInvitation[]> =>
      (await server.get(account, '/api/invitations', Open)).invitations,
    'group.revoke': async ({ account, id }) => {
      await server.send(account, 'DELETE', `/api/invitations/${encodeURIComponent(id)}`, null, NOTHING);
      return null;
    },
    'conversation.shared': (request) => store.shared(request),
  };
}

const ownOf = ({ user, name, avatar, status, lastSeen, admin, showLastSeen }: OwnProfile): OwnProfile => ({
  ...{ user, name, avatar, status, lastSeen },
  ...{ admin, showLastSeen },
});
