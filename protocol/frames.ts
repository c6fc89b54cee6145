/**
 * Frames: what travels on a WebSocket, one object a message, `t` first: as JSON text (subprotocol `matchbook.v1`) or as msgpack
 * (`matchbook.v1.msgpack`, the same objects, with bytes where JSON has base64url in `data`).
 * Receivers ignore fields they do not know; a relay answers a frame of unknown `t` with `error`, a client ignores it.
 */
import Type from 'typebox';
import { CursorText } from './cursor.ts';
import { Append, ChainHash, Form, Id, Place, Role } from './entries.ts';
import { LIMITS } from './limits.ts';

const Time = Type.Integer({ minimum: 0 });
const Count = Type.Integer({ minimum: 0 });
/** A client's own number for a request; the answer carries it back. */
const Ref = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });

// ---- client to relay ----

/** First frame, within `helloTimeout`. A token, or the ticket of an earlier `welcome` for the same device. */
export const Hello = Type.Object({
  t: Type.Literal('hello'),
  protocol: Type.Integer({ minimum: 1 }),
  token: Type.Optional(Type.String({ minLength: 1, maxLength: 2_048 })),
  ticket: Type.Optional(Type.String({ minLength: 1, maxLength: 512 })),
  device: Id,
  /** The cursor stored last; null or absent on a device that has stored nothing. */
  cursor: Type.Optional(Type.Union([CursorText, Type.Null()])),
  client: Type.Optional(Type.String({ maxLength: 100 })),
});

/** Items of one conversation, atomically in this order; an item that is refused does not hold up the others. */
export const AppendFrame = Type.Object({
  t: Type.Literal('append'),
  conv: Id,
  items: Type.Array(Append, { minItems: 1, maxItems: LIMITS.batchItems }),
});

/** The device has durably stored everything up to here. Gives credit back. */
export const Confirm = Type.Object({ t: Type.Literal('confirm'), upTo: CursorText });

/** The entries from..to of a conversation, for a hole. The newest part of the range comes back first. */
export const Fetch = Type.Object({ t: Type.Literal('fetch'), ref: Ref, conv: Id, from: Place, to: Place });

/** Are these own entries saved by the API yet? */
export const StatusQuery = Type.Object({
  t: Type.Literal('status'),
  ids: Type.Array(Id, { minItems: 1, maxItems: LIMITS.statusIds }),
});

/** Is the data path alive? `at` comes back in the pong. */
export const Ping = Type.Object({ t: Type.Literal('ping'), at: Time });

/** Somebody writes, or stopped. To be repeated while it goes on: it is forgotten after `typingExpiry`. Never stored, first to be dropped. */
export const TypingUp = Type.Object({ t: Type.Literal('typing'), conv: Id, on: Type.Boolean() });

/**
 * There was input on this device (`active`), or the person left it. From input only, never from a reconnect. `hidden`: whether the person is not to be seen, by
 * the last word of any of their devices.
 */
export const Activity = Type.Object({
  t: Type.Literal('activity'),
  active: Type.Boolean(),
  hidden: Type.Optional(Type.Boolean()),
});

export const UpFrame = Type.Union([
  Hello,
  AppendFrame,
  Confirm,
  Fetch,
  StatusQuery,
  Ping,
  TypingUp,
  Activity,
]);
export type UpFrame = Type.Static<typeof UpFrame>;
export type Hello = Type.Static<typeof Hello>;
export type AppendFrame = Type.Static<typeof AppendFrame>;
export type Confirm = Type.Static<typeof Confirm>;
export type Fetch = Type.Static<typeof Fetch>;
export type StatusQuery = Type.Static<typeof StatusQuery>;
export type Ping = Type.Static<typeof Ping>;
export type TypingUp = Type.Static<typeof TypingUp>;
export type Activity = Type.Static<typeof Activity>;

/** Schema of each up frame by its `t`. */
export const UP = {
  hello: Hello,
  append: AppendFrame,
  confirm: Confirm,
  fetch: Fetch,
  status: StatusQuery,
  ping: Ping,
  typing: TypingUp,
  activity: Activity,
} as const;

