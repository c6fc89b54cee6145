/**
 * The bridge: every call and event between main and its renderers, in one typed map. The request schemas are checked by main
 * at run time for each call; answers are `Outcome` values, so that no exception crosses. Every call that concerns an
 * account carries its local id.
 */
import Type, { type TSchema } from 'typebox';
import type { Delivery, SaveState } from './delivery.ts';
import type { Body, Form } from './entries.ts';
import { Id, Place } from './entries.ts';
import type { Failure } from './failures.ts';
import type { AckItem, SavedItem } from './frames.ts';
import { LIMITS } from './limits.ts';
import type { Advice, SessionState } from './session-state.ts';

/** A failure of this machine, or of a server, as windows show it. Wire failures keep their kind. */
export interface LocalFailure {
  kind:
    | Failure['kind']
    | 'bad_call'
    | 'outbox_full'
    | 'disk_full'
    | 'store_failed'
    | 'no_such_account'
    | 'no_such_item'
    | 'frozen'
    | 'server_unreachable'
    | 'server_failed'
    | 'embedded_failed'
    | 'secret_unavailable'
    | 'bad_invitation'
    | 'bad_link';
  message: string;
  field?: string;
  limit?: number;
  retryAfter?: number;
}

export type Outcome<T> = { ok: true; value: T } | { ok: false; failure: LocalFailure };

// ---- what windows show ----

export interface AccountSummary {
  /** Local id of the account on this device. */
  account: string;
  user: string;
  device: string;
  name: string;
  /** Base address of the API server. */
  api: string;
  serverName: string;
  /** True where this app runs the servers of the account itself. */
  embedded: boolean;
}

/** One of the two embedded servers. Times are wall clock ms. */
export interface EmbeddedServer {
  state: 'starting' | 'running' | 'restarting' | 'failed' | 'stopped';
  since: number;
  /** Restarts since it last ran stably. */
  attempt: number;
  /** Next restart, while restarting. */
  at: number | null;
  pid: number | null;
  /** Exit code or reason of the last end, in words. */
  detail: string | null;
}

/** Notices of what may have been lost: told each time that it happens. */
export const LOSSES = [
  'outbox-salvaged',
  'history-reset',
  'secrets-lost',
  'settings-restored',
  'settings-reset',
] as const;

/** Something the person is told until they have seen it. The other ids are facts about this computer. */
export interface Notice {
  id: 'older-runtime' | 'plain-secrets' | 'no-sandbox' | (typeof LOSSES)[number];
  /** Details for the sentence: a path, a version. */
  detail: string;
}
export interface Loss extends Notice {
  id: (typeof LOSSES)[number];
}

export interface AppState {
  version: string;
  electron: string;
  accounts: AccountSummary[];
  notices: Notice[];
  /** Null where this profile runs no servers. */
  embedded: { relay: EmbeddedServer; api: EmbeddedServer } | null;
  /** Recovery codes not yet marked as written down, by account: shown once. */
  recovery: { account: string; code: string }[];
}

export interface PersonRow {
  user: string;
  /** Null until a profile was heard of. */
  name: string | null;
}

export interface ConversationRow {
  account: string;
  conv: string;
  form: Form;
  /** Notes to self. */
  self: boolean;
  members: PersonRow[];
  headN: number;
  /** Messages after one's own read position. */
  unread: number;
  /** Time of the last message or of the creation, ms. */
  time: number;
  preview: { sender: string; own: boolean; text: string; delivery: Delivery | null } | null;
  /** There is text in the draft. */
  draft: boolean;
}

/** One line of a timeline: an entry of the log, or an outbox item that has no place yet (`n` null). */
export interface TimelineRow {
  /** Sender and id joined: the same before and after the log took it. */
  key: string;
  id: string;
  n: number | null;
  sender: string;
  own: boolean;
  kind: string;
  /** Null for entries without one (create), erased and hidden ones. */
  body: Body | null;
  time: number;
  /** Own messages only. */
  delivery: Delivery | null;
  save: SaveState | null;
  /** Why it failed, or why it still waits. */
  failure: Failure | null;
  /** It was on a wire: its outcome is not known until the log answers. */
  frozen: boolean;
}

export interface Hole {
  conv: string;
  from: number;
  to: number;
}

export interface TimelinePage {
  /** Ascending by n. */
  rows: TimelineRow[];
  /** Outbox items of this conversation, in the order of release. */
  waiting: TimelineRow[];
  /** Ranges known to be missing within the page. */
  holes: { from: number; to: number }[];
  /** There are visible entries before the first row. */
  older: boolean;
  headN: number;
  /** Own read position. */
  readN: number;
  /** The chain was checked without a break over all rows that are shown. */
  unbroken: boolean;
}

