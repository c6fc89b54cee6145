import type { TargetRef } from '@matchbook/protocol/bridge/more';
import type { MessagePassport } from '@matchbook/protocol/bridge/passport';
import type { GroupFacts, KnownPerson, SharedPage } from '@matchbook/protocol/bridge/people';
import type { PinnedMessages, SavedMessages, Thread, TimelineLines } from '@matchbook/protocol/bridge/places';
import type {
  ConversationRow,
  LocalSearchPage,
  TimelinePage,
  TimelineRow,
} from '@matchbook/protocol/bridge/views';
import type { WaitingItem } from '@matchbook/protocol/bridge/waiting';
import type { Role } from '@matchbook/protocol/entries';
import { utf8Length } from '@matchbook/protocol/text';
import type { AccountParts } from './account-parts.ts';
import { conversationRows } from './conversation-rows.ts';
import type { GroupNow } from './entries/membership.ts';
import { cut } from './entries/preview.ts';
import type { PageQuestion } from './history/pages.ts';
import type { Only } from './lists/members.ts';
import { type FileItem, fileItems } from './outbox/file-items.ts';
import { bodyIn, filesNamed, holdsOf, type Item, isQuiet, textOf } from './outbox/item.ts';
import type { SearchRequest } from './search/search.ts';
import type { SharedQuestion } from './search/shared-things.ts';
import { changeOf, waitingRow } from './waiting-row.ts';

export interface LearntGroup {
  conv: string;
  now: GroupNow;
  members: readonly { user: string; name: string; role: Role }[];
}

export interface Unsent {
  /** In the order of release. */
  items: WaitingItem[];
  /** With the words that were begun for what is there already. */
  drafts: { conv: string; text: string }[];
  /** Files of a message, by its id: name and size in bytes. */
  files: Record<string, { name: string; size: number }[]>;
}

/** Characters of text in one list of what waits. */
const LISTED_TEXT = 1024 * 1024;

/** What windows show of an account: what the log told, and what waits to change it. */
export class Shown {
  readonly #parts: AccountParts;

  constructor(parts: AccountParts) {
    this.#parts = parts;
  }

