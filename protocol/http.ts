/**
 * HTTP between client, API server and relay. Bodies are JSON. Errors are `application/problem+json` (RFC 9457) with the
 * members of `Problem`. Access tokens travel as `Authorization: Bearer`; the two servers know each other by a service secret,
 * sent the same way.
 */
import Type from 'typebox';
import { Body, Form, type FullEntry, Id, Place, type Register } from './entries.ts';
import { FailureFields } from './frames.ts';
import { LIMITS } from './limits.ts';

const Count = Type.Integer({ minimum: 0 });
const Seq = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });
const Time = Type.Integer({ minimum: 0 });
const Name = Type.String({ minLength: 1, maxLength: LIMITS.nameLength });
const strict = { additionalProperties: false } as const;

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

/** GET /api/server, for everybody: where things are and who may come in. */
export const ServerInfo = Type.Object({
  name: Type.String(),
  version: Type.String(),
  /** WebSocket address of the relay, `ws://host:port/ws`. */
  relay: Type.String(),
  registration: Type.Union([Type.Literal('open'), Type.Literal('invitation'), Type.Literal('closed')]),
});
export type ServerInfo = Type.Static<typeof ServerInfo>;

/** A secret is 32 random bytes in base64url, made by the app; a recovery code is made by the server and shown once. */
export const Secret = Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' });
export const Device = Type.Object({ id: Id, name: Name }, strict);

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
export interface OidcProvider {
  provider: { name: string } | null;
}
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
export interface OidcStarted {
  url: string;
  flow: string;
}
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
}
export interface OwnAccount extends Profile {
  login: string | null;
  admin: boolean;
  showLastSeen: boolean;
}

/** GET /api/devices: the signed-in user's live sessions, the last used first. DELETE /api/devices/:device ends one. */
export interface DeviceSession {
  device: string;
  name: string;
  createdAt: number;
  lastUsed: number;
  /** The one that asks. */
  current: boolean;
}

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
export interface Redeemed {
  conv: string;
  inviter: { user: string; name: string };
}

/** Answer of POST /api/invitations/preview with `{secret}`: what an invitation is worth, before joining. The secret stays out of URLs and logs. */
export const InvitationQuery = Type.Object({ secret: Secret }, strict);
export const InvitationPreview = Type.Object({
  server: Type.String(),
  inviter: Type.Object({ user: Id, name: Type.String() }),
  /** The group that it opens: its name where it has one, and how many are in it. */
  group: Type.Optional(Type.Object({ name: Type.Union([Type.String(), Type.Null()]), members: Count })),
  expires: Time,
});
export type InvitationPreview = Type.Static<typeof InvitationPreview>;

/** GET /api/conversations/:conv/entries?from=&to= : items as in a `page` frame, newest part of the range first. */
export const HistoryPage = Type.Object({
  conv: Id,
  from: Place,
  to: Place,
  items: Type.Array(Type.Object({})),
});
export type HistoryPage = Type.Static<typeof HistoryPage>;

/** A message as it looks now to the one who asks, or another entry that has a line of its own. */
export interface FoldedMessage {
  /** With the body that was sent at first; without one where it was erased. */
  entry: FullEntry;
  /** Newest last: the text is that of the last one. */
  edits: { n: number; time: number; body: Body }[];
  /** Those that stand, in the order in which they were given. */
  reactions: { n: number; by: string; body: Body }[];
  pinned: boolean;
  deleted: { n: number; time: number; by: string } | null;
}

/**
 * GET /api/conversations/:conv/messages with one of before=n, after=n, around=n, date=ms, unread=1, and limit (50, at most 100). In order of n; `anchor` is the place that was looked for. What is about a message
 * (edits, deletes, reactions, pins) is folded into it.
 */
export interface MessagePage {
  conv: string;
  anchor: number | null;
  items: FoldedMessage[];
  more: { before: boolean; after: boolean };
}