// ---- relay to client ----

export const Welcome = Type.Object({
  t: Type.Literal('welcome'),
  protocol: Type.Integer(),
  session: Id,
  user: Id,
  device: Id,
  time: Time,
  /** Milliseconds between heartbeats. */
  heartbeat: Type.Integer({ minimum: 1 }),
  /** For the next hello of this device instead of a token; valid until `ticketExpires` (ms). */
  ticket: Type.String(),
  ticketExpires: Time,
  /** `cursor`: goes on from the given cursor. `start`: everything from the beginning. `heads`: a snapshot comes first. */
  resume: Type.Union([Type.Literal('cursor'), Type.Literal('start'), Type.Literal('heads')]),
  limits: Type.Object({
    frameBytes: Count,
    bodyBytes: Count,
    batchItems: Count,
    creditEntries: Count,
    creditBytes: Count,
  }),
});

/** Items in log order. With them stored, the device has everything of its own up to `upTo`; only this moves its cursor. */
export const Entries = Type.Object({
  t: Type.Literal('entries'),
  /** Entries and registers, see entries.ts; unknown shapes are kept. May be empty. */
  items: Type.Array(Type.Object({})),
  upTo: CursorText,
  /** While catching up: how many of one's own items were still to come at that moment, at least 1. */
  behind: Type.Optional(Count),
});

/** One conversation in a snapshot: all that is needed to show it in a list and to know what is missing. */
export const Head = Type.Object({
  conv: Id,
  form: Form,
  members: Type.Array(
    Type.Object({ user: Id, since: Place, until: Type.Optional(Place), role: Type.Optional(Role) }),
  ),
  /** Ranges of n that this user may see, ascending. */
  ranges: Type.Array(Type.Tuple([Place, Place])),
  /** Of the last entry that this user may see. */
  n: Place,
  m: Count,
  h: ChainHash,
  time: Time,
});
export type Head = Type.Static<typeof Head>;

/** A snapshot in one or more frames; `upTo` stands in the last only, and `more` in all others. */
export const Heads = Type.Object({
  t: Type.Literal('heads'),
  conversations: Type.Array(Head),
  registers: Type.Array(Type.Object({})),
  /** Conversations and registers of the whole snapshot, for progress. */
  total: Type.Optional(Count),
  more: Type.Optional(Type.Literal(true)),
  upTo: Type.Optional(CursorText),
});

/** Answer to fetch: the entries from..to, all of them, with `to` as asked and `from` perhaps later than asked. Moves no cursor. */
export const Page = Type.Object({
  t: Type.Literal('page'),
  ref: Ref,
  conv: Id,
  from: Place,
  to: Place,
  items: Type.Array(Type.Object({})),
});

/** The log has them, durably. Entries have a place; registers of one's own the version `v` that they were given; positions only their id. */
export const Ack = Type.Object({
  t: Type.Literal('ack'),
  conv: Id,
  items: Type.Array(
    Type.Object({
      id: Id,
      n: Type.Optional(Place),
      m: Type.Optional(Count),
      h: Type.Optional(ChainHash),
      v: Type.Optional(Count),
      time: Type.Optional(Time),
    }),
  ),
});

export const FailureFields = {
  kind: Type.String(),
  message: Type.String(),
  field: Type.Optional(Type.String()),
  limit: Type.Optional(Type.Number()),
  retryAfter: Type.Optional(Type.Number()),
};

/** The log refused them; the table in failures.ts says what that means for each. */
export const Nack = Type.Object({
  t: Type.Literal('nack'),
  conv: Id,
  items: Type.Array(
    Type.Object({
      id: Id,
      ...FailureFields,
      /** With `conflict`: the register as it is. */
      present: Type.Optional(Type.Object({})),
    }),
  ),
});

