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
export const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' });

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
export const Form = Type.Union([Type.Literal('direct'), Type.Literal('group')]);
export type Form = Type.Static<typeof Form>;

/** What a member may do in a group; in a direct conversation nobody has more than the other. */
export const Role = Type.Union([Type.Literal('owner'), Type.Literal('admin'), Type.Literal('member')]);
export type Role = Type.Static<typeof Role>;

const Users = Type.Array(Id, { minItems: 1, maxItems: LIMITS.members });
/** Place of the entry that this one is about. */
const Target = Place;

/**
 * What each kind of scope *conversation* says, apart from who, where and when. An append and the entry that becomes of it
 * have the same fields; only a body may be missing later, once it was erased.
 */
const SAYS = {
  /** All members, the sender among them; in a group the sender is its owner. Notes to self: direct, the sender alone. */
  create: { form: Form, members: Users },
  /** `silent`: to be shown without a notification. */
  message: { body: Body, silent: Type.Optional(Type.Literal(true)) },
  /** New text of one's own message. */
  edit: { target: Target, body: Body },
  /** Erases a message and its edits everywhere. */
  delete: { target: Target },
  /** `off` takes it back. The body is what was reacted with. */
  reaction: { target: Target, body: Body, off: Type.Optional(Type.Literal(true)) },
  pin: { target: Target, off: Type.Optional(Type.Literal(true)) },
  /** The name of a group is the text of a body, like everything that people write. */
  rename: { body: Body },
  /** Without a body the group has no picture any more. */
  picture: { body: Type.Optional(Body) },
  settings: { body: Body },
  member_add: { users: Users },
  member_remove: { user: Id },
  member_leave: {},
  member_role: { user: Id, role: Role },
} as const;

export type EntryKind = keyof typeof SAYS;

export const AppendCreate = Type.Object({ id: Id, kind: Type.Literal('create'), ...SAYS.create });
export const AppendMessage = Type.Object({ id: Id, kind: Type.Literal('message'), ...SAYS.message });
export const AppendEdit = Type.Object({ id: Id, kind: Type.Literal('edit'), ...SAYS.edit });
export const AppendDelete = Type.Object({ id: Id, kind: Type.Literal('delete'), ...SAYS.delete });
export const AppendReaction = Type.Object({ id: Id, kind: Type.Literal('reaction'), ...SAYS.reaction });
export const AppendPin = Type.Object({ id: Id, kind: Type.Literal('pin'), ...SAYS.pin });
export const AppendRename = Type.Object({ id: Id, kind: Type.Literal('rename'), ...SAYS.rename });
export const AppendPicture = Type.Object({ id: Id, kind: Type.Literal('picture'), ...SAYS.picture });
export const AppendSettings = Type.Object({ id: Id, kind: Type.Literal('settings'), ...SAYS.settings });
export const AppendMemberAdd = Type.Object({ id: Id, kind: Type.Literal('member_add'), ...SAYS.member_add });
export const AppendMemberRemove = Type.Object({
  id: Id,
  kind: Type.Literal('member_remove'),
  ...SAYS.member_remove,
});
export const AppendMemberLeave = Type.Object({
  id: Id,
  kind: Type.Literal('member_leave'),
  ...SAYS.member_leave,
});
export const AppendMemberRole = Type.Object({
  id: Id,
  kind: Type.Literal('member_role'),
  ...SAYS.member_role,
});

/** The sender has seen everything up to n. A register: it only climbs, and the last value wins. */
export const AppendRead = Type.Object({ id: Id, kind: Type.Literal('read'), n: Place });

