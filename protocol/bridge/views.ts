/** What windows show, as main answers it. Times are wall clock ms. */
import type { Delivery, SaveState } from '../delivery.ts';
import type { Body, Form, Role } from '../entries.ts';
import type { SearchPage } from '../http/history.ts';
import type { EmbeddedView } from './embedded.ts';
import type { More } from './more.ts';
import type { LocalFailure } from './outcome.ts';
import type { ProxyQuestion } from './proxy.ts';
import type { StoreFault } from './store-fault.ts';
import type { PendingChange } from './waiting.ts';

/** Why an account does not connect: another copy of the profile took over, this profile is a copy and nobody has said of what, or it was signed out. */
export const STANDINGS = ['elsewhere', 'copied', 'signed-out'] as const;
export type Standing = 'active' | (typeof STANDINGS)[number];

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
  standing: Standing;
  /** The app holds the account's own secret: what a person would sign in with is not needed. */
  keyed: boolean;
  /** The conversation that was shown last. */
  open: string | null;
  /** Why nothing of it can be shown or sent now; absent where its files are open. */
  fault?: StoreFault;
}

/** Notices of what may have been lost: told each time that it happens. */
export const LOSSES = [
  'outbox-salvaged',
  'history-reset',
  'tray-mended',
  'secrets-lost',
  'settings-mended',
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
  embedded: EmbeddedView | null;
  /** Recovery codes not yet marked as written down, by account: shown once. */
  recovery: { account: string; code: string }[];
  /** The account that was shown last. */
  current: string | null;
  /** A proxy wants a name and a password; absent where none does. */
  proxy?: ProxyQuestion;
}

export interface PersonRow {
  user: string;
  /** Null until a profile was heard of. */
  name: string | null;
  /** Hash of their picture; absent where they have none. */
  avatar?: string;
  /** What they say of themselves, as the log told it last, and until when (ms); it may be over. */
  status?: { text: string; until?: number };
}

/** What a list says of a message beside its text. */
export interface PreviewFacts {
  deleted?: true;
  edited?: true;
  /** Types of its files. */
  files?: string[];
  /** It was spoken. */
  voice?: true;
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
  /** Nothing new: one marked it as unread oneself, from its last line on. */
  marked?: true;
  /** Of the newest of them, those that mention one. */
  mentions: number;
  /** Time of the last message or of the creation, ms. */
  time: number;
  preview: ({ sender: string; own: boolean; text: string; delivery: Delivery | null } & PreviewFacts) | null;
  /** How the draft begins, empty where it has files alone; null where there is none. */
  draft: string | null;
  /** Of a group, where it was given one. */
  name: string | null;
  picture: Body | null;
  /** One is in it now; where not, what is shown ends where one left. */
  member: boolean;
  role: Role;
  /** As set on any of one's devices. ms; 0: not muted. */
  mutedUntil: number;
  /** Place among the pinned ones, from 1; 0: not pinned. */
  pinned: number;
  archived: boolean;
  /** What waits to change about the conversation itself, in the order of release. */
  changes?: PendingChange[];
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
  failure: LocalFailure | null;
  /** It was on a wire: its outcome is not known until the log answers. */
  frozen: boolean;
  /** What later entries made of a message; absent where nothing was said about it. `body` is the newest text. */
  folded?: Folded;
  /** Place of the message that this one answers. */
  replyTo?: number;
  /** Messages that stand below it in its thread, answers to answers among them, as far as they are on this device, and those of others among them that are not read; absent where there are none. */
  answers?: { count: number; fresh: number };
  /** What is shown of the message that this one answers. */
  quote?: Quote;
  /** One keeps it. */
  saved?: true;
  /** Of an own message in a group: how many of the others have it, and have read it. */
  reach?: { others: number; delivered: number; read: number };
  /** What an entry that changes the conversation or its members says, beside `body` (rename, picture, settings). */
  says?: SystemSays;
  /** Of an outbox item: the person holds it, its files are being uploaded, when it is tried again. */
  waits?: { held: boolean; uploading: boolean; nextAt: number | null };
  /** What waits to change about this message, in the order of release. */
  changes?: PendingChange[];
}