/** GET /api/conversations/:conv, and of all GET /api/conversations?limit=&offset=, the last active first. */
export interface ConversationSummary {
  conv: string;
  form: Form;
  /** The last place that one may see. */
  headN: number;
  readN: number;
  unread: number;
  updatedAt: number;
  /** Whether one is in it now. */
  member: boolean;
  role: 'owner' | 'admin' | 'member';
  /** Of a group, where it was given one. */
  name: string | null;
  picture: Body | null;
  members: number;
  /** The first few of them. */
  users: string[];
  last: FoldedMessage | null;
  /** ms; 0: not muted. */
  mutedUntil: number;
  /** Place among the pinned ones, from 1; 0: not pinned. */
  pinned: number;
  archived: boolean;
}
export interface ConversationsPage {
  items: ConversationSummary[];
  next: number | null;
}

/** GET /api/conversations/:conv/members */
export interface MemberList {
  conv: string;
  members: { user: string; name: string; role: 'owner' | 'admin' | 'member' }[];
}

/**
 * GET /api/search?q=&order=newest|relevance&limit=&cursor=&zone= : of the signed-in user's messages. `q` as in search-query.ts; `zone` minutes east of UTC, by which days begin. `total` is
 * exact up to 1,000, then `more`; `next` is the cursor of the next page.
 */
export const SearchPage = Type.Object({
  items: Type.Array(
    Type.Object({
      conv: Id,
      /** Place of the message. */
      n: Place,
      sender: Id,
      time: Time,
      /** The part of its newest visible text that shows why, and where in it. */
      text: Type.String(),
      marks: Type.Array(Type.Tuple([Count, Count])),
      cut: Type.Object({ before: Type.Boolean(), after: Type.Boolean() }),
    }),
  ),
  total: Count,
  more: Type.Boolean(),
  next: Type.Union([Count, Type.Null()]),
  /** What was searched: everything that was saved until `upTo`, unless `complete` says that older messages are still being indexed. */
  coverage: Type.Object({ upTo: Type.Union([Time, Type.Null()]), complete: Type.Boolean() }),
});
export type SearchPage = Type.Static<typeof SearchPage>;

// ---- files ----

/** GET /api/files/uploads/:id/result. Uploads are tus 1.0.0 at /api/files/uploads, with Upload-Length, and `sha256` (hex) in Upload-Metadata; files are at /api/files/:hash, their smaller images at /api/files/:hash/thumbnail. */
export interface StoredFile {
  /** SHA-256, hex. */
  hash: string;
  size: number;
  /** As its first bytes say. */
  type: string;
  width: number | null;
  height: number | null;
  blurhash: string | null;
  thumbnail: boolean;
}

/** POST /api/previews: what a web page says about itself. Images of it are not fetched, and not named: loading them would tell the page who reads. */
export const PreviewRequest = Type.Object(
  { url: Type.String({ pattern: '^https?://', maxLength: 2_048 }) },
  strict,
);
export const LinkPreview = Type.Object({
  /** Where the page was in the end. */
  url: Type.String(),
  title: Type.Union([Type.String(), Type.Null()]),
  description: Type.Union([Type.String(), Type.Null()]),
  siteName: Type.Union([Type.String(), Type.Null()]),
});
export type LinkPreview = Type.Static<typeof LinkPreview>;

// ---- people ----

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

/** PUT /api/scheduled/:id : a message for later. `id` is the one that the message will have. */
export const ScheduleRequest = Type.Object(
  { id: Id, conv: Id, body: Body, due: Time, silent: Type.Optional(Type.Boolean()) },
  strict,
);
export type ScheduleRequest = Type.Static<typeof ScheduleRequest>;

/** GET /api/scheduled */
export interface ScheduledMessage {
  id: string;
  conv: string;
  body: Body;
  silent: boolean;
  due: number;
  /** Why it was not taken at its time. */
  refused: string | null;
}

// ---- admins: GET, PATCH, POST and DELETE below /api/admin ----