/** Version of a register: 1, 2, 3 ... each time its value is replaced; 0 before it was ever set. */
const Version = Count;
const owned = { id: Id, replaces: Type.Optional(Version) };
/** Text that was begun; without a body there is none any more. */
export const AppendDraft = Type.Object({ ...owned, kind: Type.Literal('draft'), body: Type.Optional(Body) });
/** `value`: mute until this time (ms); pinned at this place of the list, from 1; archived 1; unread from this place of the conversation on, whatever was read. 0: not. */
export const AppendSetting = Type.Object({
  ...owned,
  kind: Type.Union([
    Type.Literal('mute'),
    Type.Literal('pinned'),
    Type.Literal('archived'),
    Type.Literal('unread'),
  ]),
  value: Count,
});
/** One entry, for oneself: deleted for me, kept among the saved. `value` 1 or 0. */
export const AppendMark = Type.Object({
  ...owned,
  kind: Type.Union([Type.Literal('deleted_for_me'), Type.Literal('saved')]),
  target: Target,
  value: Type.Integer({ minimum: 0, maximum: 1 }),
});
/** The other one of a direct conversation may not write to the sender. `value` 1 or 0. */
export const AppendBlock = Type.Object({
  ...owned,
  kind: Type.Literal('block'),
  of: Id,
  value: Type.Integer({ minimum: 0, maximum: 1 }),
});

/** Schema of what a client may ask the log to take, by kind. The conversation stands in the frame, once for the batch. */
export const APPENDS = {
  create: AppendCreate,
  message: AppendMessage,
  edit: AppendEdit,
  delete: AppendDelete,
  reaction: AppendReaction,
  pin: AppendPin,
  rename: AppendRename,
  picture: AppendPicture,
  settings: AppendSettings,
  member_add: AppendMemberAdd,
  member_remove: AppendMemberRemove,
  member_leave: AppendMemberLeave,
  member_role: AppendMemberRole,
  read: AppendRead,
  draft: AppendDraft,
  mute: AppendSetting,
  pinned: AppendSetting,
  archived: AppendSetting,
  unread: AppendSetting,
  deleted_for_me: AppendMark,
  saved: AppendMark,
  block: AppendBlock,
} as const;
export type AppendKind = keyof typeof APPENDS;

export const Append = Type.Union([
  AppendCreate,
  AppendMessage,
  AppendEdit,
  AppendDelete,
  AppendReaction,
  AppendPin,
  AppendRename,
  AppendPicture,
  AppendSettings,
  AppendMemberAdd,
  AppendMemberRemove,
  AppendMemberLeave,
  AppendMemberRole,
  AppendRead,
  AppendDraft,
  AppendSetting,
  AppendMark,
  AppendBlock,
]);
export type Append = Type.Static<typeof Append>;
export type AppendEntry = Extract<Append, { kind: EntryKind }>;
export type AppendRegister = Exclude<Append, { kind: EntryKind }>;
export const isEntryKind = (kind: string): kind is EntryKind => Object.hasOwn(SAYS, kind);

/** What everybody who may see an entry receives; `kind` decides which further fields it has. */
const placed = { conv: Id, n: Place, m: Count, h: ChainHash };
const said = { ...placed, id: Id, kind: Type.String(), sender: Id, time: Time };
/** Where a body was erased, `hash` is there instead, so that the chain can still be checked. */
const erasable = { body: Type.Optional(Body), hash: Type.Optional(Sha256) };

export const CreateEntry = Type.Object({ ...said, ...SAYS.create, kind: Type.Literal('create') });
export const MessageEntry = Type.Object({
  ...said,
  ...SAYS.message,
  ...erasable,
  kind: Type.Literal('message'),
});
export const EditEntry = Type.Object({ ...said, ...SAYS.edit, ...erasable, kind: Type.Literal('edit') });
export const DeleteEntry = Type.Object({ ...said, ...SAYS.delete, kind: Type.Literal('delete') });
export const ReactionEntry = Type.Object({
  ...said,
  ...SAYS.reaction,
  ...erasable,
  kind: Type.Literal('reaction'),
});
export const PinEntry = Type.Object({ ...said, ...SAYS.pin, kind: Type.Literal('pin') });
export const RenameEntry = Type.Object({ ...said, ...SAYS.rename, kind: Type.Literal('rename') });
export const PictureEntry = Type.Object({ ...said, ...SAYS.picture, kind: Type.Literal('picture') });
export const SettingsEntry = Type.Object({ ...said, ...SAYS.settings, kind: Type.Literal('settings') });
export const MemberAddEntry = Type.Object({ ...said, ...SAYS.member_add, kind: Type.Literal('member_add') });
export const MemberRemoveEntry = Type.Object({
  ...said,
  ...SAYS.member_remove,
  kind: Type.Literal('member_remove'),
});
export const MemberLeaveEntry = Type.Object({ ...said, kind: Type.Literal('member_leave') });
export const MemberRoleEntry = Type.Object({
  ...said,
  ...SAYS.member_role,
  kind: Type.Literal('member_role'),
});
/** To the very session that appended the entry: it has the content, and matches by id. */
export const StubEntry = Type.Object({ ...placed, id: Id, time: Time, stub: Type.Literal(true) });
/** An entry that this user may not see; keeps n dense. */
export const HiddenEntry = Type.Object({ ...placed, hidden: Type.Literal(true) });