export interface Draft {
  text: string;
  /** Climbs with every save; a clear must name the version it clears. */
  version: number;
  updatedAt: number;
}

export interface InvitationView {
  server: string;
  inviter: string;
  expires: number;
  api: string;
}

// ---- what the session host works with ----

export interface HostAccount {
  account: string;
  user: string;
  device: string;
  /** WebSocket address of the relay. */
  relay: string;
  api: string;
  cursor: string | null;
}

/** An outbox item as it will go on the wire. */
export interface OutboxItem {
  id: string;
  conv: string;
  /** Place in the order of release. */
  place: number;
  append:
    | { kind: 'create'; form: Form; members: string[] }
    | { kind: 'message'; body: Body }
    | { kind: 'read'; n: number };
  /** It was put on a wire before: content and place stay as they are. */
  frozen: boolean;
}

/** What storing a raw frame did. */
export interface Stored {
  /** The cursor that is now stored, to be confirmed; null where the frame moved none. */
  upTo: string | null;
  /** How many items the frame had. */
  items: number;
  /** Own items that left the outbox because their row arrived. */
  arrived: string[];
  /** There are holes to fill. */
  holes: boolean;
}

type Call<S extends TSchema, R> = { request: S; response?: R };
const call =
  <R>() =>
  <S extends TSchema>(request: S): Call<S, R> => ({ request });

const strict = { additionalProperties: false } as const;
const Account = Type.Object({ account: Id }, strict);
const Conversation = Type.Object({ account: Id, conv: Id }, strict);
const Item = Type.Object({ account: Id, id: Id }, strict);
const Name = Type.String({ minLength: 1, maxLength: LIMITS.nameLength });
/** Longer than any body, so that the clear error about the limit comes from the store. */
const Text = Type.String({ maxLength: 4 * LIMITS.bodyBytes });

/** Calls of windows to main. */
export const WINDOW_CALLS = {
  'app.state': call<AppState>()(Type.Object({}, strict)),
  'app.dismissNotice': call<null>()(Type.Object({ id: Type.String({ maxLength: 40 }) }, strict)),
  /** Starts the embedded servers and registers the first account on them. */
  'account.start': call<AccountSummary>()(Type.Object({ name: Name }, strict)),
  'account.preview': call<InvitationView>()(
    Type.Object({ invitation: Type.String({ maxLength: 2_000 }) }, strict),
  ),
  'account.join': call<AccountSummary>()(
    Type.Object({ invitation: Type.String({ maxLength: 2_000 }), name: Name }, strict),
  ),
  'account.recover': call<AccountSummary>()(
    Type.Object({ account: Id, code: Type.String({ minLength: 1, maxLength: 64 }) }, strict),
  ),
  'account.recoveryNoted': call<null>()(Account),
  'account.invitation': call<{ link: string; expires: number }>()(Account),
  'conversation.list': call<ConversationRow[]>()(Account),
  'conversation.focus': call<null>()(
    Type.Object({ account: Id, conv: Type.Union([Id, Type.Null()]) }, strict),
  ),
  /** The `limit` last rows at or before `to` (the head where absent), or all rows from `from` on, at most 1,000. */
  'timeline.page': call<TimelinePage>()(
    Type.Object(
      {
        account: Id,
        conv: Id,
        to: Type.Optional(Place),
        from: Type.Optional(Place),
        limit: Type.Integer({ minimum: 1, maximum: 1_000 }),
      },
      strict,
    ),
  ),
  /** Draft and outbox change in one transaction; the draft is cleared only if it still is `draftVersion`. */
  'outbox.submit': call<TimelineRow>()(
    Type.Object(
      { account: Id, conv: Id, id: Id, text: Text, draftVersion: Type.Integer({ minimum: 0 }) },
      strict,
    ),
  ),
  /** Takes an item that failed or was never tried out of the outbox; its text goes back to the draft. */
  'outbox.toDraft': call<Draft>()(Item),
  'outbox.discard': call<null>()(Item),
  /** A failed item is put in line again, as new. */
  'outbox.retry': call<TimelineRow>()(Type.Object({ account: Id, id: Id, newId: Id }, strict)),
  'draft.read': call<Draft>()(Conversation),
  'draft.save': call<{ version: number }>()(Type.Object({ account: Id, conv: Id, text: Text }, strict)),
  'read.mark': call<null>()(Type.Object({ account: Id, conv: Id, n: Place }, strict)),
  'session.state': call<SessionState>()(Account),
  'session.reconnect': call<null>()(Account),
  'link.open': call<null>()(Type.Object({ url: Type.String({ maxLength: 2_048 }) }, strict)),
  'clipboard.write': call<null>()(Type.Object({ text: Type.String({ maxLength: 10_000 }) }, strict)),
} as const;