  /** @param only conversations that are asked for; all where null */
  listConversations(account: string, only: Only): ConversationRow[] {
    return conversationRows(this.#parts, account, only);
  }

  timelinePage(page: PageQuestion): TimelinePage {
    const { about, waiting } = this.#unsent(page.conv);
    const stored = this.#wanting(this.#parts.history.pages.page(page));
    return { ...stored, rows: stored.rows.map(about), waiting };
  }

  timelineLines(conv: string, places: readonly number[]): TimelineLines {
    const { about, waiting } = this.#unsent(conv);
    const stored = this.#parts.history.pages.lines(conv, places);
    return { ...stored, rows: stored.rows.map(about), waiting };
  }

  /** What waits to be sent, and what waits to change a row. */
  #unsent(conv: string): { waiting: TimelineRow[]; about: (row: TimelineRow) => TimelineRow } {
    const changes = this.#parts.outbox.changes(conv);
    const about = (row: TimelineRow): TimelineRow => {
      if (changes.length === 0) return row;
      const own = changes.filter(
        ({ content, target }) =>
          target === row.id || (row.n !== null && 'target' in content && content.target === row.n),
      );
      return own.length === 0 ? row : { ...row, changes: own.map(changeOf) };
    };
    const waiting = this.#parts.outbox
      .messages(conv)
      // Between the two transactions of an ack it is in both files.
      .filter((item) => !(item.frozen && this.#parts.history.has(item.id, item.content)))
      .map((item) => about(waitingRow(this.#parts, item)));
    return { about, waiting };
  }

  /** The newest pin first: what waits to be pinned, then what the log has, with what waits to change it. */
  pinnedMessages(conv: string): PinnedMessages {
    const { pages } = this.#parts.history;
    const { rows: pinned, absent } = this.#wanting(pages.pinned(conv));
    const known = new Set(pinned.map(({ n }) => n));
    const wished = this.#parts.outbox
      .changes(conv)
      .flatMap(({ content, failed }) =>
        content.kind === 'pin' && !failed && content.off !== true && !known.has(content.target)
          ? [content.target]
          : [],
      );
    const waiting = new Map(pages.lines(conv, wished).rows.map((row) => [row.n, row]));
    const first = wished.reverse().flatMap((n) => waiting.get(n) ?? []);
    return { rows: [...first, ...pinned].map(this.#unsent(conv).about), absent };
  }

  thread(conv: string, n: number): Thread {
    return this.#wanting(this.#parts.history.pages.thread(conv, n));
  }

  savedMessages(): SavedMessages {
    return this.#wanting(this.#parts.history.pages.saved());
  }

  /** By being asked for, what is not here may be wanted from the server. */
  #wanting<T>(answer: T): T {
    if (this.#parts.history.holes.takeChanged()) this.#parts.changes.holes();
    return answer;
  }

  datedPlace(conv: string, time: number): { n: number | null } {
    return { n: this.#parts.history.pages.dated(conv, time) };
  }

  /** The way of one message so far; null where it is not on this device. */
  passport(conv: string, target: TargetRef): MessagePassport | null {
    const { history, outbox, passports, user } = this.#parts;
    const stored = history.pages.passport(typeof target === 'number' ? { conv, n: target } : target);
    if (stored) return { ...stored, steps: stored.own ? passports.of(stored.id) : [] };
    const item = typeof target === 'number' ? null : outbox.find(target.id);
    if (item?.conv !== conv) return null;
    const body = bodyIn(item.content);
    return {
      ...{ id: item.id, sender: user, own: true, steps: passports.of(item.id) },
      ...{ n: null, time: null, h: null, save: null, saveReason: null, receipts: null },
      bytes: body && 'text' in body ? utf8Length(body.text) : 0,
    };
  }

  search(request: SearchRequest): LocalSearchPage {
    return this.#parts.history.search(request);
  }

  knownPeople(): KnownPerson[] {
    return this.#parts.history.directory.known();
  }

  group(conv: string): GroupFacts {
    return this.#parts.history.directory.group(conv);
  }

  /** Groups of which the server is to be asked: who is in them, and what they are called, was said before one came. */
  untoldGroups(): string[] {
    return this.#parts.history.untoldGroups();
  }

  learnGroup({ conv, now, members }: LearntGroup): null {
    this.#parts.history.learnGroup(conv, now, members);
    this.#parts.changes.rows([conv], true);
    return null;
  }

  shared(question: SharedQuestion): SharedPage {
    return this.#parts.history.shared(question);
  }

  waitingItems(account: string): { items: WaitingItem[]; total: number } {
    let room = LISTED_TEXT;
    const items = this.#parts.outbox.list().map((item) => {
      const text = textOf(item.content) ?? '';
      room -= text.length;
      return this.#listed(account, item, room > 0 ? text : cut(text), text);
    });
    return { items, total: this.#parts.outbox.count().waiting };
  }

  fileItems(): FileItem[] {
    return fileItems(this.#parts.outbox.everything());
  }

  /** Everything that a person composed here and that the log does not have, whole. */
  unsent(account: string): Unsent {
    const items: WaitingItem[] = [];
    const files: Unsent['files'] = {};
    for (const item of this.#parts.outbox.everything()) {
      if (isQuiet(item.content)) continue;
      const text = textOf(item.content) ?? '';
      const named = filesNamed(item.content);
      if (named.length > 0) files[item.id] = named;
      items.push(this.#listed(account, item, text, text));
    }
    const drafts = this.#parts.drafts
      .present()
      .map((conv) => ({ conv, text: this.#parts.drafts.read(conv).text }));
    const begun = this.#parts.begun.list().map(({ conv, text }) => ({ conv, text }));
    return { items, drafts: [...drafts, ...begun], files };
  }

  #listed(account: string, item: Item, text: string, all: string): WaitingItem {
    const { id, conv, content, target, created, frozen, failed, failure, attempts, tried, next } = item;
    const about = target === null ? null : this.#parts.outbox.find(target);
    const n = 'target' in content ? content.target : null;
    return {
      ...{ account, id, conv, kind: content.kind, text, whole: text === all },
      off: ('off' in content && content.off === true) || ('value' in content && content.value === 0),
      about: about
        ? cut(textOf(about.content) ?? '')
        : n === null
          ? null
          : this.#parts.history.pages.textAt(conv, n),
      ...{ created, frozen, failed, failure, holds: holdsOf(item) },
      ...{ behind: target !== null && !failed, attempts, triedAt: tried, nextAt: next },
    };
  }
}