/** Of a message that another one answers. */
export interface Quote {
  /** Null while it has no place: one's own that waits. */
  n: number | null;
  /** Empty where one may not know. */
  sender: string;
  /** Without marks, cut; null where this version cannot show it. */
  text: string | null;
  /** Names of its first files. */
  files?: string[];
  /** It was spoken. */
  voice?: true;
  /** `absent`: not on this device. `hidden`: not for oneself, or put away. */
  state: 'there' | 'deleted' | 'hidden' | 'absent';
}

/** As the API folds it too (http/history). */
export interface Folded {
  /** The body that was sent at first; null where it was erased. */
  first: Body | null;
  /** Newest last: the text is that of the last one. */
  edits: { n: number; time: number; body: Body }[];
  /** Those that stand, in the order in which they were given. */
  reactions: { n: number; by: string; body: Body }[];
  pinned: boolean;
  deleted: { n: number; time: number; by: string } | null;
}

export interface SystemSays {
  form?: Form;
  /** Of a create. */
  members?: string[];
  /** Of member_add. */
  users?: string[];
  /** Of member_remove and member_role. */
  user?: string;
  role?: Role;
}

/** What the messages that are on this device answer to a search, without a server. As the API's page, but for what was searched. */
export interface LocalSearchPage extends Pick<SearchPage, 'items' | 'total' | 'more' | 'next'> {
  coverage: {
    /** Nothing is missing: all that one may see is on this device and in its index. */
    complete: boolean;
    /** Everything on this device from this time on is in the index, ms; null: all of it. */
    from: number | null;
    /** Messages that are still to be indexed. */
    waiting: number;
    /** Entries that are known not to be on this device. */
    missing: number;
  };
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
  /** There are visible entries after the last row. */
  newer: boolean;
  headN: number;
  /** Own read position; where one marked something as unread, the place before it. */
  readN: number;
  /** Marked as unread from this place on; 0: not. */
  unreadN: number;
  /** The chain was checked without a break over all rows that are shown. */
  unbroken: boolean;
}

export interface Draft {
  text: string;
  /** Climbs with every save; a clear must name the version it clears. */
  version: number;
  updatedAt: number;
  /** What it has besides its text: the message that it answers, people, files. */
  more?: More;
  /** Version at which the text of another device was last taken over; absent where that never was. */
  taken?: number;
  /** What another device has instead, until the person has chosen; `time` is when it was written there. */
  other?: { text: string; time: number; more?: More };
}

/** A text of the composer that was replaced or taken back without being sent. */
export interface EarlierText {
  id: number;
  text: string;
  /** When it was replaced, ms. */
  time: number;
}

export interface InvitationView {
  server: string;
  inviter: string;
  /** Their id at the server: their colour is that of their conversation. */
  inviterId: string;
  expires: number;
  api: string;
  /** The group that it opens; null for a direct conversation. An older server does not say which conversation it is. */
  group: { conv?: string; name: string | null; members: number } | null;
  /** Of the group, or of who invites: a small image as a data URL; null without one. */
  picture: string | null;
  /** Accounts of this device on that server: any of them may come in by it. */
  accounts: string[];
  /** One of this device's own accounts made it, and it leads to a conversation with that one. */
  own: boolean;
  /** Six words of the server's key, where it is known by that: whoever invited sees the same. */
  words: string | null;
}

/** A server that a person named. */
export interface ServerView {
  /** Its address as it is used. */
  api: string;
  name: string;
  /** Another service at which its people sign in. */
  provider: string | null;
}

/** What the server knows of one's own account. */
export interface OwnAccountView {
  name: string;
  login: string | null;
}

/** One of an account's devices that are signed in. Times are the server's, ms. */
export interface DeviceView {
  device: string;
  name: string;
  createdAt: number;
  lastUsed: number;
  current: boolean;
}