/** Events from main to windows. */
export interface WindowEvents {
  'app.changed': AppState;
  /** Rows of these conversations changed; `list` where the conversation list did. */
  'rows.changed': { account: string; convs: string[]; list: boolean };
  'session.changed': { account: string; state: SessionState };
  /** A `matchbook://` link was opened: show its confirmation. */
  'invitation.opened': { invitation: string };
  /** Show this conversation: something outside of the window asked for it. */
  'conversation.opened': { account: string; conv: string };
}
export const WINDOW_EVENTS = [
  'app.changed',
  'rows.changed',
  'session.changed',
  'invitation.opened',
  'conversation.opened',
] as const;

const Opaque = Type.Unsafe<never>(Type.Unknown());
const opaque = <T>() => Opaque as unknown as Type.TUnsafe<T>;

/** Calls of the session host to main. Main trusts it with its accounts' data, and still checks the shape. */
export const HOST_CALLS = {
  'host.accounts': call<HostAccount[]>()(Type.Object({}, strict)),
  /** An access token with some life left; `refused` says that the relay did not take the last one. */
  'host.token': call<{ token: string; expires: number }>()(
    Type.Object({ account: Id, refused: Type.Boolean() }, strict),
  ),
  /** One received `entries`, `heads` or `page` frame as UTF-8, unparsed: stored in one transaction. */
  'host.store': call<Stored>()(Type.Object({ account: Id, raw: opaque<Uint8Array>() }, strict)),
  /** What waits, in the order of release; failed items are not in it. At most 1,000. */
  'host.outbox': call<OutboxItem[]>()(Account),
  /** Freezes items before they go on a wire. Answers with those that may go: an item withdrawn meanwhile is absent. */
  'host.release': call<{ ids: string[] }>()(
    Type.Object({ account: Id, ids: Type.Array(Id, { maxItems: LIMITS.batchItems }) }, strict),
  ),
  'host.acked': call<null>()(Type.Object({ account: Id, conv: Id, items: opaque<AckItem[]>() }, strict)),
  /** `final`: the item failed for good. Otherwise it waits, and the reason is shown. */
  'host.refused': call<null>()(
    Type.Object({ account: Id, items: opaque<{ id: string; failure: Failure; final: boolean }[]>() }, strict),
  ),
  'host.saved': call<null>()(Type.Object({ account: Id, items: opaque<SavedItem[]>() }, strict)),
  /** Own entries that are not known to be saved, newest first, at most LIMITS.statusIds. */
  'host.unsaved': call<{ ids: string[] }>()(Account),
  /** The focused conversation first, then by recency; newest part of a conversation first. At most 100. */
  'host.holes': call<Hole[]>()(Account),
  /** Sent on every change and at least every 2 s: the proof that the host makes progress. */
  'host.progress': call<null>()(
    Type.Object({ states: opaque<{ account: string; state: SessionState }[]>() }, strict),
  ),
} as const;

/** Events from main to the session host. */
export interface HostEvents {
  'host.advice': { account: string; advice: Advice };
  'host.outboxChanged': { account: string };
  'host.holesChanged': { account: string };
  'host.accountsChanged': null;
}
export const HOST_EVENTS = [
  'host.advice',
  'host.outboxChanged',
  'host.holesChanged',
  'host.accountsChanged',
] as const;

type Calls = Record<string, Call<TSchema, unknown>>;
export type Request<C extends Calls, K extends keyof C> = Type.Static<C[K]['request']>;
export type Response<C extends Calls, K extends keyof C> = C[K] extends Call<TSchema, infer R> ? R : never;

/** What a preload exposes: one function to call, one to listen; both refuse names that are not in the map. */
export interface Bridge<C extends Calls, E> {
  call<K extends keyof C & string>(name: K, request: Request<C, K>): Promise<Outcome<Response<C, K>>>;
  /** Answers with the function that stops listening. */
  on<K extends keyof E & string>(name: K, listener: (event: E[K]) => void): () => void;
}
export type WindowBridge = Bridge<typeof WINDOW_CALLS, WindowEvents>;
export type HostBridge = Bridge<typeof HOST_CALLS, HostEvents>;

/** Name under which a preload puts the bridge on its page's global object. */
export const BRIDGE_GLOBAL = 'matchbook';
/** Scheme and host of the pages of the app. */
export const APP_SCHEME = 'app';
export const APP_ORIGIN = 'app://matchbook';
