/**
 * Entries: the rows of the log. As a client asks for them (`Append`), and as devices receive them (`Entry`, `Register`).
 *
 * Scope *conversation* has n (dense place in its conversation) and m (messages so far); scope *register* has one row a
 * key, and an append replaces it. Kinds are open on the receiving side: a device stores what it does not know.
 */
import Type from 'typebox';
import { ID_PATTERN } from './ids.ts';
import { LIMITS } from './limits.ts';

export const Id = Type.String({ pattern: ID_PATTERN });
/** A place in a conversation: 1, 2, 3 ... without gaps. */
export const Place = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });
const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
/** Milliseconds since 1970 by the relay's clock; does not fall within a conversation. */
const Time = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
/** The chain of a conversation up to and with this entry: 8 bytes as 16 hex digits (see chain.ts). */
export const ChainHash = Type.String({ pattern: '^[0-9a-f]{16}$' });
const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' });

/**
 * Opaque bytes with a content type: `text` is their UTF-8, `data` their base64url. No part of the relay reads them.
 * What people write today is `text/plain`.
 */
export const Body = Type.Union([
  Type.Object(
    { type: Type.String({ minLength: 3, maxLength: LIMITS.contentTypeLength }), text: Type.String() },
    { additionalProperties: false },
  ),
  Type.Object(
    {
      type: Type.String({ minLength: 3, maxLength: LIMITS.contentTypeLength }),
      data: Type.String({ pattern: '^[A-Za-z0-9_-]*$' }),
    },
    { additionalProperties: false },
  ),
]);
export type Body = Type.Static<typeof Body>;

/** The form of a conversation: what its creation may say and who may be in it. */
export const Form = Type.Union([Type.Literal('direct')]);
export type Form = Type.Static<typeof Form>;

export const AppendCreate = Type.Object({
  id: Id,
  kind: Type.Literal('create'),
  form: Form,
  /** All members, the sender among them. Notes to self: the sender alone. */
  members: Type.Array(Id, { minItems: 1, maxItems: LIMITS.members }),
});
export const AppendMessage = Type.Object({ id: Id, kind: Type.Literal('message'), body: Body });
/** The sender has seen everything up to n. A register: it only climbs, and the last value wins. */
export const AppendRead = Type.Object({ id: Id, kind: Type.Literal('read'), n: Place });

/** What a client may ask the log to take. The conversation stands in the frame, once for the batch. */
export const Append = Type.Union([AppendCreate, AppendMessage, AppendRead]);
export type Append = Type.Static<typeof Append>;
export type AppendKind = Append['kind'];

/** What everybody who may see an entry receives; `kind` decides which further fields it has. */
const placed = { conv: Id, n: Place, m: Count, h: ChainHash };
const said = { ...placed, id: Id, kind: Type.String(), sender: Id, time: Time };

export const CreateEntry = Type.Object({
  ...said,
  kind: Type.Literal('create'),
  form: Form,
  members: Type.Array(Id),
});
export const MessageEntry = Type.Object({
  ...said,
  kind: Type.Literal('message'),
  /** Absent where the body was erased; then `hash` is there, so that the chain can still be checked. */
  body: Type.Optional(Body),
  hash: Type.Optional(Sha256),
});
/** To the very session that appended the entry: it has the content, and matches by id. */
export const StubEntry = Type.Object({ ...placed, id: Id, time: Time, stub: Type.Literal(true) });
/** An entry that this user may not see; keeps n dense. */
export const HiddenEntry = Type.Object({ ...placed, hidden: Type.Literal(true) });

export type CreateEntry = Type.Static<typeof CreateEntry>;
export type MessageEntry = Type.Static<typeof MessageEntry>;
export type StubEntry = Type.Static<typeof StubEntry>;
export type HiddenEntry = Type.Static<typeof HiddenEntry>;
export type FullEntry = CreateEntry | MessageEntry;
export type ConversationEntry = FullEntry | StubEntry | HiddenEntry;

/** How far a user's devices have stored (`delivered`, the furthest one counts) or a person has seen (`read`) a conversation. */
export const PositionRegister = Type.Object({
  reg: Type.Union([Type.Literal('delivered'), Type.Literal('read')]),
  conv: Id,
  user: Id,
  n: Place,
  /** Messages up to n. Unread = m at head - m at one's own read position. */
  m: Count,
  time: Time,
});
/** Who a user is, to those who share a conversation with them, and to themselves. */
export const ProfileRegister = Type.Object({
  reg: Type.Literal('profile'),
  user: Id,
  name: Type.String(),
  time: Time,
});
export type PositionRegister = Type.Static<typeof PositionRegister>;
export type ProfileRegister = Type.Static<typeof ProfileRegister>;
export type Register = PositionRegister | ProfileRegister;

export type Item = ConversationEntry | Register;

/** Narrowing of what a batch carries. An item that is none of these is of a kind from a newer version. */
export const isRegister = (item: object): item is Register => 'reg' in item;
export const isStub = (item: object): item is StubEntry => 'stub' in item;
export const isHidden = (item: object): item is HiddenEntry => 'hidden' in item;
