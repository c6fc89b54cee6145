/** The connection log, what the diagnostics window shows, and the calls and events between it and main. */
import Type from 'typebox';
import { Id, Place } from '../entries.ts';
import type { Cause, SessionState } from '../session-state.ts';
import { Account, type Bridge, call, strict } from './calls.ts';
import type { EmbeddedView } from './embedded.ts';
import type { Figures } from './figures.ts';
import type { PreferenceFacts, Preferences } from './preferences.ts';
import type { Hole } from './views.ts';

/** Bounds of the connection log. Past `events` or `bytes` the oldest leave it. */
export const LOG_LIMITS = {
  /** Events that main keeps, and that a window keeps. */
  events: 50_000,
  /** Bytes of the kept events as text. */
  bytes: 32 * 1024 * 1024,
  /** Events of one call, either way. */
  batch: 500,
  /** Events that a session host holds while main does not take them; past that the oldest are dropped and counted. */
  pending: 5_000,
  /** Ids that are kept of one frame; `count` says how many there were. */
  ids: 8,
  /** Characters of a sentence in an event. */
  words: 300,
  /** Characters of the contents of one frame, and of all that are held, while contents are shown. */
  contents: 16 * 1024,
  heldContents: 8 * 1024 * 1024,
  /** Characters that may be copied or saved at once. */
  export: 64 * 1024 * 1024,
} as const;

/** What happened apart from frames: told by the session host up to `lost-events`, which both may tell, and by main after it. */
export const LIFE_TYPES = [
  'token',
  'token-refused',
  'dial',
  'open',
  'live',
  'answer',
  'refused',
  'explained',
  'trial',
  'probe',
  'close',
  'drop',
  'wait',
  'offline',
  'rest',
  'state',
  'lost-events',
  'person',
  'host',
  'suspend',
  'resume',
  'lock',
  'unlock',
  'network-lost',
  'network-back',
  'network-change',
  'servers',
  'undrawn',
  'app',
] as const;
export type LifeType = (typeof LIFE_TYPES)[number];

/** How a frame travelled; `life` for what is no frame. */
export const TRANSPORTS = ['socket', 'poll', 'rest', 'life'] as const;
export type Transport = (typeof TRANSPORTS)[number];

/** One line of the connection log: never a token or a ticket, and no body unless contents are shown. */
export const LogEvent = Type.Object(
  {
    /** Wall clock, ms. */
    at: Type.Number(),
    /** Null for what concerns the app as a whole. */
    account: Type.Union([Id, Type.Null()]),
    via: Type.Enum(TRANSPORTS),
    dir: Type.Union([Type.Literal('in'), Type.Literal('out'), Type.Null()]),
    /** `t` of a frame, or a LifeType. */
    type: Type.String({ maxLength: 32 }),
    /** Bytes of the frame as UTF-8; 0 for what is no frame. */
    size: Type.Integer({ minimum: 0 }),
    conv: Type.Optional(Id),
    /** The first ids of items, at most LOG_LIMITS.ids. */
    ids: Type.Optional(Type.Array(Id, { maxItems: LOG_LIMITS.ids })),
    /** How many items there were. */
    count: Type.Optional(Type.Integer({ minimum: 0 })),
    ref: Type.Optional(Type.Integer({ minimum: 0 })),
    /** Lowest and highest place in the conversation. */
    n: Type.Optional(Type.Tuple([Place, Place])),
    /** Position in the log that the frame names. */
    seq: Type.Optional(Type.Integer({ minimum: 0 })),
    /** Of one's own entries, how many are still to come. */
    behind: Type.Optional(Type.Integer({ minimum: 0 })),
    /** Round trip of a ping, or how long a request took, ms. */
    ms: Type.Optional(Type.Number({ minimum: 0 })),
    /** Of a long poll, how long the server may wait with its answer, ms. */
    wait: Type.Optional(Type.Number({ minimum: 0 })),
    /** WebSocket close code or HTTP status. */
    code: Type.Optional(Type.Integer({ minimum: 0, maximum: 65_535 })),
    /** Of a dial or a wait, from 1. */
    attempt: Type.Optional(Type.Integer({ minimum: 0 })),
    words: Type.Optional(Type.String({ maxLength: LOG_LIMITS.words })),
    /** The frame itself, redacted; only while contents are shown, and never kept. */
    contents: Type.Optional(Type.String({ maxLength: LOG_LIMITS.contents })),
  },
  strict,
);
export type LogEvent = Type.Static<typeof LogEvent>;
/** As main keeps it: `no` climbs by one from 1 at each start of the app. */
export type NumberedEvent = LogEvent & { no: number };

/** A stretch of ten seconds of one account's link. */
export interface Stretch {
  /** Its beginning, wall clock ms, a multiple of STRETCH. */
  at: number;
  /** Frames and bytes that arrived. */
  frames: number;
  bytes: number;
  /** The longest silence that ended in it, ms. */
  silence: number;
  /** Round trips in it, ms. */
  trips: number[];
}
export const STRETCH = 10_000;
/** How far back the plots reach. */
export const PLOT_SPAN = 60 * 60_000;

/** Something to draw into the plots. */
export interface Mark {
  at: number;
  kind: 'connected' | 'lost' | 'suspend' | 'resume' | 'network-lost' | 'network-back' | 'host' | 'app';
}

