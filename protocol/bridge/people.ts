/** People and groups: what windows show of them, and what a person does about them at the server. Times are wall clock ms. */
import Type from 'typebox';
import type { Body, Role } from '../entries.ts';
import { Id, Place } from '../entries.ts';
import { ProfileChange } from '../http/accounts.ts';
import type { OpenInvitation } from '../http/invitations.ts';
import { LIMITS } from '../limits.ts';
import type { FileReference } from '../message-body.ts';
import { Account, Conversation, call, strict } from './calls.ts';

export interface PersonStatus {
  text: string;
  /** Without it, until it is changed. */
  until?: number;
}

/** Somebody with whom one shares a conversation, or once did: as the log told of them. */
export interface KnownPerson {
  user: string;
  name: string;
  /** Hash of a file. */
  avatar: string | null;
  status: PersonStatus | null;
  /** They may not write to one, by one's own choice. */
  blocked: boolean;
}

/** As the server tells it now. */
export interface PersonProfile extends Omit<KnownPerson, 'blocked'> {
  /** To the minute; null where it is unknown or not shown. */
  lastSeen: number | null;
  /** An admin closed the account: nobody reads what is written to it. */
  closed?: true;
}

export interface OwnProfile extends PersonProfile {
  admin: boolean;
  showLastSeen: boolean;
}

export interface GroupMember {
  user: string;
  name: string | null;
  avatar: string | null;
  role: Role;
}

export interface GroupFacts {
  conv: string;
  /** Owners first, then admins, then by name. */
  members: GroupMember[];
  /** As group-settings.ts reads it. */
  settings: Body | null;
}

/** Something of a conversation besides words: where it stands, and what it is. */
export interface SharedItem {
  /** In the list of them: what is older comes `before` it, what is newer `after` it. */
  place: number;
  n: number;
  sender: string;
  time: number;
  files: FileReference[];
  links: string[];
}
export interface SharedPage {
  /** Newest first. */
  items: SharedItem[];
  /** `before`, or `after`, of the next page; null where there is none. */
  next: number | null;
  /** Messages of the conversation that are not on this device: what was shared in them is not listed. */
  missing: number;
}

const SharedKind = Type.Union([
  Type.Literal('file'),
  Type.Literal('media'),
  Type.Literal('sound'),
  Type.Literal('other'),
  Type.Literal('link'),
]);
/** `file`: of every kind; `media`: pictures and films; `sound`: also voice messages; `other`: the rest. */
export type SharedKind = Type.Static<typeof SharedKind>;

const ListPlace = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
/** Most that one page of shared things has. */
const SHARED_PAGE = 100;

/** What was asked of the server and is on this device now: nothing was left out up to `next`, which is null where that was all. */
export interface SharedFetched {
  next: number | null;
}

/** Calls of windows about people and groups. */
export const PEOPLE_CALLS = {
  /** Everybody that the log told of, oneself not among them, by name. */
  'people.list': call<KnownPerson[]>()(Account),
  /** Asks the server. */
  'people.profile': call<PersonProfile>()(Type.Object({ account: Id, user: Id }, strict)),
  'people.own': call<OwnProfile>()(Account),
  /** Status and whether last seen is shown; null takes the status away. */
  'people.change': call<OwnProfile>()(
    Type.Object(
      { account: Id, change: Type.Pick(ProfileChange, ['status', 'showLastSeen'], strict) },
      strict,
    ),
  ),
  /** Shows a message to the admins of the server, with some of what stands around it. */
  'people.report': call<null>()(
    Type.Object(
      {
        account: Id,
        conv: Id,
        n: Place,
        reason: Type.String({ maxLength: 4 * LIMITS.reportReason }),
        context: Type.Array(Place, { maxItems: LIMITS.reportContext }),
      },
      strict,
    ),
  ),
  'group.facts': call<GroupFacts>()(Conversation),
  /** A link; `conv`: into that group, else to the server and a conversation with oneself. Told this once. */
  'group.invite': call<{ id: string; link: string; expires: number }>()(
    Type.Object(
      {
        account: Id,
        conv: Type.Optional(Id),
        /** ms from now. */
        life: Type.Integer({ minimum: 60_000, maximum: LIMITS.invitationLongest }),
        uses: Type.Integer({ minimum: 1, maximum: LIMITS.invitationUses }),
      },
      strict,
    ),
  ),
  /** One's own that are still good, the newest first. */
  'group.invitations': call<OpenInvitation[]>()(Account),
  'group.revoke': call<null>()(Type.Object({ account: Id, id: Type.String({ maxLength: 64 }) }, strict)),
  /**
   * Messages on this device that have files, or links, the newest first. `before` and `after`: places in this list, from the page before; `at`: from this place of the conversation
   * backwards.
   */
  'conversation.shared': call<SharedPage>()(
    Type.Object(
      {
        account: Id,
        conv: Id,
        what: SharedKind,
        before: Type.Optional(Type.Union([ListPlace, Type.Null()])),
        after: Type.Optional(ListPlace),
        at: Type.Optional(Place),
        limit: Type.Integer({ minimum: 1, maximum: SHARED_PAGE }),
      },
      strict,
    ),
  ),
  /** Brings messages with files from the server onto this device: those next to a place of the conversation, or the newest. */
  'conversation.fetchShared': call<SharedFetched>()(
    Type.Object(
      {
        account: Id,
        conv: Id,
        what: Type.Exclude(SharedKind, Type.Literal('link')),
        before: Type.Optional(Place),
        after: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
      },
      strict,
    ),
  ),
} as const;