/** Schema of each entry by its kind. */
export const ENTRIES = {
  create: CreateEntry,
  message: MessageEntry,
  edit: EditEntry,
  delete: DeleteEntry,
  reaction: ReactionEntry,
  pin: PinEntry,
  rename: RenameEntry,
  picture: PictureEntry,
  settings: SettingsEntry,
  member_add: MemberAddEntry,
  member_remove: MemberRemoveEntry,
  member_leave: MemberLeaveEntry,
  member_role: MemberRoleEntry,
} as const;

export const FullEntry = Type.Union([
  CreateEntry,
  MessageEntry,
  EditEntry,
  DeleteEntry,
  ReactionEntry,
  PinEntry,
  RenameEntry,
  PictureEntry,
  SettingsEntry,
  MemberAddEntry,
  MemberRemoveEntry,
  MemberLeaveEntry,
  MemberRoleEntry,
]);

export type CreateEntry = Type.Static<typeof CreateEntry>;
export type MessageEntry = Type.Static<typeof MessageEntry>;
export type StubEntry = Type.Static<typeof StubEntry>;
export type HiddenEntry = Type.Static<typeof HiddenEntry>;
export type FullEntry = Type.Static<typeof FullEntry>;
export type ConversationEntry = FullEntry | StubEntry | HiddenEntry;

/**
 * How far a user's devices have stored (`delivered`, the furthest one counts) or a person has seen (`read`) a conversation. Above 64 members
 * there is no `delivered`, and `read` goes to the user's own devices only.
 */
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
  /** Hash of a file of the API server. */
  avatar: Type.Optional(Sha256),
  status: Type.Optional(
    Type.Object({
      text: Type.String(),
      /** ms; without it, until it is changed. */
      until: Type.Optional(Time),
    }),
  ),
  time: Time,
});
/** What is the owner's alone: only `user`'s devices receive it. `v` is the version that a next one may name in `replaces`. */
const ownerOnly = { user: Id, v: Version, time: Time };
export const DraftRegister = Type.Object({
  reg: Type.Literal('draft'),
  conv: Id,
  ...ownerOnly,
  body: Type.Optional(Body),
});
export const SettingRegister = Type.Object({
  reg: AppendSetting.properties.kind,
  conv: Id,
  ...ownerOnly,
  value: Count,
});
export const MarkRegister = Type.Object({
  reg: AppendMark.properties.kind,
  conv: Id,
  ...ownerOnly,
  target: Target,
  value: Count,
});
export const BlockRegister = Type.Object({ reg: Type.Literal('block'), ...ownerOnly, of: Id, value: Count });

export const Register = Type.Union([
  PositionRegister,
  ProfileRegister,
  DraftRegister,
  SettingRegister,
  MarkRegister,
  BlockRegister,
]);
export type PositionRegister = Type.Static<typeof PositionRegister>;
export type ProfileRegister = Type.Static<typeof ProfileRegister>;
export type DraftRegister = Type.Static<typeof DraftRegister>;
export type SettingRegister = Type.Static<typeof SettingRegister>;
export type MarkRegister = Type.Static<typeof MarkRegister>;
export type BlockRegister = Type.Static<typeof BlockRegister>;
export type Register = Type.Static<typeof Register>;

export type Item = ConversationEntry | Register;

/** Narrowing of what a batch carries. An item that is none of these is of a kind from a newer version. */
export const isRegister = (item: object): item is Register => 'reg' in item;
export const isStub = (item: object): item is StubEntry => 'stub' in item;
export const isHidden = (item: object): item is HiddenEntry => 'hidden' in item;
