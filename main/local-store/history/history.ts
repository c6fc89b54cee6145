import type { SharedPage } from '@matchbook/protocol/bridge/people';
import type { LocalSearchPage, PersonRow } from '@matchbook/protocol/bridge/views';
import type { Form, Role } from '@matchbook/protocol/entries';
import type { AckItem, SavedItem } from '@matchbook/protocol/frames';
import { LIMITS } from '@matchbook/protocol/limits';
import { ChangedPlaces } from '../entries/changed-places.ts';
import { EntryRows } from '../entries/entry-rows.ts';
import { Holes } from '../entries/holes.ts';
import type { GroupNow } from '../entries/membership.ts';
import { Registers } from '../entries/registers.ts';
import type { Database } from '../files/database.ts';
import { type Conversation, Conversations } from '../lists/conversations.ts';
import type { Only } from '../lists/members.ts';
import { News } from '../lists/news.ts';
import { People } from '../lists/people.ts';
import { type Content, type Item, isEntry } from '../outbox/item.ts';
import { type SearchRequest, search } from '../search/search.ts';
import { SearchIndex } from '../search/search-index.ts';
import { type SharedQuestion, sharedThings } from '../search/shared-things.ts';
import { HistoryUpkeep, type UpkeepNeeds } from './history-upkeep.ts';
import { Intake, sameContent } from './intake.ts';
import type { Taken } from './intake-changes.ts';
import { Pages } from './pages.ts';
import { bulkFrame, registerOf } from './told-by-relay.ts';

export interface HistoryOptions {
  db: Database;
  account: string;
  user: string;
  composed: (id: string) => Content | null;
  upkeep: UpkeepNeeds;
}

/** What the log told of one account: a cache that can be filled again. One transaction a frame. */
export class History {
  readonly #db: Database;
  readonly #account: string;
  readonly #user: string;
  readonly #composed: (id: string) => Content | null;
  readonly #rows: EntryRows;
  readonly registers: Registers;
  readonly #conversations: Conversations;
  readonly holes: Holes;
  readonly index: SearchIndex;
  /** What is done for the file beside answering. */
  readonly upkeep: HistoryUpkeep;
  readonly news: News;
  readonly pages: Pages;
  readonly directory: People;