/** What became of own entries at the API server; sent when it changes, and as the answer to `status`. */
export const Saved = Type.Object({
  t: Type.Literal('saved'),
  items: Type.Array(
    Type.Object({
      id: Id,
      state: Type.Union([
        Type.Literal('saved'),
        Type.Literal('save_delayed'),
        Type.Literal('save_failed'),
        /** Not yet tried or still in line. */
        Type.Literal('pending'),
        /** The log knows no entry of this sender with this id. */
        Type.Literal('unknown'),
      ]),
      reason: Type.Optional(Type.String()),
    }),
  ),
});

/**
 * Sent every `heartbeat` ms once a device is at the head: everything of the device's up to `head` was sent before this frame.
 * A device whose stored cursor equals `head` is complete. While it is behind, `head` is absent and `behind` says how far.
 */
export const Heartbeat = Type.Object({
  t: Type.Literal('heartbeat'),
  time: Time,
  head: Type.Optional(CursorText),
  behind: Type.Optional(Count),
});
export const Pong = Type.Object({
  t: Type.Literal('pong'),
  at: Time,
  time: Time,
  head: Type.Optional(CursorText),
  behind: Type.Optional(Count),
});

/** Something about a frame or a request (`ref`) was wrong; the connection stays. */
export const ErrorFrame = Type.Object({
  t: Type.Literal('error'),
  ref: Type.Optional(Ref),
  ...FailureFields,
});

/** The relay is about to close: come back after `retryAfter` + random(0, `spread`) seconds. */
export const Draining = Type.Object({
  t: Type.Literal('draining'),
  retryAfter: Type.Number({ minimum: 0 }),
  spread: Type.Optional(Type.Number({ minimum: 0 })),
});

/** A member of a conversation writes, or stopped. Good for `typingExpiry`. */
export const TypingDown = Type.Object({ t: Type.Literal('typing'), conv: Id, user: Id, on: Type.Boolean() });

export const PresenceState = Type.Union([
  Type.Literal('online'),
  Type.Literal('away'),
  Type.Literal('offline'),
]);
export type PresenceState = Type.Static<typeof PresenceState>;
/** What changed; all that is not offline after `welcome`. A user who was not named is offline. */
export const Presence = Type.Object({
  t: Type.Literal('presence'),
  users: Type.Array(Type.Object({ user: Id, state: PresenceState })),
  /** The person did something on another of their own devices just now. */
  elsewhere: Type.Optional(Type.Literal(true)),
});

export const DownFrame = Type.Union([
  Welcome,
  Entries,
  Heads,
  Page,
  Ack,
  Nack,
  Saved,
  Heartbeat,
  Pong,
  ErrorFrame,
  Draining,
  TypingDown,
  Presence,
]);
export type DownFrame = Type.Static<typeof DownFrame>;
export type Welcome = Type.Static<typeof Welcome>;
export type Entries = Type.Static<typeof Entries>;
export type Heads = Type.Static<typeof Heads>;
export type Page = Type.Static<typeof Page>;
export type Ack = Type.Static<typeof Ack>;
export type AckItem = Ack['items'][number];
export type Nack = Type.Static<typeof Nack>;
export type NackItem = Nack['items'][number];
export type Saved = Type.Static<typeof Saved>;
export type SavedItem = Saved['items'][number];
export type Heartbeat = Type.Static<typeof Heartbeat>;
export type Pong = Type.Static<typeof Pong>;
export type ErrorFrame = Type.Static<typeof ErrorFrame>;
export type Draining = Type.Static<typeof Draining>;
export type TypingDown = Type.Static<typeof TypingDown>;
export type Presence = Type.Static<typeof Presence>;

/** Schema of each down frame by its `t`. */
export const DOWN = {
  welcome: Welcome,
  entries: Entries,
  heads: Heads,
  page: Page,
  ack: Ack,
  nack: Nack,
  saved: Saved,
  heartbeat: Heartbeat,
  pong: Pong,
  error: ErrorFrame,
  draining: Draining,
  typing: TypingDown,
  presence: Presence,
} as const;
