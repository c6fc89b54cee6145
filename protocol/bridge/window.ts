/** Calls and events between windows and main. */
import Type from 'typebox';
import { Id, Place } from '../entries.ts';
import { LIMITS } from '../limits.ts';
import type { SessionState } from '../session-state.ts';
import { ABOUT_CALLS } from './about.ts';
import { ADMIN_CALLS } from './admin.ts';
import { BEGUN_CALLS, type BegunWords } from './begun.ts';
import { Account, type Bridge, Conversation, call, Name, strict, Text } from './calls.ts';
import { DRAFT_CALLS } from './drafts.ts';
import { LAN_CALLS } from './embedded.ts';
import { EXPORT_CALLS, EXPORT_EVENTS, type ExportEvents } from './export.ts';
import { FIGURE_CALLS } from './figures.ts';
import { type DropBridge, FILE_CALLS, FILE_EVENTS, type FileEvents } from './files.ts';
import { FINDING_CALLS } from './finding.ts';
import type { Decision, ShowAnswer } from './notifications.ts';
import { OUTBOX_CALLS } from './outbox.ts';
import { PASSPORT_CALLS } from './passport.ts';
import { PEOPLE_CALLS } from './people.ts';
import { PLACE_CALLS } from './places.ts';
import {
  ConversationPreferences,
  FOREVER,
  PreferenceChange,
  type PreferenceFacts,
  type Preferences,
} from './preferences.ts';
import { PRESENCE_CALLS, PRESENCE_EVENTS, type PresenceEvents } from './presence.ts';
import { PROXY_CALLS } from './proxy.ts';
import { SCHEDULED_CALLS } from './scheduled.ts';
import type { MenuChoice } from './shortcuts.ts';
import { UNDRAWN_CALLS } from './undrawn.ts';
import type {
  AccountSummary,
  AppState,
  ConversationRow,
  DeviceView,
  InvitationView,
  LocalSearchPage,
  OwnAccountView,
  ServerView,
  TimelinePage,
} from './views.ts';