  constructor({ db, account, user, composed, upkeep }: HistoryOptions) {
    this.#db = db;
    this.#account = account;
    this.#user = user;
    this.#composed = composed;
    this.#rows = new EntryRows(db, account, (conv, message) => this.index.drop(conv, message));
    this.index = new SearchIndex(db, account, this.#rows);
    this.registers = new Registers(db, account);
    this.#conversations = new Conversations(db, account, user, this.#rows, this.registers);
    this.holes = new Holes(db, account);
    this.upkeep = new HistoryUpkeep({
      ...{ db, account, rows: this.#rows, holes: this.holes, index: this.index, needs: upkeep },
      intake: () => this.#intake(),
    });
    this.news = new News(db, account, user, this.#rows, this.#conversations, this.registers);
    this.pages = new Pages({
      ...{ db, account, user, rows: this.#rows, holes: this.holes },
      ...{ conversations: this.#conversations, registers: this.registers, now: upkeep.now },
    });
    this.directory = new People(db, account, user);
    db.run('INSERT OR IGNORE INTO state (account) VALUES (?)', account);
  }

  cursor(): string | null {
    return this.#db.get<{ cursor: string | null }>(
      'SELECT cursor FROM state WHERE account = ?',
      this.#account,
    )!.cursor;
  }

  /**
   * `entries`, `heads` or `page` frames, in order: rows, registers, holes and cursor in one transaction.
   *
   * @param chosen pages are of single messages, found by the index as soon as this answers
   */
  store(raws: readonly Uint8Array[], chosen = false): Taken & { upTo: string | null; items: number } {
    const frames = raws.map(bulkFrame);
    return this.#db.transaction(() => {
      const intake = this.#intake();
      let upTo: string | null = null;
      let items = 0;
      for (const frame of frames) {
        if (frame.t === 'entries') intake.entries(frame);
        else if (frame.t === 'page') intake.page(frame, chosen ? 'chosen' : 'page');
        else intake.heads(frame);
        // A page is beside the stream, and of a snapshot only the last frame makes it whole.
        if (frame.t !== 'page') upTo = frame.upTo ?? upTo;
        if (frame.t !== 'heads') items += frame.items.length;
      }
      const taken = intake.finish();
      if (upTo !== null) this.#db.run('UPDATE state SET cursor = ? WHERE account = ?', upTo, this.#account);
      if (taken.erased) this.upkeep.erased();
      return { ...taken, upTo, items };
    });
  }

  /** Own items that the log took. An entry without a place is not among the `arrived`. */
  acked(items: readonly { item: Item; ack: AckItem }[]): Taken {
    return this.#db.transaction(() => {
      const intake = this.#intake();
      const reads = new Set<string>();
      const gone = new Set<string>();
      for (const { item, ack } of items) {
        const { conv, id, content } = item;
        if (content.kind === 'read') {
          const m = this.#rows.messagesAt(conv, content.n);
          this.registers.position({ reg: 'read', conv, user: this.#user, n: content.n, m });
          reads.add(conv);
          gone.add(id);
        } else if (!isEntry(content)) {
          gone.add(id);
          intake.changed(conv);
          const register = registerOf(conv, this.#user, content, ack);
          if (register) intake.register(register);
        } else if (ack.n !== undefined && ack.m !== undefined && ack.h !== undefined) {
          const place = { conv, n: ack.n, m: ack.m, h: ack.h };
          intake.acked(place, id, ack.time ?? item.created, content);
        }
      }
      const taken = intake.finish();
      for (const conv of reads) {
        this.#conversations.refresh(conv);
        taken.convs.add(conv);
        taken.places.add(conv, []);
        taken.list = true;
      }
      for (const id of gone) taken.arrived.add(id);
      return taken;
    });
  }

  /** A register as the log answered with it. Conversations that show it differently now; nothing changes by what is no register of one's own. */
  register(present: object): Set<string> {
    return this.#db.transaction(() => {
      const intake = this.#intake();
      intake.register(present);
      return intake.finish().convs;
    });
  }

  /** Rows that show it differently now. */
  saved(items: readonly SavedItem[]): ChangedPlaces {
    return this.#db.transaction(() => {
      const places = new ChangedPlaces();
      for (const { id, state, reason } of items) {
        const row =
          state === 'unknown'
            ? this.#rows.setSave(this.#user, id, 'save_failed', 'The server no longer has this message.')
            : this.#rows.setSave(this.#user, id, state === 'pending' ? null : state, reason ?? null);
        if (row) places.add(row.conv, [row.n]);
      }
      return places;
    });
  }

  unsaved(): string[] {
    return this.#rows.unsaved(LIMITS.statusIds);
  }

  /** True where a row of ours says exactly this. */
  has(id: string, content: Content): boolean {
    const row = this.#rows.byId(this.#user, id);
    return row !== undefined && sameContent(row, content);
  }

  /** Where an own entry stands, whatever its kind. */
  /** `body`: JSON; null where it was erased. */
  ownEntry(id: string): { conv: string; n: number; kind: string; body: string | null } | null {
    return this.#rows.byId(this.#user, id) ?? null;
  }

  ownPlace(id: string): number | null {
    return this.ownEntry(id)?.n ?? null;
  }

  /** The log has told of this conversation. */
  told(conv: string): boolean {
    return (this.#conversations.find(conv)?.headN ?? 0) > 0;
  }

  /** A conversation that the log has not told of yet. */
  expect(
    conv: string,
    members: readonly string[],
    names: readonly PersonRow[],
    time: number,
    form: Form = 'direct',
  ): void {
    this.#db.transaction(() => {
      this.#conversations.ensure(conv, form, time);
      this.#conversations.members.add(conv, members, 1);
      // Time 0: whatever the log tells is newer.
      for (const { user, name } of names) if (name !== null) this.registers.profile({ user, name, time: 0 });
      this.#conversations.refresh(conv);
    });
  }

  /** Nobody waits any more for a group that the log has not told of; any other conversation stays. */
  unexpect(conv: string): void {
    const about = this.conversation(conv);
    if (about?.form !== 'group' || about.headN > 0 || about.knownN > 0) return;
    this.#db.transaction(() => this.#conversations.forget(conv));
  }

  search(request: SearchRequest): LocalSearchPage {
    return search(this.#db, this.#account, this.#user, this.index, request);
  }

  untoldGroups(): string[] {
    return this.#conversations.untold();
  }

  learnGroup(
    conv: string,
    now: GroupNow,
    members: readonly { user: string; name: string; role: Role }[],
  ): void {
    this.#db.transaction(() => {
      for (const { user, name } of members) if (name !== '') this.registers.profile({ user, name, time: 0 });
      this.#conversations.learn(conv, now, members);
    });
  }

  shared(question: SharedQuestion): SharedPage {
    return sharedThings(this.#db, this.#account, this.index, question);
  }

  conversation(conv: string): Conversation | undefined {
    return this.#conversations.find(conv);
  }

  conversations(only: Only): Conversation[] {
    return this.#conversations.list(only);
  }

  /** One's own part in each conversation that the log told of. */
  standings(only: Only) {
    return this.#conversations.members.standings(only);
  }

  /** Values of one of one's own registers, by conversation. */
  settings(reg: 'mute' | 'pinned'): Map<string, number> {
    return new Map(this.registers.allOwn(reg).map(({ conv, value }) => [conv, value ?? 0]));
  }

  /** When the conversations that are put away were, by the log's clock, ms. */
  archived(): Map<string, number> {
    const put = this.registers.allOwn('archived').filter(({ value }) => value === 1);
    return new Map(put.map(({ conv, time }) => [conv, time]));
  }

  people(only: Only): Map<string, PersonRow[]> {
    return this.#conversations.members.people(only);
  }

  mark(conv: string, n: number, lower = false): void {
    this.#db.transaction(() => this.#conversations.mark(conv, n, lower));
  }

  /** Own read position, whatever one marked as unread since. */
  readPlace(conv: string): number {
    return this.#conversations.readPlace(conv);
  }

  /** Unread from a place on, for oneself; 0: not. */
  unreadFrom(conv: string, n: number): void {
    this.#db.transaction(() => this.#conversations.unreadFrom(conv, n));
  }

  /** One marked it as unread, and nobody has said anything since: a reaction or an edit is nothing to be counted. */
  isMarkAlone(about: Conversation): boolean {
    return about.unreadN > 0 && this.#conversations.unreadAfter(about, about.unreadN) === 0;
  }

  #intake(): Intake {
    return new Intake({
      ...{ db: this.#db, account: this.#account, user: this.#user, composed: this.#composed },
      ...{ rows: this.#rows, holes: this.holes, index: this.index },
      ...{ conversations: this.#conversations, registers: this.registers },
    });
  }
}
