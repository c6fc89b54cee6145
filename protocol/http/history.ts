/** Conversations, history, search. */
import Type from 'typebox';
import { type Body, type Form, type FullEntry, Id, Place } from '../entries.ts';
import { Count, Time } from './fields.ts';

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

/**
 * Single messages of a conversation with what is about them (edits, deletes, reactions, pins), as the log has them, ascending: a device stores them like a page.
 *
 * GET /api/conversations/:conv/threads/:n?after=&limit= : the thread of the message at n, from its beginning on.
 * GET /api/conversations/:conv/files?kind=&before=&limit= (or after=) : messages with files, those next to a place; the newest where none is said.
 */
export const ChosenEntries = Type.Object({
  conv: Id,
  items: Type.Array(Type.Object({})),
  /** `after`, or `before`, of the next page; null where there is none. */
  next: Type.Union([Place, Type.Null()]),
  /** Nothing was left out up to this place: the last one that the asker may see and that is saved. */
  upTo: Count,
});
export type ChosenEntries = Type.Static<typeof ChosenEntries>;
/** `file`: of every kind; `media`: pictures and films; `sound`: also voice messages; `other`: the rest. */
export const FILE_KINDS = ['file', 'media', 'sound', 'other'] as const;
export type FilesKind = (typeof FILE_KINDS)[number];

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
  /**
   * For who is in it now: what the group is called and set to, up to the place n. Who came later than it was said does not see the entries that say it, and is in that group all the same.
   */
  now?: { n: number; name: Body | null; picture: Body | null; settings: Body | null };
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
