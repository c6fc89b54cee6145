/** Server, accounts, sign-in, devices, profiles. */
import Type from 'typebox';
import { Id } from '../entries.ts';
import { LIMITS } from '../limits.ts';
import { Device, Name, Secret, strict, Time } from './fields.ts';

/** GET /api/server, for everybody: where things are and who may come in. */
export const ServerInfo = Type.Object({
  name: Type.String(),
  version: Type.String(),
  /** WebSocket address of the relay, `ws://host:port/ws`. */
  relay: Type.String(),
  registration: Type.Union([Type.Literal('open'), Type.Literal('invitation'), Type.Literal('closed')]),
  /** Bytes of the largest file that it takes; absent where an older server does not say. */
  fileBytes: Type.Optional(Type.Integer({ minimum: 0 })),
});
export type ServerInfo = Type.Static<typeof ServerInfo>;

/** What a person signs in with where there is no secret of the app: lower case, and as NIST SP 800-63B has it, any characters, at least eight. */
export const Login = Type.String({ pattern: '^[a-z0-9][a-z0-9._@+-]{1,63}$' });
export const Password = Type.String({ minLength: 8, maxLength: 256 });

/** POST /api/accounts: register. With an invitation where the server asks for one; with a login where the person wants to sign in elsewhere by password. */
export const Registration = Type.Object(
  {
    name: Name,
    secret: Secret,
    device: Device,
    invitation: Type.Optional(Secret),
    login: Type.Optional(Login),
    password: Type.Optional(Password),
  },
  strict,
);
export type Registration = Type.Static<typeof Registration>;

/** POST /api/sessions: sign in with the secret of the account, which the app has, or with the login and the password, which the person knows. */
export const SignInBySecret = Type.Object({ user: Id, secret: Secret, device: Device }, strict);
export const SignInByPassword = Type.Object(
  { login: Login, password: Type.String({ maxLength: 256 }), device: Device },
  strict,
);
export type SignIn = Type.Static<typeof SignInBySecret> | Type.Static<typeof SignInByPassword>;

/** GET /api/oidc: the other service where people of this server sign in, if there is one. */
export const OidcProvider = Type.Object({
  provider: Type.Union([Type.Object({ name: Type.String() }), Type.Null()]),
});
export type OidcProvider = Type.Static<typeof OidcProvider>;
/** POST /api/oidc/start: where to send the person's browser (RFC 8252: `redirect` is a loopback address or matchbook://oidc), and what to come back with. */
export const OidcStart = Type.Object(
  {
    redirect: Type.String({
      pattern: '^(http://(127\\.0\\.0\\.1|\\[::1\\]):\\d{1,5}/[A-Za-z0-9/_-]{0,64}|matchbook://oidc)$',
    }),
  },
  strict,
);
export type OidcStart = Type.Static<typeof OidcStart>;
export const OidcStarted = Type.Object({ url: Type.String(), flow: Type.String() });
export type OidcStarted = Type.Static<typeof OidcStarted>;
/** POST /api/oidc/finish: `url` is the whole address to which the browser was sent. Answers as sign-in does. */
export const OidcFinish = Type.Object(
  {
    flow: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' }),
    url: Type.String({ maxLength: 8_192 }),
    device: Device,
  },
  strict,
);
export type OidcFinish = Type.Static<typeof OidcFinish>;

/** PUT /api/account/password: sets login and password. Proved by the present password or by the account's secret. Every other session ends. */
export const PasswordChange = Type.Object(
  {
    login: Type.Optional(Login),
    next: Password,
    current: Type.Optional(Type.String({ maxLength: 256 })),
    secret: Type.Optional(Secret),
  },
  strict,
);
export type PasswordChange = Type.Static<typeof PasswordChange>;

/** PATCH /api/account/profile: what is given changes; null takes it away. */
export const ProfileChange = Type.Object(
  {
    name: Type.Optional(Name),
    avatar: Type.Optional(Type.Union([Type.String({ pattern: '^[0-9a-f]{64}$' }), Type.Null()])),
    status: Type.Optional(
      Type.Union([
        Type.Object(
          {
            text: Type.String({ minLength: 1, maxLength: LIMITS.statusLength }),
            until: Type.Optional(Time),
          },
          strict,
        ),
        Type.Null(),
      ]),
    ),
    /** Whether others see when one was last here. */
    showLastSeen: Type.Optional(Type.Boolean()),
  },
  strict,
);
export type ProfileChange = Type.Static<typeof ProfileChange>;

/** GET /api/account: one's own; GET /api/users/:user: of somebody with whom one shares a conversation. */
export interface Profile {
  user: string;
  name: string;
  avatar: string | null;
  status: { text: string; until?: number } | null;
  /** To the minute, ms; null where it is unknown or not shown. */
  lastSeen: number | null;
  /** An admin closed the account: nobody reads what is written to it. */
  closed?: true;
}
export interface OwnAccount extends Profile {
  login: string | null;
  admin: boolean;
  showLastSeen: boolean;
}
/** What clients need of it. */
export const OwnAccountFacts = Type.Object({
  user: Id,
  name: Type.String(),
  login: Type.Union([Type.String(), Type.Null()]),
});

/** GET /api/devices: the signed-in user's live sessions, the last used first. DELETE /api/devices/:device ends one. */
export interface DeviceSession {
  device: string;
  name: string;
  createdAt: number;
  lastUsed: number;
  /** The one that asks. */
  current: boolean;
}

export const DeviceSessions = Type.Object({
  devices: Type.Array(
    Type.Object({
      device: Id,
      name: Type.String(),
      createdAt: Time,
      lastUsed: Time,
      current: Type.Boolean(),
    }),
  ),
});

/** POST /api/sessions/refresh: the next pair for a refresh token. */
export const Refresh = Type.Object({ refresh: Type.String({ minLength: 1, maxLength: 128 }) }, strict);
export type Refresh = Type.Static<typeof Refresh>;

/**
 * POST /api/accounts/recover: a new secret against the recovery code, which is thereby used up and replaced. With `user`, a code of anybody else
 * is refused unused.
 */
export const Recovery = Type.Object(
  {
    code: Type.String({ minLength: 1, maxLength: 64 }),
    secret: Secret,
    device: Device,
    user: Type.Optional(Id),
  },
  strict,
);
export type Recovery = Type.Static<typeof Recovery>;

/** Answer of sessions and refresh. */
export const Tokens = Type.Object({
  user: Id,
  name: Type.String(),
  /** JWT (EdDSA) with sub = user, did = device, sid = session. */
  access: Type.String(),
  /** Time (ms) at which `access` ends, by the server's clock, and the server's clock now. */
  accessExpires: Time,
  time: Time,
  refresh: Type.String(),
});
export type Tokens = Type.Static<typeof Tokens>;

/** Answer of accounts and accounts/recover. */
export const NewAccount = Type.Object({
  ...Tokens.properties,
  recoveryCode: Type.String(),
  /** Who invited; the direct conversation with them is being created, or one is being added to their group. */
  inviter: Type.Optional(Type.Object({ user: Id, name: Type.String() })),
});
export type NewAccount = Type.Static<typeof NewAccount>;
