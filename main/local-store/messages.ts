/** What main's face and the worker thread say to each other. Requests and answers are paired by `ref`. */

import type { BEGUN_CALLS } from '@matchbook/protocol/bridge/begun';
import type { Request, Response } from '@matchbook/protocol/bridge/calls';
import type { Depths } from '@matchbook/protocol/bridge/diagnostics';
import type { DRAFT_CALLS } from '@matchbook/protocol/bridge/drafts';
import type { OutboxItem, Refusal, Stored } from '@matchbook/protocol/bridge/host';
import type { OUTBOX_CALLS } from '@matchbook/protocol/bridge/outbox';
import type { LocalFailure } from '@matchbook/protocol/bridge/outcome';
import type { PASSPORT_CALLS } from '@matchbook/protocol/bridge/passport';
import type { GroupFacts, KnownPerson, SharedPage } from '@matchbook/protocol/bridge/people';
import type { PLACE_CALLS } from '@matchbook/protocol/bridge/places';

import type {
  ConversationRow,
  Draft,
  Hole,
  LocalSearchPage,
  Loss,
  TimelinePage,
  TimelineRow,
} from '@matchbook/protocol/bridge/views';

import type { AckItem, SavedItem } from '@matchbook/protocol/frames';
import type { AccountIdentity } from './account-store.ts';
import type { Range } from './entries/holes.ts';
import type { ConversationNews, NewsQuestion } from './lists/news.ts';
import type { FileItem } from './outbox/file-items.ts';
import type { RefusedMessage } from './refused-later.ts';
import type { SearchRequest } from './search/search.ts';
import type { SharedQuestion } from './search/shared-things.ts';
import type { LearntGroup, Unsent } from './shown.ts';

interface Of {
  account: string;
}
interface OfConversation extends Of {
  conv: string;
}

/** As windows ask for it. */
type OutboxCall<K extends keyof typeof OUTBOX_CALLS> = [
  Request<typeof OUTBOX_CALLS, K>,
  Response<typeof OUTBOX_CALLS, K>,
];

type DraftCall<K extends keyof typeof DRAFT_CALLS> = [
  Request<typeof DRAFT_CALLS, K>,
  Response<typeof DRAFT_CALLS, K>,
];

type BegunCall<K extends keyof typeof BEGUN_CALLS> = [
  Request<typeof BEGUN_CALLS, K>,
  Response<typeof BEGUN_CALLS, K>,
];

type PlaceCall<K extends keyof typeof PLACE_CALLS> = [
  Request<typeof PLACE_CALLS, K>,
  Response<typeof PLACE_CALLS, K>,
];