/** How the last connection ended. */
export interface LastEnd extends Cause {
  /** Who ended it, as far as that can be known. */
  who: 'relay' | 'this-app' | 'network';
}

export interface LinkOverview {
  account: string;
  name: string;
  serverName: string;
  api: string;
  relay: string;
  /** This app runs the servers of the account. */
  embedded: boolean;
  state: SessionState;
  /** Since when `state` is of this kind, wall clock ms; null where nothing was heard yet. */
  since: number | null;
  lastEnd: LastEnd | null;
  /** Since the app started. */
  counts: { dials: number; connections: number; ends: number };
  /** Dials since it was last live. */
  attempts: number;
  /** When the last frame arrived, and the last round trip. */
  lastData: number | null;
  lastTrip: { at: number; ms: number } | null;
  stretches: Stretch[];
  /** Places in the log: stored here, and the relay's head as it was last told. */
  stored: number | null;
  head: number | null;
  depths: Depths | null;
}

/** What waits to go out, and what is known to be missing. */
export interface Depths {
  outbox: {
    waiting: number;
    failed: number /** When the oldest that waits was composed. */;
    oldest: number | null;
  };
  /** `first`: those that are filled next, at most 100. */
  holes: { ranges: number; entries: number; first: Hole[] };
}

export interface Overview {
  /** Wall clock of main, ms. */
  now: number;
  links: LinkOverview[];
  marks: Mark[];
  /** The hidden page that holds the sessions. */
  host: { startedAt: number; lastReport: number; starts: number };
  online: boolean;
  embedded: EmbeddedView | null;
  versions: { app: string; electron: string; chrome: string; node: string; system: string; protocol: number };
  log: { first: number; last: number; bytes: number };
  contents: boolean;
}

/** The steps of a connection check, in their order. */
export const CHECK_STEPS = ['network', 'api', 'sign-in', 'relay', 'socket', 'data'] as const;
export type CheckStep = (typeof CHECK_STEPS)[number];

/** What a step found: `found` names the sentence and the advice. */
export interface CheckResult {
  step: CheckStep;
  ok: boolean;
  /** How long it took, ms. */
  ms: number;
  found:
    | 'fine'
    | 'no-network'
    | 'name'
    | 'refused'
    | 'unreachable'
    | 'certificate'
    | 'proxy'
    | 'timeout'
    | 'not-ours'
    | 'host-unknown'
    | 'server-error'
    | 'not-ready'
    | 'signed-out'
    | 'host-silent'
    | 'upgrade'
    | 'no-data'
    | 'clock'
    | 'other';
  /** For the curious: an error of the network stack, a status, an address. */
  detail: string;
}

export const DIAGNOSTICS_CALLS = {
  /** How the person wants every window to look and speak; `settings.changed` tells when they choose otherwise. */
  'diagnostics.preferences': call<Preferences & { facts: PreferenceFacts }>()(Type.Object({}, strict)),
  'diagnostics.overview': call<Overview>()(Type.Object({}, strict)),
  'diagnostics.figures': call<Figures>()(Type.Object({}, strict)),
  /** Events after number `after`, oldest first, each as JSON: at most `limit`. */
  'diagnostics.log': call<{ lines: string[]; first: number; last: number }>()(
    Type.Object(
      { after: Type.Integer({ minimum: 0 }), limit: Type.Integer({ minimum: 1, maximum: 5_000 }) },
      strict,
    ),
  ),
  /** Contents of frames are recorded for this window from now on, or forgotten. */
  'diagnostics.contents': call<null>()(Type.Object({ on: Type.Boolean() }, strict)),
  'diagnostics.reconnect': call<null>()(Account),
  /** No connection, until it is asked for again. */
  'diagnostics.rest': call<null>()(Account),
  'diagnostics.resume': call<null>()(Account),
  /** Titles of conversations, for reading and for replacing in exports. */
  'diagnostics.names': call<{ account: string; conv: string; title: string }[]>()(Type.Object({}, strict)),
  'diagnostics.check': call<CheckResult>()(
    Type.Object({ account: Id, step: Type.Enum(CHECK_STEPS) }, strict),
  ),
  'diagnostics.copy': call<null>()(
    Type.Object({ text: Type.String({ maxLength: LOG_LIMITS.export }) }, strict),
  ),
  /** Asks where to, and writes. Null where the person thought better of it. */
  'diagnostics.save': call<{ path: string } | null>()(
    Type.Object(
      {
        name: Type.String({ minLength: 1, maxLength: 100, pattern: '^[A-Za-z0-9._-]+$' }),
        text: Type.String({ maxLength: LOG_LIMITS.export }),
      },
      strict,
    ),
  ),
  /** An exported log of this or another computer; null where none was chosen. */
  'diagnostics.open': call<{ name: string; text: string } | null>()(Type.Object({}, strict)),
} as const;

export interface DiagnosticsEvents {
  /** There are events up to this number. */
  'diagnostics.news': { last: number };
  /** A state changed: the overview is worth asking for. */
  'diagnostics.changed': null;
  'settings.changed': Preferences & { facts: PreferenceFacts };
}
export const DIAGNOSTICS_EVENTS = ['diagnostics.news', 'diagnostics.changed', 'settings.changed'] as const;

export type DiagnosticsBridge = Bridge<typeof DIAGNOSTICS_CALLS, DiagnosticsEvents>;