/** Calls of windows to main. */
export const WINDOW_CALLS = {
  'app.state': call<AppState>()(Type.Object({}, strict)),
  /** A conversation is on screen that one can read and write in, the first since the page was loaded: what could wait for that begins. */
  'app.usable': call<null>()(Type.Object({}, strict)),
  ...FIGURE_CALLS,
  /** Something of the window could not be drawn: a message, or all of a conversation. */
  ...UNDRAWN_CALLS,
  ...PROXY_CALLS,
  'app.dismissNotice': call<null>()(Type.Object({ id: Type.String({ maxLength: 40 }) }, strict)),
  /** Starts the embedded servers and registers the first account on them. `serverName`: what they are called where they are new, in the language of the person. */
  'account.start': call<AccountSummary>()(
    Type.Object(
      { name: Name, serverName: Type.Optional(Type.String({ minLength: 1, maxLength: 400 })) },
      strict,
    ),
  ),
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
  /** What a person means by an address: looked at, nothing is kept. */
  'account.lookUp': call<ServerView>()(Type.Object({ server: Type.String({ maxLength: 300 }) }, strict)),
  /** Of `account`, where it is given: its own keys are not taken any more. A new device either way where the profile is a copy. */
  'account.signIn': call<AccountSummary>()(
    Type.Object(
      {
        server: Type.String({ maxLength: 300 }),
        login: Type.String({ maxLength: 64 }),
        password: Type.String({ maxLength: 256 }),
        account: Type.Optional(Id),
      },
      strict,
    ),
  ),
  /** In the person's browser, at the service that the server names. Answers when they have come back, or gave up. */
  'account.signInElsewhere': call<AccountSummary>()(
    Type.Object({ server: Type.String({ maxLength: 300 }) }, strict),
  ),
  'account.cancelSignIn': call<null>()(Type.Object({}, strict)),
  /** Of a copied profile: this one goes on as the device, the other one stops. */
  'account.takeOver': call<AccountSummary>()(Account),
  /** Of a copied profile: this one becomes a device of its own. Only with the account's secret; else by signing in. */
  'account.becomeDevice': call<AccountSummary>()(Account),
  /** An invitation to a server where one has an account. */
  'account.redeem': call<{ conv: string }>()(
    Type.Object({ account: Id, invitation: Type.String({ maxLength: 2_000 }) }, strict),
  ),
  /** Its keys here are erased at once; the server hears of it now, or when it is back. Without `keep` nothing of the account stays on this device. */
  /** Without `keep` what waits in the outbox goes too: refused with `outbox_not_empty` unless `discard` says that this is known. */
  'account.signOut': call<null>()(
    Type.Object({ account: Id, keep: Type.Boolean(), discard: Type.Optional(Type.Literal(true)) }, strict),
  ),
  /** Writes what waits, and the drafts, where the person chooses: as JSON, and as text to read. No file where they chose none. */
  'account.exportUnsent': call<{ files: string[] }>()(Account),
  /** Opens the files of an account that could not be opened. `aside`: that one is renamed first, and what can be read of it goes into a new one. */
  'account.openStore': call<null>()(
    Type.Object(
      { account: Id, aside: Type.Optional(Type.Union([Type.Literal('outbox'), Type.Literal('history')])) },
      strict,
    ),
  ),
  'account.move': call<null>()(Type.Object({ account: Id, by: Type.Integer() }, strict)),
  'account.own': call<OwnAccountView>()(Account),
  'account.rename': call<OwnAccountView>()(Type.Object({ account: Id, name: Name }, strict)),
  /** `current`: where the app does not hold the account's secret. Every other device is signed out. */
  'account.setPassword': call<OwnAccountView>()(
    Type.Object(
      {
        account: Id,
        login: Type.Optional(Type.String({ maxLength: 64 })),
        next: Type.String({ maxLength: 256 }),
        current: Type.Optional(Type.String({ maxLength: 256 })),
      },
      strict,
    ),
  ),
  'account.devices': call<DeviceView[]>()(Account),
  'account.endDevice': call<null>()(Type.Object({ account: Id, device: Id }, strict)),
  'account.invitation': call<{ link: string; expires: number }>()(Account),
  /** All, or those of `convs` that are known here. */
  'conversation.list': call<ConversationRow[]>()(
    Type.Object({ account: Id, convs: Type.Optional(Type.Array(Id, { maxItems: 1_000 })) }, strict),
  ),
  /** A window of its own for a conversation: opened, or brought to the front. */
  'conversation.window': call<null>()(Conversation),
  'conversation.focus': call<null>()(
    Type.Object({ account: Id, conv: Type.Union([Id, Type.Null()]) }, strict),
  ),
  /** The `limit` last lines at or before `to` (the head where absent), the first ones at or after `after`, or all entries from `from` on, at most 1,000. */
  'timeline.page': call<TimelinePage>()(
    Type.Object(
      {
        account: Id,
        conv: Id,
        to: Type.Optional(Place),
        from: Type.Optional(Place),
        after: Type.Optional(Place),
        limit: Type.Integer({ minimum: 1, maximum: 1_000 }),
      },
      strict,
    ),
  ),
  /** Full-text search over what is on this device, as of search-query.ts, newest first. `zone`: minutes east of UTC, by which days begin; `cursor`: `next` of the page before. */
  'search.local': call<LocalSearchPage>()(
    Type.Object(
      {
        account: Id,
        q: Type.String({ maxLength: 1_000 }),
        zone: Type.Integer({ minimum: -1_440, maximum: 1_440 }),
        limit: Type.Integer({ minimum: 1, maximum: LIMITS.searchHits }),
        cursor: Type.Union([Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }), Type.Null()]),
      },
      strict,
    ),
  ),
  ...ABOUT_CALLS,
  ...OUTBOX_CALLS,
  ...DRAFT_CALLS,
  ...BEGUN_CALLS,
  ...LAN_CALLS,
  ...FILE_CALLS,
  ...EXPORT_CALLS,
  ...PASSPORT_CALLS,
  ...PLACE_CALLS,
  ...ADMIN_CALLS,
  ...FINDING_CALLS,
  ...PEOPLE_CALLS,
  ...PRESENCE_CALLS,
  ...SCHEDULED_CALLS,
  'read.mark': call<null>()(Type.Object({ account: Id, conv: Id, n: Place }, strict)),
  /** From n on it is unread to oneself, on all of one's devices, until it is read again; 0: not any more. Others hear nothing of it. */
  'read.unmark': call<null>()(
    Type.Object(
      { account: Id, conv: Id, n: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }) },
      strict,
    ),
  ),
  'session.state': call<SessionState>()(Account),
  /** A hard reset from every state; the end of a rest. */
  'session.reconnect': call<null>()(Account),
  /** No connection until `session.reconnect`, also through a restart. */
  'session.rest': call<null>()(Account),
  'session.attemptLimit': call<{ attemptLimit: number }>()(Type.Object({}, strict)),
  /** Takes effect with the next attempt. */
  'session.setAttemptLimit': call<null>()(Type.Object({ attemptLimit: Type.Integer() }, strict)),
  'diagnostics.show': call<null>()(Type.Object({}, strict)),
  'link.open': call<null>()(Type.Object({ url: Type.String({ maxLength: 2_048 }) }, strict)),
  'settings.get': call<Preferences & { facts: PreferenceFacts }>()(Type.Object({}, strict)),
  /** Some fields of some sections; durable when it answers, and in effect in all windows. */
  'settings.set': call<Preferences>()(PreferenceChange),
  /** The app is opened with the session of this computer, or not: kept by the system, which may refuse. */
  'settings.atLogin': call<null>()(Type.Object({ on: Type.Boolean() }, strict)),
  'settings.conversation': call<ConversationPreferences>()(Conversation),
  'settings.setConversation': call<ConversationPreferences>()(
    Type.Object({ account: Id, conv: Id, chosen: Type.Partial(ConversationPreferences, strict) }, strict),
  ),
  /** Until a time, ms; 0: not. A register of the log: it holds on all of the person's devices. */
  'conversation.mute': call<null>()(
    Type.Object({ account: Id, conv: Id, until: Type.Integer({ minimum: 0, maximum: FOREVER }) }, strict),
  ),
  /** What the window shows, for the decision whether a message needs a notification; `newest`: its end is in view. */
  'view.shown': call<null>()(
    Type.Object({ account: Id, conv: Type.Union([Id, Type.Null()]), newest: Type.Boolean() }, strict),
  ),
  /** Why there was a notification about the message at n, or none; null where nothing is known any more. */
  'notifications.why': call<Decision | null>()(Type.Object({ account: Id, conv: Id, n: Place }, strict)),
  /** Shows one, whatever the settings say, and answers what the desktop did with it. */
  'notifications.test': call<ShowAnswer>()(Type.Object({}, strict)),
  'clipboard.write': call<null>()(Type.Object({ text: Text }, strict)),
} as const;