export interface AdminUser {
  user: string;
  name: string;
  login: string | null;
  admin: boolean;
  createdAt: number;
  lastSeen: number | null;
  disabledAt: number | null;
  sessions: number;
  fileBytes: number;
}
/** PATCH users/:user */
export const AdminUserChange = Type.Object(
  { admin: Type.Optional(Type.Boolean()), disabled: Type.Optional(Type.Boolean()) },
  strict,
);
export type AdminUserChange = Type.Static<typeof AdminUserChange>;

export interface AdminConversation {
  conv: string;
  form: Form;
  entries: number;
  messages: number;
  members: number;
  lastMessageAt: number | null;
}
export interface StorageReport {
  databaseBytes: number;
  users: number;
  conversations: number;
  messages: number;
  files: number;
  fileBytes: number;
  deadLetters: number;
  /** Waiting for the relay. */
  outbound: number;
}
/** GET and PATCH settings */
export const SettingsChange = Type.Object(
  { name: Type.Optional(Name), registration: Type.Optional(ServerInfo.properties.registration) },
  strict,
);
export interface ServerSettings {
  name: string;
  registration: ServerInfo['registration'];
}
/** GET dead-letters; POST dead-letters/:place/retry; DELETE dead-letters/:place */
export interface DeadLetter {
  place: number;
  epoch: string;
  seq: number;
  reason: string;
  createdAt: number;
  /** Without its body. */
  item: object;
}
/** GET reports?state=open|closed; POST reports/:id/close */
export interface Report {
  id: string;
  reporter: string;
  conv: string;
  n: number;
  reason: string;
  evidence: FoldedMessage[];
  createdAt: number;
  closedAt: number | null;
  closedBy: string | null;
  note: string | null;
}
export const ReportClosing = Type.Object({ note: Type.String({ maxLength: LIMITS.reportReason }) }, strict);
/** GET audit */
export interface AuditEntry {
  place: number;
  time: number;
  actor: string;
  action: string;
  subject: string;
  detail: object;
}

// ---- relay to API: POST /api/messages/save ----

/**
 * One row of the log: the item as devices receive it (entries.ts; of a kind that the API does not know, perhaps), and of entries the
 * content hash. A body may have been erased before it was saved.
 */
export const SaveItem = Type.Object({
  seq: Seq,
  hash: Type.Optional(Type.String({ pattern: '^[0-9a-f]{64}$' })),
  item: Type.Object({}),
});
export interface SaveItem {
  seq: number;
  hash?: string;
  item: FullEntry | Register;
}

/** Items in log order, everything after `after` up to `upTo` (registers that were replaced meanwhile are absent). */
export const SaveBatch = Type.Object({
  epoch: Type.String({ pattern: '^[0-9a-f]{16}$' }),
  after: Count,
  items: Type.Array(Type.Object({ seq: Seq }), { maxItems: LIMITS.groupEntries }),
  upTo: Seq,
});
export interface SaveBatch {
  epoch: string;
  after: number;
  items: SaveItem[];
  upTo: number;
}

export const Progress = Type.Object({ epoch: Type.String(), seq: Count });
export type Progress = Type.Static<typeof Progress>;

/** 200: one verdict an item, in order. 409: `after` is not the API's progress, which is in the answer. */
export const SaveResult = Type.Object({
  progress: Progress,
  verdicts: Type.Array(
    Type.Object({
      seq: Seq,
      verdict: Type.Union([Type.Literal('saved'), Type.Literal('rejected')]),
      reason: Type.Optional(Type.String()),
    }),
  ),
});
export type SaveResult = Type.Static<typeof SaveResult>;

/** Body of a 409 of /api/messages/save. GET /api/messages/progress (service credential) answers a bare `Progress`. */
export const SaveConflict = Type.Object({ kind: Type.Literal('not_joined'), progress: Progress });
export type SaveConflict = Type.Static<typeof SaveConflict>;

// ---- API to relay: POST /internal/append ----

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
      /** Who redeemed an invitation into a group: its maker adds them. */
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