/** Every request, with what it carries and what it is answered with. */
interface StoreCalls {
  /** `aside`: that file is renamed and made anew out of what can be read of it. */
  openAccount: [AccountIdentity & { aside?: 'outbox' | 'history' }, Loss[]];
  closeAccount: [Of, null];
  ensureDirect: [Of & { peer: { user: string; name: string } | null }, { conv: string }];
  /** Those of `convs` that are known; all where null. */
  listConversations: [Of & { convs: readonly string[] | null }, ConversationRow[]];
  timelinePage: [
    OfConversation & {
      to?: number | undefined;
      from?: number | undefined;
      after?: number | undefined;
      limit: number;
    },
    TimelinePage,
  ];
  timelineLines: PlaceCall<'timeline.lines'>;
  passport: [
    Request<typeof PASSPORT_CALLS, 'message.passport'>,
    Response<typeof PASSPORT_CALLS, 'message.passport'>,
  ];
  search: [Of & SearchRequest, LocalSearchPage];
  /** `upload`: it waits for `uploaded`. */
  submit: [OutboxCall<'outbox.submit'>[0] & { upload?: true | undefined }, TimelineRow];
  pinnedMessages: PlaceCall<'message.pinned'>;
  thread: PlaceCall<'message.thread'>;
  savedMessages: PlaceCall<'message.saved'>;
  datedPlace: PlaceCall<'message.dated'>;
  knownPeople: [Of, KnownPerson[]];
  group: [OfConversation, GroupFacts];
  shared: [Of & SharedQuestion, SharedPage];
  untoldGroups: [Of, string[]];
  learnGroup: [Of & LearntGroup, null];
  append: OutboxCall<'outbox.append'>;
  uploaded: OutboxCall<'outbox.uploaded'>;
  /** It waits for its files again, unless it may be sent already. */
  uploadAgain: [Of & { id: string }, boolean];
  /** It fails visibly, with its text: its files cannot be sent. */
  uploadFailed: [Of & { id: string; failure: LocalFailure }, null];
  /** Items of the outbox that have files, in the order of release. */
  fileItems: [Of, FileItem[]];
  /** All messages for later that the server refused. */
  refusedLater: [
    Of & { refused: RefusedMessage[] },
    { here: number; taken: RefusedMessage[]; dealt: string[] },
  ];
  edit: OutboxCall<'outbox.edit'>;
  hold: OutboxCall<'outbox.hold'>;
  sendNow: OutboxCall<'outbox.sendNow'>;
  toDraft: OutboxCall<'outbox.toDraft'>;
  discard: OutboxCall<'outbox.discard'>;
  retry: OutboxCall<'outbox.retry'>;
  waitingItems: OutboxCall<'outbox.list'>;
  waitingCount: OutboxCall<'outbox.count'>;
  /** Of an account that is not open: as far as its files can be read. */
  unsent: [Of, Unsent];
  readDraft: [OfConversation, Draft];
  saveDraft: DraftCall<'draft.save'>;
  shareDraft: DraftCall<'draft.share'>;
  chooseDraft: DraftCall<'draft.choose'>;
  earlierTexts: DraftCall<'draft.earlier'>;
  restoreText: DraftCall<'draft.restore'>;
  begunWords: BegunCall<'begun.list'>;
  keepBegun: BegunCall<'begun.keep'>;
  markRead: [OfConversation & { n: number }, null];
  /** From n on; 0: not any more. */
  markUnread: [OfConversation & { n: number }, null];
  cursor: [Of, string | null];
  /** In order, in one transaction. `chosen`: pages of single messages, to be found by the index at once. */
  storeFrames: [Of & { raws: readonly Uint8Array[]; chosen?: boolean }, Stored];
  outbox: [Of, OutboxItem[]];
  release: [Of & { ids: string[] }, { ids: string[] }];
  acked: [OfConversation & { items: AckItem[] }, null];
  refused: [Of & { items: Refusal[] }, null];
  saved: [Of & { items: SavedItem[] }, null];
  unsaved: [Of, { ids: string[] }];
  news: [Of & NewsQuestion, ConversationNews[]];
  unread: [Of, { messages: number; conversations: number; until: number | null }];
  /** `skip`: so many of them are known. */
  holes: [Of & { focused: string | null; skip?: number }, Hole[]];
  stillToFill: [Of & { parts: Hole[] }, Hole[]];
  depths: [Of, Depths];
  /** Bytes that each account's history.db may have; above it, the oldest of what nobody looks at is given up. */
  limitHistory: [{ bytes: number }, null];
  /** Whether others are told what was read. */
  tellReads: [{ on: boolean }, null];
  historyUse: [Of, { bytes: number; messages: number }];
  /** Gives up what can be fetched again, beside everything else. */
  clearHistory: [Of, null];
  /** While somebody reads all of it, nothing is given up. */
  keepHistory: [Of & { on: boolean }, null];
  /** Places up to `to` that are not on this device, ascending. */
  missingPlaces: [OfConversation & { to: number }, Range[]];
  /** Closes every file. */
  close: [Record<never, never>, null];
}
export type StoreCall = keyof StoreCalls;
export type CallRequest<K extends StoreCall> = StoreCalls[K][0];
export type CallAnswer<K extends StoreCall> = StoreCalls[K][1];

/** The first message to a worker, before any request. */
export interface StartMessage {
  start: { directory: string };
}
/**
 * The last message: the thread closes its port and comes to its end by itself. A thread is never terminated from outside, because
 * that, in the middle of a call into SQLite, would abort the whole process.
 */
export interface EndMessage {
  end: true;
}
export type RequestMessage = {
  [K in StoreCall]: { ref: number; call: K; request: CallRequest<K> };
}[StoreCall];

export type AnswerMessage =
  | { ref: number; ok: true; value: unknown }
  | { ref: number; ok: false; failure: LocalFailure };

export type StoreEvent =
  | { event: 'changed'; account: string; convs: string[]; places: Record<string, number[]>; list: boolean }
  | { event: 'outboxChanged' | 'holesChanged'; account: string }
  /** By another device, or because the log refused one. */
  | { event: 'draftsChanged'; account: string; convs: string[] }
  /** A file is damaged: the thread has let go of all of them and wants to be ended and started anew. */
  | { event: 'damaged'; reason: string };