/** Events from main to windows. */
export interface WindowEvents extends FileEvents, PresenceEvents, ExportEvents {
  'app.changed': AppState;
  /** Rows of these conversations changed; `list` where the conversation list did. `places`: of a conversation that it names, these rows alone, by n, and what is said of the conversation. */
  'rows.changed': { account: string; convs: string[]; list: boolean; places?: Record<string, number[]> };
  /** Something came into an outbox, left it, or waits for another reason. */
  'outbox.changed': { account: string };
  'session.changed': { account: string; state: SessionState };
  /** Another window, or another device, changed the draft of this conversation. */
  'draft.changed': { account: string; conv: string };
  /** Another window keeps these words, or has used or given them up (`text` null). */
  'begun.changed': Omit<BegunWords, 'text'> & { account: string; text: string | null };
  /** A `matchbook://` link was opened: show its confirmation. */
  'invitation.opened': { invitation: string };
  /** A link to a message was opened from outside. */
  'message.opened': { link: string };
  /** Show this conversation: something outside of the window asked for it. */
  'conversation.opened': { account: string; conv: string };
  'settings.changed': Preferences & { facts: PreferenceFacts };
  /** Show the settings: the menu asked for them. */
  'settings.opened': null;
  /** The menu bar: what the shortcut of this id (shortcuts.ts) does in the window. */
  'shortcut.chosen': { id: MenuChoice };
}
export const WINDOW_EVENTS = [
  ...PRESENCE_EVENTS,
  'app.changed',
  'rows.changed',
  'outbox.changed',
  'session.changed',
  'draft.changed',
  'begun.changed',
  'invitation.opened',
  'message.opened',
  'conversation.opened',
  'settings.changed',
  'settings.opened',
  ...FILE_EVENTS,
  ...EXPORT_EVENTS,
  'shortcut.chosen',
] as const;

export type WindowBridge = Bridge<typeof WINDOW_CALLS, WindowEvents> & DropBridge;
